import CZstd
import SluiceCSV
import SluicePlatform

/// Builds one zstd frame (RFC 8878) with content size and checksum.
///
/// The content size is part of the header, but known only at the end. Blocks do not depend on it. So the compressor writes
/// a frame without it, and the first six bytes are then replaced by ten:
///
///     compressor    28 b5 2f fd | 04 | window                     checksum
///     frame         28 b5 2f fd | 84 | window | size, 4 bytes     checksum, content size of 4 bytes
final class ZstdFrame {
    private let context: OpaquePointer
    private var output = [UInt8](repeating: 0, count: ZSTD_CStreamOutSize())
    /// The memory that `context` holds.
    private var memory = LibraryMemory()
    private var contentSize = 0
    /// The bytes that the compressor has output.
    private(set) var bytes: [UInt8] = []

    static let headerGrowth = 4
    private static let checksumFlag: UInt8 = 0x04
    private static let sizeOfFourBytesFlag: UInt8 = 0x80

    /// Returns nil if there is not enough memory.
    init?(level: Int) {
        guard let context = ZSTD_createCCtx() else { return nil }
        self.context = context
        ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, Int32(level))
        ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
    }

    deinit { ZSTD_freeCCtx(context) }

    /// Adds content. The frame does not depend on how it is divided into calls.
    func add(_ content: UnsafeRawBufferPointer) throws(SluiceError) {
        contentSize += content.count
        try compress(content, ZSTD_e_continue)
    }

    /// Outputs everything that was added to ``bytes``.
    func flush() throws(SluiceError) { try compress(UnsafeRawBufferPointer(start: nil, count: 0), ZSTD_e_flush) }

    /// Ends the frame and returns it. The next content starts another frame.
    func finish() throws(SluiceError) -> [UInt8] {
        try compress(UnsafeRawBufferPointer(start: nil, count: 0), ZSTD_e_end)
        guard bytes.count > 6, bytes[4] == Self.checksumFlag, let size = UInt32(exactly: contentSize) else {
            throw .unusable("zstd wrote a frame whose header can't take the content size")
        }
        bytes[4] |= Self.sizeOfFourBytesFlag
        bytes.insert(contentsOf: (0..<4).map { UInt8(truncatingIfNeeded: size >> (8 * $0)) }, at: 6)
        defer { clear() }
        return bytes
    }

    /// Drops everything that was added.
    func clear() {
        ZSTD_CCtx_reset(context, ZSTD_reset_session_only)
        bytes.removeAll(keepingCapacity: true)
        contentSize = 0
    }

    private func compress(_ content: UnsafeRawBufferPointer, _ directive: ZSTD_EndDirective) throws(SluiceError) {
        var input = ZSTD_inBuffer(src: content.baseAddress, size: content.count, pos: 0)
        var rest = 0
        repeat {
            // Safe: the compressor reads and writes only within both buffers, which outlive the call.
            let written = output.withUnsafeMutableBytes { bytes in
                var output = ZSTD_outBuffer(dst: bytes.baseAddress, size: bytes.count, pos: 0)
                rest = ZSTD_compressStream2(context, &output, &input, directive)
                return output.pos
            }
            // With valid parameters, a compressor can fail only for lack of memory.
            guard ZSTD_isError(rest) == 0, memory.leavesEnough(holding: ZSTD_sizeof_CCtx(context)) else {
                throw .outOfMemory
            }
            bytes += output[..<written]
        } while input.pos < input.size || (directive != ZSTD_e_continue && rest > 0)
    }
}
