import CZstd
import SluiceCSV

/// Frames of zstd (RFC 8878); frames to be skipped are.
///
/// A frame says how far back its text refers, and the decoder keeps as much in memory: up to 2 GiB for an input of a few
/// bytes. So there is a limit.
final class ZstdDecoder: Decoder {
    /// Owned by this object.
    private let context: OpaquePointer
    /// The context's, which the first bytes of a frame decide.
    private var memory = LibraryMemory()

    init(maxWindow: Int = Sluice.usualMaxWindow) throws(SluiceError) {
        guard let context = ZSTD_createDCtx() else { throw .outOfMemory }
        self.context = context
        let bounds = ZSTD_dParam_getBounds(ZSTD_d_windowLogMax)
        let log = Int32(Int.bitWidth - 1 - max(1, maxWindow).leadingZeroBitCount)
        ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, min(max(log, bounds.lowerBound), bounds.upperBound))
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
            switch ZSTD_getErrorCode(status) {
            case ZSTD_error_memory_allocation: return .noMemory
            case ZSTD_error_frameParameter_windowTooLarge: return .windowTooLarge
            default: return .damaged
            }
        }
        guard memory.leavesEnough(holding: ZSTD_sizeof_DCtx(context)) else { return .noMemory }
        return status == 0 ? .end : .more
    }
}
