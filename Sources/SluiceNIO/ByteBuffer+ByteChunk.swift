public import NIOCore
public import SluiceEngine

/// Buffers received over the network can be converted without copying.
extension ByteBuffer: ByteChunk {
    /// Calls `body` with the readable bytes, which are valid only during the call.
    public func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try withUnsafeReadableBytes(body)
    }
}
