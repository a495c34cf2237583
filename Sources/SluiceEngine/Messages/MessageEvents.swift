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
        return AsyncIterator(pump: ChunkPump(chunks), feed: feed)
    }

    package struct AsyncIterator: AsyncIteratorProtocol {
        private var pump: ChunkPump<Chunks>
        /// The run, or why there is none.
        private let feed: Result<any MessageFeed, SluiceError>
        /// Whether it has thrown; after that it returns nil.
        private var hasFailed = false

        init(pump: ChunkPump<Chunks>, feed: Result<any MessageFeed, SluiceError>) {
            (self.pump, self.feed) = (pump, feed)
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
                    if case .end(let isDamaged) = try await pump.step({ feed.add($0) }) {
                        feed.end(isDamaged: isDamaged)
                    }
                }
            } catch {
                hasFailed = true
                throw error
            }
        }
    }
}

extension MessageEvents: Sendable where Chunks: Sendable {}
