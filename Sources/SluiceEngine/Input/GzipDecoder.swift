import CZlib

/// Decodes members of gzip (RFC 1952) with zlib.
final class GzipDecoder: Decoder {
    /// Owned by this object. It must not move, because zlib's own state points back to it.
    private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)

    init() throws(SluiceError) {
        stream.initialize(to: z_stream())
        // The largest window, so that every smaller one fits; 16 selects gzip only.
        let status = inflateInit2_(stream, MAX_WBITS + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        if status != Z_OK { throw .outOfMemory }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    func decode(
        _ input: inout UnsafeRawBufferPointer,
        into output: inout UnsafeMutableRawBufferPointer
    ) -> DecoderStep {
        // zlib counts in 32 bits.
        let inputCount = min(input.count, Int(UInt32.max))
        let outputCount = min(output.count, Int(UInt32.max))
        // Safe: zlib reads and writes at most the given numbers of bytes, during this call only, and never writes to the
        // input.
        stream.pointee.next_in = UnsafeMutablePointer(
            mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self)
        )
        stream.pointee.avail_in = UInt32(inputCount)
        stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = UInt32(outputCount)
        let status = inflate(stream, Z_NO_FLUSH)
        input = UnsafeRawBufferPointer(rebasing: input[(inputCount - Int(stream.pointee.avail_in))...])
        output = UnsafeMutableRawBufferPointer(rebasing: output[(outputCount - Int(stream.pointee.avail_out))...])
        switch status {
        case Z_STREAM_END:
            inflateReset(stream)
            return .end
        // Z_BUF_ERROR: no output was held back, and the input was empty.
        case Z_OK, Z_BUF_ERROR: return .more
        case Z_MEM_ERROR: return .noMemory
        default: return .damaged
        }
    }
}
