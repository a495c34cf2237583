import SluiceCSV
import SluiceJSON
import SluicePlatform

/// Reads records from a window and encodes them as rows into its buffer: tokenizer, encoder and buffer as one. The only
/// loop that drives the tokenizer for rows.
struct RowReader: ~Copyable {
    /// Why a run stopped. The rows of all records before the next one were written to the buffer.
    enum Need {
        /// The buffer is full, or so many records were put aside that they must be taken.
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
    private let shape: RowShape
    private let facts: RowShape.InputFacts
    private var encoder: RowEncoder?
    /// Rows to skip, and then rows to read.
    private var skipsLeft: Int
    private var rowsLeft: Int
    /// Bare CRs in the records that were encoded from the index.
    private var repairs = Repairs()
    /// The bad records since they were last taken, and the bytes that they hold.
    private var rejects: [Reject] = []
    private var rejectedBytes = 0
    private let putsAside: Bool
    /// Whether the tokenizer's slow record was read but did not fit the buffer.
    private var slowRecordIsWaiting = false

    /// Creates a reader at the start of the input, or at the resume point, which `window` must hold.
    init(_ options: Options, window: Window, from resume: ResumePoint? = nil) {
        let opening = resume?.opening
        tokenizer = Tokenizer(dialect: options.dialect, kernel: options.kernel, opening: opening, window: window)
        buffer = RowBuffer(capacity: options.bufferSize, isMarked: options.needsMarks)
        separator = options.separator
        isEscaped = options.isEscaped
        countsOnly = options.countsOnly
        headers = options.headers
        meter = options.meter
        shape = options.shape
        facts = options.facts
        putsAside = options.putsAside
        (skipsLeft, rowsLeft) = (options.skippedRows, options.mostRows)
        if let texts = resume?.texts { open(texts) }
        if let start = resume?.position {
            seek(to: Int(start.offset - window.offset), number: start.number)
            know(start.line, of: start.offset)
        }
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
        /// Whether records that break a rule are put aside. Otherwise the first of them ends the run.
        var putsAside = false
        var bufferSize = 1 << 18
        var shape = RowShape()
        /// What rows can hold of the input.
        var facts = RowShape.InputFacts()
        /// How many rows after the header are left out, and the most rows that follow. Then the input's rest is not read.
        var skippedRows = 0
        var mostRows = Int.max
        var headers: HeaderAgreement?
        /// Counts what is read, and notes headers.
        var meter: Meter?

        /// Whether all rows of the input are read. Otherwise they are counted from its start, by one thread.
        var isWhole: Bool { skippedRows == 0 && mostRows == .max }
    }

    /// Reads the records that start before the window offset `limit`. Returns why it stopped.
    mutating func run(limit: Int = .max) -> Need {
        buffer.mostRows = rowsLeft
        defer {
            rowsLeft -= buffer.rows
            buffer.clampLastMark(to: tokenizer.window.offset + UInt64(tokenizer.window.count))
        }
        do throws(CSVError) {
            if encoder == nil {
                let need = try beginPuttingAside(limit: limit)
                if encoder == nil { return need }
            }
            while true {
                do throws(CSVError) {
                    if skipsLeft > 0, let need = try skipRows(limit: limit) { return need }
                    return try readRows(limit: limit)
                } catch {
                    if let need = try putAside(first(error)) { return need }
                }
            }
        } catch {
            return .invalid(error)
        }
    }

    /// Reads the start of the input. Bad records that precede the first row, but not the header, are put aside.
    private mutating func beginPuttingAside(limit: Int) throws(CSVError) -> Need {
        while true {
            do throws(CSVError) { return try begin(limit: limit) } catch {
                if let need = try putAside(error) { return need }
            }
        }
    }

    /// Puts the next record aside. Returns nil if reading can go on at once.
    private mutating func putAside(_ error: CSVError) throws(CSVError) -> Need? {
        guard putsAside else { throw error }
        guard let reject = try tokenizer.putAside(error) else { return .input }
        rejects.append(reject)
        rejectedBytes += reject.raw.count + Self.rejectOverhead
        return rejectedBytes < Self.mostRejectedBytes ? nil : .room
    }

    /// What a reject takes beside its bytes, about, and the most that all may take.
    private static var rejectOverhead: Int { 256 }
    private static var mostRejectedBytes: Int { 1 << 16 }

    /// Returns the records that were put aside since the last call, with their lines.
    mutating func takeRejects(_ lines: inout LineFinder) -> [Reject] {
        if rejects.isEmpty { return [] }
        for index in rejects.indices { rejects[index].place(&lines) }
        defer { (rejects, rejectedBytes) = ([], 0) }
        return rejects
    }

    /// Returns the first error of the record in which a field's text was found to be invalid: a value before it may break a rule.
    private mutating func first(_ error: CSVError) -> CSVError {
        guard error.code == .invalidUTF8 else { return error }
        let (record, window) = (tokenizer.slowRecord, tokenizer.window)
        return encoder?.fault(before: error.field, of: record, in: window, number: error.record) ?? error
    }

    /// Reads the header if it starts before the window offset `limit` and the window holds all of it; then there are ``texts``.
    ///
    /// - Throws: `badData` if the header is invalid, `outOfMemory`.
    mutating func takeHeader(limit: Int = .max) throws(SluiceError) {
        if texts != nil { return }
        var need = Need.room
        while case .room = need {
            do throws(CSVError) { need = try beginPuttingAside(limit: limit) } catch {
                throw .badData(tokenizer.placed(error))
            }
        }
        if case .memory = need { throw .outOfMemory }
    }

    mutating func clearBuffer() { buffer.clear() }

    /// Allocates the memory for usual records. Returns whether there is enough.
    mutating func reserve() -> Bool { buffer.reserve() && tokenizer.reserve() }

    /// Returns what was accepted since the last call, with the lines of the first places.
    mutating func takeRepairs(_ lines: inout LineFinder) -> Repairs {
        var all = tokenizer.takeRepairs(withLast: !slowRecordIsWaiting)
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

    /// Notes the line of an offset in the window.
    mutating func know(_ line: UInt64, of offset: UInt64) { encoder?.lines.know(line, of: offset) }

    mutating func slide(to window: Window, dropped: Int) {
        tokenizer.slide(to: window, dropped: dropped)
        encoder?.lines.slide(to: window)
    }

    /// The rows' texts, once the start of the input was read.
    private(set) var texts: RowTexts?

    private mutating func open(_ texts: RowTexts) {
        self.texts = texts
        // A reject holds the record's bytes. Its probable cause is not looked for.
        tokenizer.examinesErrors = !putsAside
        encoder = RowEncoder(
            texts: texts,
            dialect: tokenizer.dialect,
            skipsBlankLines: tokenizer.skipsBlankLines,
            kernel: tokenizer.kernel,
            lines: LineFinder(tokenizer.dialect, tokenizer.kernel, window: tokenizer.window),
            countsOnly: countsOnly
        )
        countsWithoutIndex = countsOnly && rowsLeft == .max && texts.plan?.checksValues != true
    }

    private mutating func openWithHeader() throws(CSVError) {
        guard let header = tokenizer.header else { return }
        if let field = headers?.difference(of: header) { throw headerError(.headerMismatch, field) }
        if tokenizer.dialect.header == .firstRecord { meter?.note(header) }
        open(try texts(of: header))
    }

    private func texts(of header: Header) throws(CSVError) -> RowTexts {
        let dialect = tokenizer.dialect
        if shape.isPlain {
            return RowTexts(header: header, dialect: dialect, separator: separator, isEscaped: isEscaped)
        }
        do throws(RowPlan.Misfit) {
            let plan = try RowPlan(shape, header: header, source: facts)
            return RowTexts(plan: plan, dialect: dialect, separator: separator, isEscaped: isEscaped)
        } catch {
            var found = headerError(error.code, error.field)
            // A header that does not match the schema differs in more than one column.
            if error.code != .headerMismatch { found.column = String(decoding: error.name, as: UTF8.self) }
            found.detail = error.detail
            throw found
        }
    }

    private func headerError(_ code: CSVError.Code, _ field: Int) -> CSVError {
        let (offset, number) = tokenizer.opening.headerStart
        return CSVError(code, offset: offset, record: number, field: field)
    }

    private mutating func begin(limit: Int) throws(CSVError) -> Need {
        switch try tokenizer.begin(limit: limit, hasMemory: System.hasMemory(for:)) {
        case .more: return .input
        case .noMemory: return .memory
        case .end: return .end
        case .ready:
            try openWithHeader()
            return .end
        }
    }

    /// Whether rows are counted without an index.
    private var countsWithoutIndex = false

    /// Skips rows. Their records are read, but their values are not checked. Returns nil when all are skipped.
    private mutating func skipRows(limit: Int) throws(CSVError) -> Need? {
        while skipsLeft > 0 {
            switch try tokenizer.step(limit: limit) {
            case .more: return .input
            case .end: return .end
            case .record: skipsLeft -= tokenizer.slowRecordIsRow ? 1 : 0
            case .indexed:
                let before = tokenizer.index
                let isIrregular = tokenizer.skipIndexedRecords(limit: limit, rows: &skipsLeft)
                noteBareCRs(since: before)
                guard isIrregular else { continue }
                guard try tokenizer.readRecord() else { return .input }
                skipsLeft -= tokenizer.slowRecordIsRow ? 1 : 0
            }
        }
        return nil
    }

    private mutating func readRows(limit: Int) throws(CSVError) -> Need {
        while true {
            if buffer.rows >= rowsLeft { return .end }
            if slowRecordIsWaiting {
                switch encodeSlowRecord() {
                case .full: return .room
                case .noMemory: return .memory
                case .invalid: throw breach()
                case .done, .record: continue
                }
            }
            if countsWithoutIndex {
                let count = tokenizer.countRegularRecords(limit: limit)
                buffer.count(count)
                if count > 0 { continue }
            }
            switch try tokenizer.step(limit: limit) {
            case .more: return .input
            case .end: return .end
            case .record: slowRecordIsWaiting = tokenizer.slowRecordIsRow
            case .indexed:
                let stop = encodeIndexed(limit: limit)
                // What stopped it may be a record after the last row to read.
                if buffer.rows >= rowsLeft { return .end }
                switch stop {
                case .done: break
                case .full where buffer.count > 0: return .room
                case .invalid: throw breach()
                case .noMemory: return .memory
                case .full: guard buffer.grow(for: 2 * buffer.capacity) else { return .memory }
                case .record:
                    guard try tokenizer.readRecord() else { return .input }
                    slowRecordIsWaiting = tokenizer.slowRecordIsRow
                }
            }
        }
    }

    /// Moves before the record with a value that breaks a rule, and returns that error.
    private mutating func breach() -> CSVError {
        if slowRecordIsWaiting {
            tokenizer.dropLastRepairs()
            seek(to: tokenizer.slowRecord.start, number: tokenizer.index.number - 1)
        }
        return encoder?.fault ?? CSVError(.constraint, offset: 0, record: 0)
    }

    private mutating func encodeIndexed(limit: Int) -> RowEncoder.Stop {
        let origin = tokenizer.index.origin
        let offset = tokenizer.window.offset + UInt64(origin)
        let indexLimit = limit == .max ? .max : limit - origin
        let before = tokenizer.index
        let stop = encoder?.encode(&tokenizer.index, limit: indexLimit, offset: offset, into: &buffer) ?? .done
        noteBareCRs(since: before)
        return stop
    }

    /// Notes the bare CRs of the records that were read from the index since it was `before`.
    private mutating func noteBareCRs(since before: StructuralIndex) {
        guard before.hasBareCR else { return }
        let offset = tokenizer.window.offset + UInt64(before.origin)
        tokenizer.index.noteBareCRs(since: before, offset: offset, in: &repairs)
    }

    /// Encodes the slow record. Returns `full` if the buffer must be cleared first.
    private mutating func encodeSlowRecord() -> RowEncoder.Stop {
        let number = tokenizer.index.number - 1
        let stop = encoder?.encode(tokenizer.slowRecord, in: tokenizer.window, number: number, into: &buffer) ?? .done
        slowRecordIsWaiting = stop == .full || stop == .invalid
        return stop
    }
}
