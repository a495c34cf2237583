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
        AsyncIterator(DecompressedChunks(chunks, at: 0).makeAsyncIterator(), RecordFeed(settings))
    }

    /// Returns one record after another.
    public struct AsyncIterator: AsyncIteratorProtocol {
        private var chunks: DecompressedChunks<Chunks>.AsyncIterator
        private let feed: RecordFeed
        /// The chunk that is being read, and how many of its bytes were.
        private var current: DecompressedChunks<Chunks>.Element?
        private var taken = 0

        init(_ chunks: DecompressedChunks<Chunks>.AsyncIterator, _ feed: RecordFeed) {
            (self.chunks, self.feed) = (chunks, feed)
        }

        /// The size of the pieces in which a chunk is read, so that a large one is not copied at once.
        private static var piece: Int { 256 << 10 }

        /// The number of records that were left out so far because they are invalid.
        public var rejectedCount: Int { feed.queue.rejected }

        /// Returns the records that were left out since the last call, if ``InvalidRecords/collect`` is used.
        public func takeRejectedRecords() -> [RejectedRecord] { feed.queue.takeRejects() }

        var headerPlace: RecordPosition { feed.queue.headerPlace }

        /// Returns the next record, or nil after the last and after an error.
        public mutating func next() async throws -> CSVRecord? {
            if let record = feed.queue.next() { return record }
            do { return try await read() } catch {
                feed.fail()
                throw error
            }
        }

        private mutating func read() async throws -> CSVRecord? {
            while true {
                if let record = feed.queue.next() { return record }
                try Task.checkCancellation()
                guard try feed.needsInput() else {
                    if feed.isDone { return nil }
                    continue
                }
                if let current { try addPiece(of: current) } else { try await nextChunk() }
            }
        }

        private mutating func nextChunk() async throws {
            do {
                current = try await chunks.next()
                if current == nil { try feed.end(isDamaged: false) }
            } catch is DamagedInput {
                try feed.end(isDamaged: true)
            }
        }

        private mutating func addPiece(of chunk: some ByteChunk) throws(SluiceError) {
            let failure: SluiceError? = chunk.withUnsafeBytes { bytes in
                let piece = bytes[taken...].prefix(Self.piece)
                taken += piece.count
                if taken == bytes.count { (current, taken) = (nil, 0) }
                do throws(SluiceError) { try feed.add(UnsafeRawBufferPointer(rebasing: piece)) } catch { return error }
                return nil
            }
            if let failure { throw failure }
        }
    }
}

extension CSVRecords: Sendable where Chunks: Sendable {}

/// A queue of records whose input is pushed to it. Used by one task at a time.
final class RecordFeed {
    var queue: RecordQueue
    private let fault: String?
    /// Decodes the bytes to UTF-8, if necessary; `decoded` is memory that is reused.
    private var decoder: TextDecoder?
    private var decoded: [UInt8] = []
    /// Whether the queue waits for bytes.
    private var isHungry = false
    private var hasFailed = false

    init(_ settings: ReaderSettings) {
        queue = RecordQueue(settings, file: nil)
        fault = settings.dialect.fault
        decoder = TextDecoder(settings.encoding, assumesCSV: settings.dialect.assumesCSV)
    }

    var isDone: Bool { queue.isDone || hasFailed }

    /// Nothing follows.
    func fail() { hasFailed = true }

    /// Returns whether bytes must be added, or the input ended, before the next record. False also if none follows.
    func needsInput() throws(SluiceError) -> Bool {
        if isDone { return false }
        if let fault { throw .misuse(fault) }
        if !isHungry { isHungry = try queue.read() }
        return isHungry
    }

    func add(_ bytes: UnsafeRawBufferPointer) throws(SluiceError) {
        guard decoder != nil else { return try append(bytes) }
        decoder?.decode(bytes, to: &decoded)
        try appendDecoded()
    }

    func end(isDamaged: Bool) throws(SluiceError) {
        decoder?.finish(&decoded, isDamaged: isDamaged)
        try appendDecoded()
        queue.close(isDamaged: isDamaged)
        isHungry = false
    }

    private func appendDecoded() throws(SluiceError) {
        defer { decoded.removeAll(keepingCapacity: true) }
        try decoded.withUnsafeBufferPointer { (bytes) throws(SluiceError) in try append(UnsafeRawBufferPointer(bytes)) }
        if let fault = decoder?.fault { throw .badData(fault) }
    }

    private func append(_ bytes: UnsafeRawBufferPointer) throws(SluiceError) {
        if bytes.isEmpty { return }
        if try queue.add(bytes) { isHungry = false }
    }
}
