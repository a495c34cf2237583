import SluiceCSV

/// The decompressed bytes of a source.
final class DecompressedSource: ByteSource {
    // A class, because the decoder's state and the buffers cannot be copied.
    private var source: any ByteSource
    private var members: MemberReader
    /// Owned by this object.
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 17, alignment: 16)
    /// The part of the buffer that is not decoded yet.
    private var rest = UnsafeRawBufferPointer(start: nil, count: 0)
    /// Owned by this object.
    private let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: MemberReader.pieceSize, alignment: 16)
    /// The number of bytes of the piece that were returned already.
    private var given = 0

    init(
        _ source: any ByteSource,
        _ compression: Compression,
        maxWindow: Int = CSVConverter.usualMaxWindow
    ) throws(SluiceError) {
        self.source = source
        members = try MemberReader(compression, maxWindow: maxWindow)
    }

    deinit {
        buffer.deallocate()
        piece.deallocate()
    }

    var isDamaged: Bool { members.isDamaged && given == members.count }
    var file: OpenedFile? { source.file }

    func read(into memory: UnsafeMutableRawBufferPointer) throws(SluiceError) -> Int {
        if given == members.count { try nextPiece() }
        let part = piece[given..<members.count].prefix(memory.count)
        memory.copyBytes(from: part)
        given += part.count
        return part.count
    }

    private func nextPiece() throws(SluiceError) {
        members.begin()
        given = 0
        while try members.fill(piece, from: &rest) == .hungry {
            rest = UnsafeRawBufferPointer(rebasing: buffer[..<(try source.read(into: buffer))])
            if rest.isEmpty { members.end(isDamaged: source.isDamaged) }
        }
    }
}
