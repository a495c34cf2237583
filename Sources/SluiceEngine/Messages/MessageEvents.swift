import SluiceCSV

/// Some bytes of an input: `[UInt8]`, or any type that you make conform, such as a buffer of a networking library.
public protocol ByteChunk: Sendable {
    /// Calls `body` with the bytes, which are valid only during the call.
    func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result
}

extension [UInt8]: ByteChunk {}
extension ArraySlice<UInt8>: ByteChunk {}

extension CSVConverter {
    /// Packs a stream from a checkpoint on.
    ///
    /// - Parameters:
    ///   - chunks: The input from the resume point or, without one, from its start.
    ///   - start: The checkpoint.
    ///   - resume: Required if the stream starts anywhere but at the start of the input.
    ///   - sendsManifest: Pass false for a part of the input that ends where a span does. It sends neither a manifest nor
    ///     an aborted message.
    ///   - isReadAgain: Whether the stream starts at the start of the input although the checkpoint is later. The messages
    ///     before the checkpoint are then made again and left out.
    package func events<Chunks: AsyncSequence>(
        from chunks: Chunks,
        start: Checkpoint,
        resume: ResumePoint? = nil,
        sendsManifest: Bool = true,
        isReadAgain: Bool = false
    ) -> MessageEvents<Chunks> where Chunks.Element: ByteChunk {
        MessageEvents(
            converter: self,
            chunks: chunks,
            start: start,
            resume: resume,
            sendsManifest: sendsManifest,
            isReadAgain: isReadAgain
        )
    }
}

/// The messages of a stream and the checkpoints between them. Each iteration reads the chunks anew.
package struct MessageEvents<Chunks: AsyncSequence>: AsyncSequence where Chunks.Element: ByteChunk {
    package typealias Element = MessageEvent

    let converter: CSVConverter
    let chunks: Chunks
    let start: Checkpoint
    let resume: ResumePoint?
    let sendsManifest: Bool
    let isReadAgain: Bool
    /// The size of all chunks together in bytes, or nil if it is unknown.
    package var size: UInt64?
    /// Why no messages can be made.
    package var refusal: SluiceError?

    package func makeAsyncIterator() -> AsyncIterator {
        let feed = Result { () throws(SluiceError) in
            if let refusal { throw refusal }
            return try converter.feed(
                from: start,
                resume: resume,
                sendsManifest: sendsManifest,
                isReadAgain: isReadAgain
            )
        }
        return AsyncIterator(chunks: chunks.makeAsyncIterator(), size: size, feed: feed)
    }

    package struct AsyncIterator: AsyncIteratorProtocol {
        var chunks: Chunks.AsyncIterator
        /// The run, or why there is none.
        private let feed: Result<any MessageFeed, SluiceError>
        /// The chunk that is being converted, and how many of its bytes were.
        private var current: Chunks.Element?
        private var taken = 0
        /// Whether it has thrown; after that it returns nil.
        private var hasFailed = false
        private let size: UInt64?
        private var count: UInt64 = 0

        /// The size of the pieces in which a chunk is converted. They stay in the cache, and the messages of a large chunk,
        /// which may be many times as large, are never in memory together.
        private static var piece: Int { 256 << 10 }

        init(chunks: Chunks.AsyncIterator, size: UInt64?, feed: Result<any MessageFeed, SluiceError>) {
            self.chunks = chunks
            self.size = size
            self.feed = feed
        }

        /// Returns the next event, or nil after the last event or an error.
        ///
        /// - Throws: `CancellationError` if the chunks end because the task was cancelled, as the input is then incomplete.
        package mutating func next() async throws -> MessageEvent? {
            guard !hasFailed else { return nil }
            do {
                let feed = try feed.get()
                while true {
                    if let event = feed.next() { return event }
                    if let failure = feed.failure { throw failure }
                    if feed.isDone { return nil }
                    if let current { addPiece(of: current, to: feed) } else { try await nextChunk(for: feed) }
                }
            } catch {
                hasFailed = true
                throw error
            }
        }

        private mutating func nextChunk(for feed: any MessageFeed) async throws {
            do {
                current = try await chunks.next()
                if let current { return try count(current) }
                // Many sequences end the same way when their task is cancelled and at the end of the input.
                try Task.checkCancellation()
                if let size, count < size { throw SluiceError.inputChanged }
                feed.end(isDamaged: false)
            } catch is DamagedInput {
                try Task.checkCancellation()
                feed.end(isDamaged: true)
            }
        }

        private mutating func count(_ chunk: Chunks.Element) throws(SluiceError) {
            count += UInt64(chunk.withUnsafeBytes { $0.count })
            if let size, count > size { throw .inputChanged }
        }

        private mutating func addPiece(of chunk: Chunks.Element, to feed: any MessageFeed) {
            let isUsedUp = chunk.withUnsafeBytes { bytes in
                let rest = bytes[taken...].prefix(Self.piece)
                feed.add(UnsafeRawBufferPointer(rebasing: rest))
                taken += rest.count
                return taken == bytes.count
            }
            guard isUsedUp else { return }
            (current, taken) = (nil, 0)
        }
    }
}

extension MessageEvents: Sendable where Chunks: Sendable {}
