import CZstd
import SluicePlatform

/// Compresses bytes into zstd frames (RFC 8878) with a checksum of their content.
package final class ZstdCompressor {
    /// The levels of zstd: higher ones are slower and give less output.
    package static let levels = 1...22
    package static let usualLevel = 3
    /// The size of an output into which a block always fits.
    static let outputSize = ZSTD_CStreamOutSize()

    /// Owned by this object, which one thread at a time uses.
    private let context: OpaquePointer
    /// The memory that `context` holds.
    private var memory = LibraryMemory()

    init(level: Int) throws(SluiceError) {
        guard let context = ZSTD_createCCtx() else { throw .outOfMemory }
        self.context = context
        // These calls fail only for values out of range, and both are in range.
        let level = min(max(level, Self.levels.lowerBound), Self.levels.upperBound)
        ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, Int32(level))
        ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
    }

    deinit { ZSTD_freeCCtx(context) }

    /// Compresses some of the input. Returns how many bytes of output were written, and a lower bound of those that remain.
    func compress(
        _ input: inout ZSTD_inBuffer,
        to output: UnsafeMutableRawBufferPointer,
        _ directive: ZSTD_EndDirective
    ) throws(SluiceError) -> (written: Int, left: Int) {
        // Safe: zstd reads and writes only within both buffers, during this call.
        var target = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
        let left = ZSTD_compressStream2(context, &target, &input, directive)
        // With valid parameters, a compressor can fail only for lack of memory.
        if ZSTD_isError(left) != 0 || !memory.leavesEnough(holding: ZSTD_sizeof_CCtx(context)) { throw .outOfMemory }
        return (target.pos, left)
    }

    /// Drops the open frame.
    func reset() { ZSTD_CCtx_reset(context, ZSTD_reset_session_only) }
}
