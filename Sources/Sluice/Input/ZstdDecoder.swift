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
    /// The frame's header may not be read as a whole. Until it is, libzstd gets no room to write to: with room for all that the
    /// header says, it looks for a frame where the input that it was given last begins, though the header may have begun
    /// before. Where that looks like a frame too, it would depend on the pieces which of the two is read.
    ///
    ///     28 b5 2f fd │ 50 2a 4d 18 03 00 00 00 a b c    a frame that is damaged, or one to be skipped
    private var isInHeader = true

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
        if isInHeader {
            var nothing = UnsafeMutableRawBufferPointer(start: nil, count: 0)
            let result = step(&input, into: &nothing)
            guard case .more = result else { return result }
            // A header that goes on takes all that there is.
            isInHeader = input.isEmpty
        }
        let free = output.count
        let result = step(&input, into: &output)
        if output.count < free { isInHeader = false }
        if case .end = result { isInHeader = true }
        return result
    }

    private func step(
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
