public import SluiceEngine

extension CSVConverter {
    /// Converts a stream to rows, as it arrives.
    ///
    ///     for try await rows in CSVConverter().rows(from: body) { try await response.write(rows) }
    ///
    /// The elements are whole rows, one or many, as ``format`` says; together they are what ``convert(_:)`` returns for the same
    /// bytes. Gzip and zstd are recognized and decompressed. The next chunk is requested only when all rows of the chunks before it
    /// were taken. So memory is about 1 MiB, a chunk and the longest record. Each iteration reads the chunks anew.
    ///
    /// The iteration throws ``SluiceError`` after the rows before the first invalid record, what the chunks throw, and
    /// `CancellationError` at the next piece of a chunk once its task is cancelled.
    ///
    /// - Parameter chunks: The input in chunks of any size.
    public func rows<Chunks: AsyncSequence>(from chunks: Chunks) -> RowSequence<Chunks>
    where Chunks.Element: ByteChunk {
        RowSequence(converter: self, chunks: chunks)
    }
}

/// The rows of a stream. Each iteration reads the chunks anew.
public struct RowSequence<Chunks: AsyncSequence>: AsyncSequence where Chunks.Element: ByteChunk {
    /// The element type: whole rows, with the line ends or commas between them.
    public typealias Element = [UInt8]

    let converter: CSVConverter
    let chunks: Chunks

    /// Creates an iterator, which reads the stream.
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(events: RowEvents(chunks, converter)) }

    /// Returns the rows of one piece of input after another.
    public struct AsyncIterator: AsyncIteratorProtocol {
        var events: RowEvents<Chunks>

        /// Returns the next rows, or nil after the last and after an error.
        public mutating func next() async throws -> [UInt8]? { try await events.next() }
    }
}

extension RowSequence: Sendable where Chunks: Sendable {}

/// The bytes of a file, for what takes a stream of chunks.
///
///     for try await message in CSVConverter().messages(from: FileChunks("orders.csv"), source: "orders.csv?version=7") { … }
///
/// Reading blocks the thread of the task, as long as the disk takes. Each iteration opens the file anew.
public struct FileChunks: AsyncSequence, Sendable {
    /// The element type.
    public typealias Element = [UInt8]

    private let path: String
    private let size: Int

    /// Creates a sequence of the bytes of the file at a path, or of standard input as `-`, in chunks of at most that size.
    public init(_ path: String, chunkSize: Int = 1 << 18) {
        self.path = path
        size = Swift.max(1, chunkSize)
    }

    /// Creates an iterator, which opens the file when the first chunk is asked for.
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(path: path, size: size) }

    /// Returns one chunk after another.
    public struct AsyncIterator: AsyncIteratorProtocol {
        let path: String
        let size: Int
        var file: FileBytes?

        /// Returns the next bytes, at least one, or nil at the end of the file.
        ///
        /// - Throws: ``SluiceError`` if the file can't be read, or changed while it was read; `CancellationError`.
        public mutating func next() async throws -> [UInt8]? {
            try Task.checkCancellation()
            if file == nil { file = try FileBytes(path) }
            return try file?.next(size)
        }
    }
}
