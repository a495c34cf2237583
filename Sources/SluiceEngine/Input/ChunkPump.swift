import SluiceCSV

/// Passes the bytes of chunks on, in pieces that stay in the cache. What is made of a large chunk, which may be many times as
/// large, is then never in memory together.
struct ChunkPump<Chunks: AsyncSequence> where Chunks.Element: ByteChunk {
    enum Step {
        /// A piece was passed on.
        case piece
        /// The chunks ended. `isDamaged` states that more bytes exist but cannot be read.
        case end(isDamaged: Bool)
    }

    private var chunks: Chunks.AsyncIterator
    /// The chunk that is being passed on, and how many of its bytes were.
    private var current: Chunks.Element?
    private var taken = 0
    private let size: UInt64?
    private var count: UInt64 = 0

    private static var piece: Int { 256 << 10 }

    /// `size` is that of all chunks together in bytes, or nil if it is unknown.
    init(_ chunks: Chunks, size: UInt64? = nil) {
        self.chunks = chunks.makeAsyncIterator()
        self.size = size
    }

    /// Passes the next piece on. `use` may keep none of it.
    ///
    /// - Throws: What the chunks throw; `CancellationError` if the task was cancelled, since many sequences then end as they do at
    ///   the end of the input; ``SluiceError/inputChanged`` if there are more or fewer bytes than expected.
    mutating func step(_ use: (UnsafeRawBufferPointer) -> Void) async throws -> Step {
        try Task.checkCancellation()
        if current == nil {
            do { current = try await chunks.next() } catch is DamagedInput {
                try Task.checkCancellation()
                return .end(isDamaged: true)
            }
            taken = 0
            if let current { try count(current) }
        }
        guard let chunk = current else {
            try Task.checkCancellation()
            if let size, count < size { throw SluiceError.inputChanged }
            return .end(isDamaged: false)
        }
        chunk.withUnsafeBytes { bytes in
            let piece = bytes[taken...].prefix(Self.piece)
            use(UnsafeRawBufferPointer(rebasing: piece))
            taken += piece.count
            if taken == bytes.count { current = nil }
        }
        return .piece
    }

    private mutating func count(_ chunk: Chunks.Element) throws(SluiceError) {
        count += UInt64(chunk.withUnsafeBytes { $0.count })
        if let size, count > size { throw .inputChanged }
    }
}
