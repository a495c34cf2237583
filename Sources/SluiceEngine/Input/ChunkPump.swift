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

    private static var piece: Int { 256 << 10 }

    init(_ chunks: Chunks) { self.chunks = chunks.makeAsyncIterator() }

    /// Passes the next piece on. `use` may keep none of it.
    ///
    /// - Throws: What the chunks throw; `CancellationError` if the task was cancelled, since many sequences then end as they do at
    ///   the end of the input.
    mutating func step(_ use: (UnsafeRawBufferPointer) -> Void) async throws -> Step {
        try Task.checkCancellation()
        if current == nil {
            do { current = try await chunks.next() } catch is DamagedInput {
                try Task.checkCancellation()
                return .end(isDamaged: true)
            }
            taken = 0
        }
        guard let chunk = current else {
            try Task.checkCancellation()
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
}
