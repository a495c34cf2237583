import CZstd

/// Builds one zstd frame (RFC 8878) with content size and checksum.
///
/// The content size is part of the header, but known only at the end. Blocks do not depend on it. So the compressor writes
/// a frame without it, and the first six bytes are then replaced by ten:
///
///     compressor    28 b5 2f fd | 04 | window                     checksum
///     frame         28 b5 2f fd | 84 | window | size, 4 bytes     checksum, content size of 4 bytes
final class ZstdFrame {
    private let compressor: ZstdCompressor
    private var output = [UInt8](repeating: 0, count: ZstdCompressor.outputSize)
    private var contentSize = 0
    /// The bytes that the compressor has output.
    private(set) var bytes: [UInt8] = []

    static let headerGrowth = 4
    private static let checksumFlag: UInt8 = 0x04
    private static let sizeOfFourBytesFlag: UInt8 = 0x80

    init(level: Int) throws(SluiceError) { compressor = try ZstdCompressor(level: level) }

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
        compressor.reset()
        bytes.removeAll(keepingCapacity: true)
        contentSize = 0
    }

    private func compress(_ content: UnsafeRawBufferPointer, _ directive: ZSTD_EndDirective) throws(SluiceError) {
        var input = ZSTD_inBuffer(src: content.baseAddress, size: content.count, pos: 0)
        var rest = 0
        repeat {
            var written = 0
            (written, rest) = try output.withUnsafeMutableBufferPointer { (output) throws(SluiceError) in
                try compressor.compress(&input, to: UnsafeMutableRawBufferPointer(output), directive)
            }
            bytes += output[..<written]
        } while input.pos < input.size || (directive != ZSTD_e_continue && rest > 0)
    }
}
