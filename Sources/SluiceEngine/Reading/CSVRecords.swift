public import SluiceCSV

/// The records of a stream of chunks, as they arrive.
///
///     for try await record in CSVRecords(body) { print(record["customer"] ?? "none", record.line) }
///
/// The records are those of ``CSVReader`` for the same bytes; gzip and zstd are recognized and decompressed. The next chunk is
/// requested only when all records of those before it were taken. So memory is about 500 KiB, a chunk and the longest record. Each
/// iteration reads the chunks anew.
///
/// The iteration throws ``SluiceError`` after the records before the first invalid one, and what the chunks throw. If its task is
/// cancelled it throws `CancellationError`, at the next record that is not in memory yet, even if the chunks only end then.
public struct CSVRecords<Chunks: AsyncSequence>: AsyncSequence where Chunks.Element: ByteChunk {
    /// The element type.
    public typealias Element = CSVRecord

    private let chunks: Chunks
    private let settings: ReaderSettings

    /// Creates a sequence of the records in chunks of any size.
    ///
    /// - Parameters:
    ///   - chunks: The input, all of it; it may be compressed.
    ///   - dialect: What is a record. If it is invalid, the iteration throws ``SluiceError/misuse(_:)``.
    ///   - encoding: The encoding of the text.
    ///   - invalidRecords: What to do with records that break a rule.
    ///   - kernel: The vector instructions to use.
    public init(
        _ chunks: Chunks,
        dialect: Dialect = .rfc4180,
        encoding: Encoding = .utf8,
        invalidRecords: InvalidRecords = .fail,
        kernel: Kernel = .best
    ) {
        self.chunks = chunks
        settings = ReaderSettings(
            dialect: dialect,
            encoding: encoding,
            invalidRecords: invalidRecords,
            kernel: kernel
        )
    }

    init(_ chunks: Chunks, _ settings: ReaderSettings) { (self.chunks, self.settings) = (chunks, settings) }

    /// Creates an iterator, which reads the stream.
    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(ChunkPump(DecompressedChunks(chunks, at: 0)), RecordFeed(settings))
    }

    /// Returns one record after another.
    public struct AsyncIterator: AsyncIteratorProtocol {
        private var pump: ChunkPump<DecompressedChunks<Chunks>>
        private let feed: RecordFeed

        init(_ pump: ChunkPump<DecompressedChunks<Chunks>>, _ feed: RecordFeed) {
            (self.pump, self.feed) = (pump, feed)
        }

        /// The number of records that were left out so far because they are invalid.
        public var rejectedCount: Int { feed.queue.rejected }

        /// Returns the records that were left out since the last call, if ``InvalidRecords/collect`` is used.
        public func takeRejectedRecords() -> [RejectedRecord] { feed.queue.takeRejects() }

        var headerPlace: RecordPosition { feed.queue.headerPlace }

        /// Returns the next record, or nil after the last. After an error, each further call throws it again.
        public mutating func next() async throws -> CSVRecord? {
            if let record = feed.queue.next() { return record }
            return try await readOn() ? feed.queue.next() : nil
        }

        /// Returns all records that are read, or nil where ``next()`` does.
        mutating func nextRun() async throws -> RecordRun? {
            if let run = feed.queue.takeRun() { return run }
            return try await readOn() ? feed.queue.takeRun() : nil
        }

        /// Reads further records. Returns false if there are none.
        private mutating func readOn() async throws -> Bool {
            if let failure = feed.thrown { throw failure }
            do { return try await read() } catch {
                feed.thrown = error
                throw error
            }
        }

        private mutating func read() async throws -> Bool {
            let feed = feed
            while !feed.queue.hasRecords {
                try Task.checkCancellation()
                guard try feed.needsInput() else {
                    if feed.isDone { return false }
                    continue
                }
                let step = try await pump.step { feed.add($0) }
                if case .end(let isDamaged) = step { feed.end(isDamaged: isDamaged) }
            }
            return true
        }
    }
}

extension CSVRecords: Sendable where Chunks: Sendable {}

/// A queue of records whose input is pushed to it. Used by one task at a time.
final class RecordFeed {
    var queue: RecordQueue
    /// Decodes the bytes to UTF-8, if necessary; `decoded` is memory that is reused.
    private var decoder: TextDecoder?
    private var decoded: [UInt8] = []
    /// Whether the queue waits for bytes.
    private var isHungry = false
    /// Why no record follows those of the queue.
    private var failure: SluiceError?
    /// What was thrown; nothing follows it.
    var thrown: (any Error)?

    init(_ settings: ReaderSettings) {
        queue = RecordQueue(settings, file: nil)
        failure = settings.dialect.fault.map { .misuse($0) }
        decoder = TextDecoder(settings.encoding, assumesCSV: settings.dialect.assumesCSV)
    }

    var isDone: Bool { queue.isDone }

    /// Returns whether bytes must be added, or the input ended, before the next record. False also if none follows.
    func needsInput() throws(SluiceError) -> Bool {
        if isDone { return false }
        if let failure { throw failure }
        if !isHungry { isHungry = try queue.read() }
        return isHungry
    }

    func add(_ bytes: UnsafeRawBufferPointer) {
        guard decoder != nil else { return append(bytes) }
        decoder?.decode(bytes, to: &decoded)
        appendDecoded()
    }

    func end(isDamaged: Bool) {
        decoder?.finish(&decoded, isDamaged: isDamaged)
        appendDecoded()
        queue.close(isDamaged: isDamaged)
        isHungry = false
    }

    private func appendDecoded() {
        decoded.withUnsafeBytes { append($0) }
        decoded.removeAll(keepingCapacity: true)
        if let fault = decoder?.fault { failure = .badData(fault) }
    }

    private func append(_ bytes: UnsafeRawBufferPointer) {
        if bytes.isEmpty { return }
        do throws(SluiceError) { if try queue.add(bytes) { isHungry = false } } catch { failure = error }
    }
}
