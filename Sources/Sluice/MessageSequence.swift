public import SluiceEngine

extension CSVConverter {
    /// Packs the rows of a stream into messages, as they arrive. The last message is a manifest.
    ///
    ///     for try await message in CSVConverter().messages(from: body, source: "orders.csv") { try await queue.send(message) }
    ///
    /// The messages are those of ``messages(file:source:from:to:)`` for the same bytes and source. The next chunk is
    /// requested only when all messages of the chunks before it were taken. So memory is about 1 MiB, a chunk and the
    /// longest record. Gzip and zstd are recognized and decompressed; ranges and ids are those of the decompressed bytes.
    ///
    /// If the input is invalid, the sequence throws ``SluiceError`` after an ``Message/Content/aborted`` message. If the
    /// chunks throw, or the task is cancelled, there is no last message: the sequence then throws `CancellationError` before it
    /// reads on, at the latest after 256 KiB of input.
    ///
    /// - Parameters:
    ///   - chunks: The input in the encoding ``encoding``, possibly compressed, in chunks of any size.
    ///   - source: 1 to 480 bytes of printable ASCII. Only the source distinguishes inputs for consumers, so include what
    ///     pins the bytes, such as a version.
    ///   - size: The size of all chunks together in bytes, compressed if they are, if known. If more or fewer arrive, the sequence
    ///     throws ``SluiceError/wrongSize(expected:received:)``, so that a stream that breaks off is not taken for the whole input.
    public func messages<Chunks: AsyncSequence>(
        from chunks: Chunks,
        source: String,
        size: UInt64? = nil
    ) -> MessageSequence<Chunks> where Chunks.Element: ByteChunk {
        let name = SourceName(given: source)
        let bytes = DecompressedChunks(SizedChunks(chunks, size: size), at: 0, maxWindow: maxWindow)
        var events = events(from: bytes, start: Checkpoint(start: identity(name ?? SourceName(""))))
        if name == nil { events.refusal = .misuse("a source is \(SourceName.rule)") }
        return MessageSequence(events: events)
    }
}

/// The messages of a stream. Each iteration reads the chunks anew.
public struct MessageSequence<Chunks: AsyncSequence>: AsyncSequence where Chunks.Element: ByteChunk {
    /// The element type.
    public typealias Element = Message

    let events: MessageEvents<DecompressedChunks<SizedChunks<Chunks>>>

    /// Creates an iterator.
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(events: events.makeAsyncIterator()) }

    /// Returns one message after another.
    public struct AsyncIterator: AsyncIteratorProtocol {
        var events: MessageEvents<DecompressedChunks<SizedChunks<Chunks>>>.AsyncIterator

        /// Returns the next message, or nil after the manifest or an error.
        ///
        /// - Throws: ``SluiceError`` if the input is invalid or of another size; what the chunks throw; `CancellationError` if the
        ///   chunks end because the task was cancelled.
        public mutating func next() async throws -> Message? {
            while let event = try await events.next() {
                if case .message(let message) = event { return message }
            }
            return nil
        }
    }
}

extension MessageSequence: Sendable where Chunks: Sendable {}
