import SluiceCSV

/// Some bytes of an input, wherever they are kept: `[UInt8]`, and whatever else is made to conform, such as a buffer of a
/// networking library.
public protocol ByteChunk: Sendable {
    /// Calls `body` with the bytes, which are valid during the call only.
    func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result
}

extension [UInt8]: ByteChunk {}
extension ArraySlice<UInt8>: ByteChunk {}

extension Sluice {
    /// Packs the rows of a stream in the encoding ``encoding`` into messages, as they come; the last is a manifest.
    ///
    ///     for try await message in Sluice().messages(from: body, source: "orders.csv") { try await queue.send(message) }
    ///
    /// The messages are those of ``messages(file:source:from:to:)`` for the same bytes and source, which is 1 to 480 bytes of
    /// printable ASCII. It is all that tells consumers two inputs apart: give it what pins the bytes, such as a version. Chunks
    /// may have any size and none is asked for before the messages of those before it were taken, so memory is about 1 MiB, a
    /// chunk and the longest record. The bytes must not be compressed. If the input is invalid, the sequence throws
    /// ``SluiceError`` after a last message of the kind ``Message/Content/aborted``. If the chunks throw, or end because
    /// the task was cancelled, there is no last message. Give the `size` of the input in bytes where it is known: where more or
    /// fewer come, the sequence throws ``SluiceError/inputChanged``, and a stream that breaks off can't pass for all of it.
    public func messages<Chunks: AsyncSequence>(
        from chunks: Chunks,
        source: String,
        size: UInt64? = nil
    ) -> MessageSequence<Chunks> where Chunks.Element: ByteChunk {
        let name = SourceName(given: source)
        var events = events(from: chunks, start: Checkpoint(start: identity(name ?? SourceName(""))))
        events.size = size
        if name == nil { events.refusal = .misuse("a source is \(SourceName.rule)") }
        return MessageSequence(events: events)
    }

    /// Packs a stream that begins at a checkpoint. Without the last word it is a part of the input that ends where a span
    /// does, and neither a manifest nor an aborted message is made.
    ///
    /// A resume point is needed anywhere but at the start of the input. A stream that can't begin elsewhere is read again: it begins
    /// at the start, and what comes before the checkpoint is left out.
    package func events<Chunks: AsyncSequence>(
        from chunks: Chunks,
        start: Checkpoint,
        resume: ResumePoint? = nil,
        sendsManifest: Bool = true,
        isReadAgain: Bool = false
    ) -> MessageEvents<Chunks> where Chunks.Element: ByteChunk {
        MessageEvents(
            sluice: self,
            chunks: chunks,
            start: isReadAgain ? Checkpoint(start: start.identity) : start,
            resume: resume,
            sendsManifest: sendsManifest,
            behind: isReadAgain ? start : nil
        )
    }
}

/// The messages of a stream and the checkpoints between them. Each iteration reads the chunks anew.
package struct MessageEvents<Chunks: AsyncSequence>: AsyncSequence where Chunks.Element: ByteChunk {
    package typealias Element = MessageEvent

    let sluice: Sluice
    let chunks: Chunks
    let start: Checkpoint
    let resume: ResumePoint?
    let sendsManifest: Bool
    /// What comes before it is left out.
    let behind: Checkpoint?
    /// Bytes that all chunks have together; nil if that is not known.
    var size: UInt64?
    /// Why there is nothing to be had.
    var refusal: SluiceError?

    package func makeAsyncIterator() -> AsyncIterator {
        let feed =
            refusal.map { FailedFeed($0) }
            ?? sluice.feed(from: start, resume: resume, sendsManifest: sendsManifest, behind: behind)
        return AsyncIterator(chunks: chunks.makeAsyncIterator(), size: size, feed: feed)
    }

    package struct AsyncIterator: AsyncIteratorProtocol {
        var chunks: Chunks.AsyncIterator
        let feed: any MessageFeed
        /// The chunk that is being converted, and how many of its bytes have been.
        private var current: Chunks.Element?
        private var taken = 0
        /// It has thrown, and gives nothing any more.
        private var hasFailed = false
        private let size: UInt64?
        private var count: UInt64 = 0

        /// A chunk is converted in pieces that stay in the cache, so that the messages of a large one, which may be many
        /// times as large, are never in memory together.
        private static var piece: Int { 256 << 10 }

        init(chunks: Chunks.AsyncIterator, size: UInt64?, feed: any MessageFeed) {
            self.chunks = chunks
            self.size = size
            self.feed = feed
        }

        /// The next event; nil after the last, and after an error.
        ///
        /// - Throws: `CancellationError` if the chunks end because the task was cancelled: what came is not the whole input.
        package mutating func next() async throws -> MessageEvent? {
            guard !hasFailed else { return nil }
            do {
                while true {
                    if let event = feed.next() { return event }
                    if let failure = feed.failure { throw failure }
                    if feed.isDone { return nil }
                    if let current { addPiece(of: current) } else { try await nextChunk() }
                }
            } catch {
                hasFailed = true
                throw error
            }
        }

        private mutating func nextChunk() async throws {
            do {
                current = try await chunks.next()
                if let current { return try count(current) }
                // Many sequences end when their task is cancelled, as they do at the end of the input.
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

        private mutating func addPiece(of chunk: Chunks.Element) {
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

/// The messages of a stream. Each iteration reads the chunks anew.
public struct MessageSequence<Chunks: AsyncSequence>: AsyncSequence where Chunks.Element: ByteChunk {
    /// What an iteration gives.
    public typealias Element = Message

    let events: MessageEvents<Chunks>

    /// Starts an iteration.
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(events: events.makeAsyncIterator()) }

    /// Gives one message after the other.
    public struct AsyncIterator: AsyncIteratorProtocol {
        var events: MessageEvents<Chunks>.AsyncIterator

        /// The next message; nil after the manifest, and after an error.
        ///
        /// - Throws: ``SluiceError`` for a fault of the input; what the chunks throw; `CancellationError` if the chunks end
        ///   because the task was cancelled.
        public mutating func next() async throws -> Message? {
            while let event = try await events.next() {
                if case .message(let message) = event { return message }
            }
            return nil
        }
    }
}

extension MessageSequence: Sendable where Chunks: Sendable {}
