public import NIOCore
public import Sluice

/// What comes over the network can be converted as it is.
extension ByteBuffer: ByteChunk {
    /// Calls `body` with the readable bytes, which are valid during the call only.
    public func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try withUnsafeReadableBytes(body)
    }
}
