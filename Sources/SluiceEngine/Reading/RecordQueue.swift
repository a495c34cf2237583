import SluiceCSV
import SluicePlatform

/// The records of an input that are read and not returned yet; the part that readers of files and of streams share.
///
/// The input is a mapped file, which is one window, or a stream, of which the window holds what is not read yet.
struct RecordQueue: ~Copyable {
    private var scanner: RecordScanner
    private var batch: RecordBatch
    /// The batch's records, and the next of them.
    private var rows = RecordRows()
    private var row = 0
    private var stream: StreamWindow
    private let file: MappedFile?
    /// Whether no record follows.
    private(set) var isDone = false
    /// Why, if that is an error. It is thrown again, so that a reader that failed never looks like one that reached the end.
    private var failure: SluiceError?

    init(_ settings: ReaderSettings, file: MappedFile?) {
        let (dialect, kernel) = (settings.dialect, settings.kernel)
        let stream = StreamWindow(dialect, kernel, form: settings.encoding.textForm)
        let window = file?.window ?? stream.window
        self.stream = stream
        scanner = RecordScanner(dialect, kernel, settings.invalidRecords, window: window, file: file)
        batch = RecordBatch(CSVColumns(nil), dialect, kernel)
        self.file = file
    }

    var columns: CSVColumns? { scanner.columns }
    var headerPlace: RecordPosition { scanner.headerPlace }
    var rejected: Int { scanner.rejected }
    mutating func takeRejects() -> [RejectedRecord] { scanner.takeRejects() }

    /// Whether a record is read.
    var hasRecords: Bool { row < rows.count }

    /// Returns the next record, if it is read.
    @inline(__always)
    mutating func next() -> CSVRecord? {
        guard hasRecords else { return nil }
        defer { row += 1 }
        return rows.record(row, of: batch)
    }

    /// Takes the records that are read, or returns nil if there are none. Their batch is not filled again as long as the caller
    /// keeps it.
    mutating func takeRun() -> RecordRun? {
        guard hasRecords else { return nil }
        defer { row = rows.count }
        return RecordRun(batch, rows, row..<rows.count)
    }

    /// Gives back what is left of the records that were taken last, unless others were read since.
    mutating func giveBack(_ run: RecordRun) {
        if !hasRecords, run.record.batch === batch { row = rows.count - run.count }
    }

    /// Reads further records. Returns whether the stream must grow first; false also if there are no more records.
    mutating func read() throws(SluiceError) -> Bool {
        try ending { (queue) throws(SluiceError) in try queue.isDone ? false : queue.readBatch() }
    }

    /// Reads the start of the input, up to the first record. Returns whether the stream must grow first.
    mutating func readHeader() throws(SluiceError) -> Bool {
        try ending { (queue) throws(SluiceError) in
            if queue.isDone { return false }
            let need = try queue.scanner.begin()
            if need == .input { try queue.askForInput() }
            return need == .input
        }
    }

    /// Nothing follows an error but the same error.
    private mutating func ending<Result>(
        _ step: (inout RecordQueue) throws(SluiceError) -> Result
    ) throws(SluiceError) -> Result {
        if let failure { throw failure }
        do throws(SluiceError) { return try step(&self) } catch {
            (isDone, failure) = (true, error)
            row = rows.count
            throw error
        }
    }

    private mutating func readBatch() throws(SluiceError) -> Bool {
        if let failure = batch.failure {
            batch.failure = nil
            throw failure
        }
        if file?.isTruncated == true { throw .inputChanged }
        if !isKnownUniquelyReferenced(&batch) { batch = batch.successor() }
        (rows, row) = (RecordRows(), 0)
        let need = try scanner.fill(batch)
        rows = batch.found
        switch need {
        case .records: return false
        case .input: try askForInput()
        case .end:
            isDone = true
            if file?.isChanged == true { throw .inputChanged }
        }
        return need == .input
    }

    /// Makes room in the stream. Throws if nothing more can come.
    private mutating func askForInput() throws(SluiceError) {
        let dropped = scanner.tokenizer.position
        stream.drop(dropped)
        scanner.slide(to: stream.window, dropped: dropped)
        guard !stream.isOpen else { return }
        let end = stream.window.offset + UInt64(stream.window.count)
        throw .badData(
            stream.fault
                ?? scanner.lines.placed(CSVError(.badCompression, offset: end, record: scanner.tokenizer.index.number))
        )
    }
}

/// The stream.
extension RecordQueue {
    /// Reads from the source until there is enough to go on.
    mutating func fill(from source: inout some ByteSource) throws(SluiceError) {
        try ending { (queue) throws(SluiceError) in
            try queue.stream.fill(from: &source)
            queue.scanner.slide(to: queue.stream.window, dropped: 0)
        }
    }

    /// Adds bytes. Returns whether there is enough to go on.
    mutating func add(_ bytes: UnsafeRawBufferPointer) throws(SluiceError) -> Bool {
        let isEnough = try stream.append(bytes)
        scanner.slide(to: stream.window, dropped: 0)
        return isEnough
    }

    /// Ends the stream. `isDamaged` states that more bytes exist but cannot be read.
    mutating func close(isDamaged: Bool) {
        stream.close(isDamaged: isDamaged)
        scanner.slide(to: stream.window, dropped: 0)
    }
}

/// Records of a batch, one after another. They are counted once among the batch's owners.
struct RecordRun {
    private let rows: RecordRows
    /// The records that are left.
    private var range: Range<Int>
    /// The last that was taken; before that, the first.
    private(set) var record: CSVRecord

    /// There is at least one.
    init(_ batch: RecordBatch, _ rows: RecordRows, _ range: Range<Int>) {
        (self.rows, self.range) = (rows, range)
        record = rows.record(range.lowerBound, of: batch)
    }

    /// How many are left.
    var count: Int { range.count }

    /// Takes the next record. Returns false after the last.
    @inline(__always)
    mutating func next() -> Bool {
        guard !range.isEmpty else { return false }
        rows.move(&record, to: range.lowerBound)
        range = range.lowerBound + 1..<range.upperBound
        return true
    }
}
