import CZstd
import SluiceCSV
import SluicePlatform

/// Decodes frames of zstd (RFC 8878), and skips skippable frames.
///
/// A frame states how far back its content refers, and the decoder keeps that much in memory: up to 2 GiB for an input of a
/// few bytes. So `maxWindow` limits it.
final class ZstdDecoder: Decoder {
    /// Owned by this object.
    private let context: OpaquePointer
    /// The memory that `context` holds. The first bytes of a frame determine how much.
    private var memory = LibraryMemory()
    /// Whether the frame's header may still be incomplete. Until it is complete, libzstd gets no room for output: with room for
    /// all content it would read this call's input as if a frame began there, even if the header began in an earlier call. If
    /// those bytes look like a frame too, the result would depend on how the input is cut:
    ///
    ///     28 b5 2f fd │ 50 2a 4d 18 03 00 00 00 a b c    a damaged frame, or a skippable one
    private var isInHeader = true

    init(maxWindow: Int = CSVConverter.usualMaxWindow) throws(SluiceError) {
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
            // A header that continues in the next input takes all of this one.
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
        // Safe: libzstd reads and writes within the given sizes, during this call only.
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
