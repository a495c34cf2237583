import SluiceCSV
import SluicePlatform

/// What a reader does with a record that breaks a rule of the dialect.
public enum InvalidRecords: Sendable, Hashable {
    /// Throws its error. No record follows.
    case fail
    /// Leaves it out and reads on, as `--rejects` of the command does. It is counted.
    case skip
    /// Leaves it out and reads on, but keeps what was wrong, and where, until it is taken.
    case collect
}

/// A record that was left out: what is wrong with it, where it is, and its bytes.
public struct RejectedRecord: Sendable, Hashable {
    /// What is wrong, and where exactly.
    public let error: CSVError
    /// The offsets of the record's bytes, line end included, in the input as stored or, if that is compressed, unpacked.
    public let range: Range<UInt64>
    /// The physical lines that it takes, counted from 1.
    public let lines: ClosedRange<UInt64>
    /// Its bytes without the line end, at most the first 4096.
    public let bytes: [UInt8]

    init(_ reject: Reject) {
        error = reject.error
        range = reject.stored
        lines = reject.line...reject.line + max(reject.lines, 1) - 1
        bytes = reject.raw
    }
}

/// Reads the records of a window into batches: tokenizer, lines and what to do with invalid records as one.
struct RecordScanner: ~Copyable {
    enum Need {
        /// The batch has records.
        case records
        /// The window holds no further whole record.
        case input
        /// The input has no further record.
        case end
    }

    private(set) var tokenizer: Tokenizer
    var lines: LineFinder
    private let invalid: InvalidRecords
    /// Records that were left out and not taken yet, and how many there were.
    private var rejects: [RejectedRecord] = []
    private(set) var rejected = 0
    /// The columns, once the header is known.
    private(set) var columns: CSVColumns?
    /// Whether the next record may be one to return.
    private var hasBegun = false
    /// The mapped file that the window is, if it is one.
    private let file: MappedFile?

    init(_ dialect: Dialect, _ kernel: Kernel, _ invalid: InvalidRecords, window: Window, file: MappedFile?) {
        tokenizer = Tokenizer(dialect: dialect, kernel: kernel, window: window)
        lines = LineFinder(dialect, kernel, window: window)
        self.invalid = invalid
        self.file = file
    }

    /// Where the header is, or the input's start if it has none. Its line is known as long as it is in the window.
    var headerPlace: RecordPosition {
        let (offset, number) = tokenizer.opening.headerStart
        var lines = lines
        return lines.position(of: offset, number: number)
    }

    mutating func slide(to window: Window, dropped: Int) {
        tokenizer.slide(to: window, dropped: dropped)
        lines.slide(to: window)
    }

    mutating func takeRejects() -> [RejectedRecord] {
        defer { rejects = [] }
        return rejects
    }

    /// Reads the start of the input, up to the first record after the header.
    mutating func begin() throws(SluiceError) -> Need {
        defer { if columns == nil, let header = tokenizer.header { columns = CSVColumns(header) } }
        while !hasBegun {
            let beginning: Tokenizer.Beginning
            do throws(CSVError) { beginning = try tokenizer.begin(hasMemory: System.hasMemory(for:)) } catch {
                if try putAside(error) { continue } else { return .input }
            }
            switch beginning {
            case .more: return .input
            case .noMemory: throw .outOfMemory
            case .end: return .end
            case .ready: hasBegun = true
            }
            // A record that is left out needs no probable cause.
            tokenizer.examinesErrors = invalid == .fail
        }
        return .records
    }

    /// Reads the next records into a batch, as many as are at hand, at least one.
    mutating func fill(_ batch: RecordBatch) throws(SluiceError) -> Need {
        let need = try begin()
        guard let columns, need == .records else { return need }
        batch.begin(at: .start, columns)
        while batch.count == 0 {
            let step: Tokenizer.Step
            do throws(CSVError) { step = try tokenizer.step() } catch {
                if try putAside(error) { continue } else { return .input }
            }
            switch step {
            case .more: return .input
            case .end: return .end
            case .record: if tokenizer.slowRecordIsRow { try addSlowRecord(to: batch, width: columns.count) }
            case .indexed:
                batch.begin(at: place(of: tokenizer.index.origin, tokenizer.index.number), columns)
                try batch.take(tokenizer.index, in: file)
                guard try takeIndexed(batch, width: columns.count) || batch.count > 0 else { return .input }
            }
        }
        return .records
    }

    /// Adds the records of the index. Returns false if the window must grow before the next one can be read.
    private mutating func takeIndexed(_ batch: RecordBatch, width: Int) throws(SluiceError) -> Bool {
        while tokenizer.index.next < tokenizer.index.completeCount {
            try batch.addPlainRecords(&tokenizer.index, width: width)
            guard tokenizer.index.next < tokenizer.index.completeCount else { return true }
            do throws(SluiceError) {
                if try !takeIrregular(batch, width: width) { return false }
            } catch {
                // The records before it come first.
                if batch.count == 0 { throw error }
                batch.failure = error
                return true
            }
        }
        return true
    }

    /// Takes a record of the index that is not plain: one with doubled quotes, with more or fewer fields than there are
    /// columns, or a blank line. Returns false if the window must grow.
    private mutating func takeIrregular(_ batch: RecordBatch, width: Int) throws(SluiceError) -> Bool {
        let (index, dialect) = (tokenizer.index, tokenizer.dialect)
        let last = index.lastOfRecord
        let given = last - index.next + 1
        let isBlank = given == 1 && index.contentEnd(of: index[last]) == index.start
        let isSkipped = isBlank && tokenizer.skipsBlankLines
        let isRagged = given != width && (dialect.ragged == .error || given > dialect.maxColumns)
        if !isSkipped, isBlank && dialect.blankLines == .error || isRagged {
            // Reading the record byte by byte throws the error.
            do throws(CSVError) { guard try tokenizer.readRecord() else { return false } } catch {
                return try putAside(error)
            }
            try addSlowRecord(to: batch, width: width)
            return true
        }
        if !isSkipped { try batch.add(index, given: given, count: count(given, width), quote: dialect.quote) }
        tokenizer.index.next = last + 1
        tokenizer.index.start = StructuralIndex.offset(index[last]) + 1
        tokenizer.index.number += 1
        return true
    }

    private mutating func addSlowRecord(to batch: RecordBatch, width: Int) throws(SluiceError) {
        let (record, number) = (tokenizer.slowRecord, tokenizer.index.number - 1)
        if batch.count == 0, let columns { batch.begin(at: place(of: record.start, number), columns) }
        let count = count(record.fields.count, width)
        try batch.add(record, in: tokenizer.window, tokenizer.dialect, count: count, number: number)
    }

    /// The number of fields that a record gets.
    private func count(_ given: Int, _ width: Int) -> Int {
        switch tokenizer.dialect.ragged {
        case .error, .omit: given
        case .pad: max(given, width)
        case .truncate: width
        }
    }

    /// Leaves a record out. Returns false if it goes on beyond the window.
    private mutating func putAside(_ error: CSVError) throws(SluiceError) -> Bool {
        do throws(CSVError) {
            guard invalid != .fail else { throw error }
            guard var reject = try tokenizer.putAside(error) else { return false }
            rejected += 1
            if invalid == .collect {
                reject.place(&lines)
                rejects.append(RejectedRecord(reject))
            }
            return true
        } catch {
            throw .badData(lines.placed(error))
        }
    }

    private mutating func place(of position: Int, _ number: UInt64) -> RecordPosition {
        lines.position(of: tokenizer.window.offset + UInt64(position), number: number)
    }
}
