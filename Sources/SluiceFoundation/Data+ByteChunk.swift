public import SluiceEngine

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// `Data` can be read and converted without copying.
extension Data: ByteChunk {}
