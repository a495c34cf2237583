import SluiceCSV
import SluiceJSON
import SluicePlatform

/// Reads records from a window and encodes them as rows into its buffer: tokenizer, encoder and buffer as one. The only
/// loop that drives the tokenizer for rows.
struct RowReader: ~Copyable {
    /// Why a run stopped. The rows of all records before the next one were written to the buffer.
    enum Need {
        /// The buffer is full.
        case room
        /// The window holds no further whole record.
        case input
        /// No further record starts before the limit.
        case end
        /// The next record is invalid.
        case invalid(CSVError)
        /// There is not enough memory for the header, or for the next record's row.
        case memory
    }

    private(set) var tokenizer: Tokenizer
    private(set) var buffer: RowBuffer
    private let separator: UInt8
    private let isEscaped: Bool
    private let countsOnly: Bool
    private let headers: HeaderAgreement?
    private let meter: Meter?
    private var encoder: RowEncoder?
    /// Bare CRs in the records that were encoded from the index.
    private var repairs = Repairs()
    /// Whether the tokenizer's slow record was read but did not fit the buffer.
    private var slowRecordIsWaiting = false

    /// Creates a reader of the records of `window`. With texts, it starts after the header.
    init(_ options: Options, window: Window, texts: RowTexts? = nil) {
        tokenizer = Tokenizer(dialect: options.dialect, kernel: options.kernel, header: texts?.header, window: window)
        buffer = RowBuffer(capacity: options.bufferSize, isMarked: options.needsMarks)
        separator = options.separator
        isEscaped = options.isEscaped
        countsOnly = options.countsOnly
        headers = options.headers
        meter = options.meter
        if let texts { open(texts) }
    }

    /// How records are read and encoded.
    struct Options: Sendable {
        var dialect: Dialect
        var kernel: Kernel
        /// The byte after each row.
        var separator: UInt8
        /// Whether the buffer notes where each row ends and comes from.
        var needsMarks: Bool
        /// Whether rows are encoded as the inside of a JSON string.
        var isEscaped = false
        /// Whether rows are checked and counted, and not written where that is not needed.
        var countsOnly = false
        var bufferSize = 1 << 18
        var headers: HeaderAgreement?
        /// Counts what is read, and notes headers.
        var meter: Meter?
    }

    /// Reads the records that start before the window offset `limit`. Returns why it stopped.
    mutating func run(limit: Int = .max) -> Need {
        defer { buffer.clampLastMark(to: tokenizer.window.offset + UInt64(tokenizer.window.count)) }
        do throws(CSVError) {
            if encoder == nil {
                let need = try begin(limit: limit)
                if encoder == nil { return need }
            }
            return try readRows(limit: limit)
        } catch {
            return .invalid(error)
        }
    }

    /// Reads the header if it starts before the window offset `limit` and the window holds all of it; then there are ``texts``.
    ///
    /// - Throws: `badData` if the header is invalid, `outOfMemory`.
    mutating func takeHeader(limit: Int = .max) throws(SluiceError) {
        if texts != nil { return }
        let need: Need
        do throws(CSVError) { need = try begin(limit: limit) } catch { throw .badData(tokenizer.placed(error)) }
        if case .memory = need { throw .outOfMemory }
    }

    mutating func clearBuffer() { buffer.clear() }

    /// Allocates the memory for usual records. Returns whether there is enough.
    mutating func reserve() -> Bool { buffer.reserve() && tokenizer.reserve() }

    /// Returns what was accepted since the last call, with the lines of the first places.
    mutating func takeRepairs(_ lines: inout LineFinder) -> Repairs {
        var all = tokenizer.takeRepairs()
        if let ragged = encoder?.takeRepairs() { all.add(ragged) }
        all.add(repairs.take())
        if !all.isEmpty { all.place(&lines) }
        return all
    }

    /// Swaps its buffer for another, which the caller must clear.
    mutating func exchangeBuffer(_ other: inout RowBuffer) { swap(&buffer, &other) }

    mutating func seek(to position: Int, number: UInt64) {
        slowRecordIsWaiting = false
        tokenizer.seek(to: position, number: number)
    }

    mutating func slide(to window: Window, dropped: Int) { tokenizer.slide(to: window, dropped: dropped) }

    /// The rows' texts, once the header is known.
    private(set) var texts: RowTexts?

    private mutating func open(_ texts: RowTexts) {
        self.texts = texts
        encoder = RowEncoder(
            texts: texts,
            dialect: tokenizer.dialect,
            skipsBlankLines: tokenizer.skipsBlankLines,
            kernel: tokenizer.kernel
        )
    }

    private mutating func openWithHeader() throws(CSVError) {
        guard let header = tokenizer.header else { return }
        if let field = headers?.difference(of: header) {
            // The header is the last record that was read.
            let start = tokenizer.window.offset + UInt64(tokenizer.slowRecord.start)
            throw CSVError(.headerMismatch, offset: start, record: max(1, tokenizer.index.number - 1), field: field)
        }
        if tokenizer.dialect.header == .firstRecord { meter?.note(header) }
        open(RowTexts(header: header, dialect: tokenizer.dialect, separator: separator, isEscaped: isEscaped))
    }

    private mutating func begin(limit: Int) throws(CSVError) -> Need {
        switch try tokenizer.begin(limit: limit, hasMemory: System.hasMemory(for:)) {
        case .more: return .input
        case .noMemory: return .memory
        case .ready, .end:
            try openWithHeader()
            return .end
        }
    }

    private mutating func readRows(limit: Int) throws(CSVError) -> Need {
        while true {
            if slowRecordIsWaiting {
                switch encodeSlowRecord() {
                case .full: return .room
                case .noMemory: return .memory
                case .done, .record: break
                }
            }
            if countsOnly {
                let count = tokenizer.countRegularRecords(limit: limit)
                buffer.count(count)
                if count > 0 { continue }
            }
            switch try tokenizer.step(limit: limit) {
            case .more: return .input
            case .end: return .end
            case .record: slowRecordIsWaiting = tokenizer.slowRecordIsRow
            case .indexed:
                switch encodeIndexed(limit: limit) {
                case .done: break
                case .full where buffer.count > 0: return .room
                case .noMemory: return .memory
                case .full: guard buffer.grow(for: 2 * buffer.capacity) else { return .memory }
                case .record:
                    guard try tokenizer.readRecord() else { return .input }
                    slowRecordIsWaiting = tokenizer.slowRecordIsRow
                }
            }
        }
    }

    private mutating func encodeIndexed(limit: Int) -> RowEncoder.Stop {
        let origin = tokenizer.index.origin
        let offset = tokenizer.window.offset + UInt64(origin)
        let indexLimit = limit == .max ? .max : limit - origin
        let before = tokenizer.index
        let stop = encoder?.encode(&tokenizer.index, limit: indexLimit, offset: offset, into: &buffer) ?? .done
        if before.hasBareCR { tokenizer.index.noteBareCRs(since: before, offset: offset, in: &repairs) }
        return stop
    }

    /// Encodes the slow record. Returns `full` if the buffer must be cleared first.
    private mutating func encodeSlowRecord() -> RowEncoder.Stop {
        let number = tokenizer.index.number - 1
        let stop = encoder?.encode(tokenizer.slowRecord, in: tokenizer.window, number: number, into: &buffer) ?? .done
        slowRecordIsWaiting = stop == .full
        return stop
    }
}
