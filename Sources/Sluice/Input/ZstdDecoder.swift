import CZstd

/// Frames of zstd (RFC 8878), with windows of any size that libzstd can do; frames to be skipped are.
final class ZstdDecoder: Decoder {
    /// Owned by this object.
    private let context: OpaquePointer

    init() throws(SluiceError) {
        guard let context = ZSTD_createDCtx() else { throw .unusable("there is not enough memory to decompress it") }
        self.context = context
        let largestWindow = ZSTD_dParam_getBounds(ZSTD_d_windowLogMax).upperBound
        ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, largestWindow)
    }

    deinit { ZSTD_freeDCtx(context) }

    func decode(
        _ input: inout UnsafeRawBufferPointer,
        into output: inout UnsafeMutableRawBufferPointer
    ) -> DecoderStep {
        // libzstd reads and writes within the sizes given here, during this call only.
        var source = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
        var target = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
        let status = ZSTD_decompressStream(context, &target, &source)
        input = UnsafeRawBufferPointer(rebasing: input[source.pos...])
        output = UnsafeMutableRawBufferPointer(rebasing: output[target.pos...])
        if ZSTD_isError(status) != 0 {
            return ZSTD_getErrorCode(status) == ZSTD_error_memory_allocation ? .noMemory : .damaged
        }
        return status == 0 ? .end : .more
    }
}
