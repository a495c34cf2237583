public import SluiceCSV
import SluicePlatform

/// Reads CSV record by record: a file, or bytes in memory.
///
///     let reader = try CSVReader(file: "orders.csv")
///     while let record = try reader.next() {
///         record["customer"]         a view of the input, nil if there is no such column
///         record[2].span             its bytes
///         Int(record[3])
///     }
///
/// ``Dialect`` decides what is a record and what is an error, as everywhere in Sluice. Gzip and zstd are recognized by the
/// first bytes and decompressed. The reader does not return the header and skipped blank lines, but ``CSVRecord/number``
/// counts them. It is no `Sequence`, whose iterators can't throw: a loop would end at an error as at the end of the input.
/// A stream of chunks is read by ``CSVRecords``.
///
/// Time is proportional to the input: records are indexed by vector instructions, 32 KiB at a time, and values are neither
/// copied nor decoded before you ask for them. Memory is about 200 KiB, whatever the input's size; records longer than
/// 32 KiB need more, up to 70 MiB. Regular files are mapped, at most 256 at a time in a process; the first installs a handler of
/// SIGBUS, which passes on signals that do not concern those files.
///
/// It is a class because it is a place in an input, which all who refer to it share: a property can hold it, and closures can
/// use it. Use it from one task at a time; records can be sent to other tasks.
public final class CSVReader {
    // A reader is used by one task at a time, and calls nobody while it changes these.
    @exclusivity(unchecked) private var queue: RecordQueue
    @exclusivity(unchecked) private var source: any ByteSource
    /// The file of a source that is not mapped.
    private let file: OpenedFile?

    /// Creates a reader of the file at a path, or of standard input as `-`.
    ///
    /// - Parameters:
    ///   - path: A regular file is mapped, unless it is compressed or not UTF-8. Anything else is read in pieces.
    ///   - dialect: What is a record.
    ///   - encoding: The encoding of the text.
    ///   - invalidRecords: What to do with records that break a rule.
    ///   - kernel: The vector instructions to use.
    /// - Throws: ``SluiceError/misuse(_:)`` if the dialect is invalid, ``SluiceError/input(_:)`` if the file can't be read.
    public convenience init(
        file path: String,
        dialect: Dialect = .rfc4180,
        encoding: Encoding = .utf8,
        invalidRecords: InvalidRecords = .fail,
        kernel: Kernel = .best
    ) throws(SluiceError) {
        let settings = ReaderSettings(
            dialect: dialect,
            encoding: encoding,
            invalidRecords: invalidRecords,
            kernel: kernel
        )
        try self.init(settings, file: path)
    }

    /// Creates a reader of bytes in memory: of an array, or of any ``ByteChunk``. It keeps them.
    ///
    /// - Parameters:
    ///   - bytes: The input, all of it; it may be compressed.
    ///   - dialect: What is a record.
    ///   - encoding: The encoding of the text.
    ///   - invalidRecords: What to do with records that break a rule.
    ///   - kernel: The vector instructions to use.
    /// - Throws: ``SluiceError/misuse(_:)`` if the dialect is invalid.
    public convenience init(
        _ bytes: some ByteChunk,
        dialect: Dialect = .rfc4180,
        encoding: Encoding = .utf8,
        invalidRecords: InvalidRecords = .fail,
        kernel: Kernel = .best
    ) throws(SluiceError) {
        let settings = ReaderSettings(
            dialect: dialect,
            encoding: encoding,
            invalidRecords: invalidRecords,
            kernel: kernel
        )
        let source = try settings.opened(ChunkSource(bytes))
        try self.init(settings, .stream(source))
    }

    convenience init(_ settings: ReaderSettings, file path: String) throws(SluiceError) {
        try settings.check()
        let converter = CSVConverter(dialect: settings.dialect, encoding: settings.encoding)
        try self.init(settings, OpenedInput(path).content(of: converter))
    }

    package init(_ settings: ReaderSettings, _ content: OpenedInput.Content) throws(SluiceError) {
        try settings.check()
        switch content {
        case .mapped(let file):
            queue = RecordQueue(settings, file: file)
            source = ChunkSource([UInt8]())
            self.file = nil
        case .stream(let source):
            queue = RecordQueue(settings, file: nil)
            self.source = source
            file = source.file
        }
    }

    /// The columns: their names, and how many there are. Nil if the input ends before a record.
    ///
    /// - Throws: ``SluiceError``, if the header is invalid.
    public var columns: CSVColumns? {
        get throws(SluiceError) {
            while queue.columns == nil, try queue.readHeader() { try queue.fill(from: &source) }
            return queue.columns
        }
    }

    /// Where the header is, or the input's start if it has none.
    var headerPlace: RecordPosition { queue.headerPlace }

    /// The columns, as soon as a record was read or ``columns`` was asked for.
    package var knownColumns: CSVColumns? { queue.columns }

    /// Returns the next record, or nil after the last. After an error, each further call throws it again.
    ///
    /// - Throws: ``SluiceError/badData(_:)`` with the input's first error, after all records before it were returned, unless the
    ///   reader leaves such records out. ``SluiceError/inputChanged`` if the file became shorter or, after the last
    ///   record, if it was changed in any way: then the last records returned may be wrong too. What reading a file or standard
    ///   input throws.
    /// - Complexity: O(*n*) in the length of the record, on average.
    public func next() throws(SluiceError) -> CSVRecord? {
        repeat {
            if let record = queue.next() { return record }
        } while try readOn()
        return nil
    }

    /// Returns all records that are read, or nil where ``next()`` does.
    func nextRun() throws(SluiceError) -> RecordRun? {
        repeat {
            if let run = queue.takeRun() { return run }
        } while try readOn()
        return nil
    }

    /// Reads further records. Returns false if there are none.
    private func readOn() throws(SluiceError) -> Bool {
        if try queue.read() {
            try queue.fill(from: &source)
        } else if queue.isDone {
            if file?.isChanged == true { throw .inputChanged }
            return false
        }
        return true
    }

    /// Calls a closure with each record that is left. This is the fastest way to read. The closure must not use the reader.
    ///
    /// - Throws: What ``next()`` throws.
    public func forEach(_ body: (CSVRecord) -> Void) throws(SluiceError) {
        while let run = try nextRun() { pass(run, to: body) }
    }

    /// Calls a closure with each record that is left. The closure must not use the reader.
    ///
    /// - Throws: What ``next()`` or the closure throws. After an error of the closure, ``next()`` returns the record after the one
    ///   that the closure had.
    public func forEach(_ body: (CSVRecord) throws -> Void) throws {
        while let run = try nextRun() { try pass(run, to: body) }
    }

    @inline(__always)
    private func pass<Failure>(_ run: RecordRun, to body: (CSVRecord) throws(Failure) -> Void) throws(Failure) {
        var run = run
        do throws(Failure) { while run.next() { try body(run.record) } } catch {
            queue.giveBack(run)
            throw error
        }
    }

    /// The number of records that were left out so far because they are invalid.
    public var rejectedCount: Int { queue.rejected }

    /// Returns the records that were left out since the last call, if ``InvalidRecords/collect`` is used. They take memory until
    /// then.
    public func takeRejectedRecords() -> [RejectedRecord] { queue.takeRejects() }
}
