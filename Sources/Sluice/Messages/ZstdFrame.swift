import CZstd
import SluiceCSV

/// One zstd frame (RFC 8878) in the making, with content size and checksum.
///
/// The content size stands at the start of a frame but is known only at its end. Blocks do not depend on it, so the
/// compressor writes a frame without it, and the six bytes of its header are then replaced by ten:
///
///     compressor    28 b5 2f fd | 04 | window                     checksum
///     frame         28 b5 2f fd | 84 | window | size, 4 bytes     checksum, content size of 4 bytes
final class ZstdFrame {
    private let context: OpaquePointer
    private var output = [UInt8](repeating: 0, count: ZSTD_CStreamOutSize())
    /// The context's.
    private var memory = LibraryMemory()
    private var contentSize = 0
    /// What the compressor has written.
    private(set) var bytes: [UInt8] = []

    static let headerGrowth = 4
    private static let checksumFlag: UInt8 = 0x04
    private static let sizeOfFourBytesFlag: UInt8 = 0x80

    /// Nil: there is no memory for it.
    init?(level: Int) {
        guard let context = ZSTD_createCCtx() else { return nil }
        self.context = context
        ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, Int32(level))
        ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
    }

    deinit { ZSTD_freeCCtx(context) }

    /// Adds content. How it is cut into calls makes no difference.
    func add(_ content: UnsafeRawBufferPointer) throws(SluiceError) {
        contentSize += content.count
        try compress(content, ZSTD_e_continue)
    }

    /// Brings everything that was added into ``bytes``.
    func flush() throws(SluiceError) { try compress(UnsafeRawBufferPointer(start: nil, count: 0), ZSTD_e_flush) }

    /// Ends the frame and returns it. The next content starts another.
    func finish() throws(SluiceError) -> [UInt8] {
        try compress(UnsafeRawBufferPointer(start: nil, count: 0), ZSTD_e_end)
        guard bytes.count > 6, bytes[4] == Self.checksumFlag, let size = UInt32(exactly: contentSize) else {
            throw .unusable("zstd wrote a frame that cannot be given its content size")
        }
        bytes[4] |= Self.sizeOfFourBytesFlag
        bytes.insert(contentsOf: (0..<4).map { UInt8(truncatingIfNeeded: size >> (8 * $0)) }, at: 6)
        defer { clear() }
        return bytes
    }

    /// Drops what was added.
    func clear() {
        ZSTD_CCtx_reset(context, ZSTD_reset_session_only)
        bytes.removeAll(keepingCapacity: true)
        contentSize = 0
    }

    private func compress(_ content: UnsafeRawBufferPointer, _ directive: ZSTD_EndDirective) throws(SluiceError) {
        var input = ZSTD_inBuffer(src: content.baseAddress, size: content.count, pos: 0)
        var rest = 0
        repeat {
            // Safe: the compressor reads and writes only what both buffers name, and both outlive the call.
            let written = output.withUnsafeMutableBytes { bytes in
                var output = ZSTD_outBuffer(dst: bytes.baseAddress, size: bytes.count, pos: 0)
                rest = ZSTD_compressStream2(context, &output, &input, directive)
                return output.pos
            }
            // Once its parameters are set, memory is all a compressor can fail of.
            guard ZSTD_isError(rest) == 0, memory.leavesEnough(holding: ZSTD_sizeof_CCtx(context)) else {
                throw .outOfMemory
            }
            bytes += output[..<written]
        } while input.pos < input.size || (directive != ZSTD_e_continue && rest > 0)
    }
}
