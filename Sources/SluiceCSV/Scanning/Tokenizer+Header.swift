/// The start of an input, and the number of fields that its first record requires of all others.
extension Tokenizer {
    package enum Beginning {
        /// The header is known; records follow.
        case ready
        /// The window must grow.
        case more
        /// There is no header that starts before the limit.
        case end
        /// There is not enough memory for the header.
        case noMemory
    }

    /// Reads the byte order mark, blank lines and the header, as far as they start before the window offset `limit`.
    ///
    /// For a large header, `hasMemory` is called to find out whether that many bytes are available.
    package mutating func begin(
        limit: Int = .max,
        hasMemory: (_ count: Int) -> Bool = { _ in true }
    ) throws(CSVError) -> Beginning {
        if header != nil { return .ready }
        if window.offset == 0, position == 0 {
            guard try isRecognized(), let mark = markLength, let isSepLine = isSepLine(at: mark) else { return .more }
            if isSepLine { throw sepLine(at: mark) }
            seek(to: mark, number: 1)
        }
        if case .names(let names) = dialect.header {
            let names = names.map { Array($0.utf8) }
            header = Header(names: try unique(names, offset: 0, number: 1), width: names.count)
            return .ready
        }
        while position < min(limit, window.count) {
            let (start, number, repairsBefore) = (position, index.number, repairs)
            guard try readRecord() else { return .more }
            if slowRecord.isBlank { continue }
            if sizeOfHeader > 1 << 20, !hasMemory(sizeOfHeader) {
                // Go back, so that a later call reads the header again.
                seek(to: start, number: number)
                repairs = repairsBefore
                return .noMemory
            }
            if dialect.header == .none {
                header = Header(names: nil, width: slowRecord.fields.count)
                seek(to: start, number: number)
                repairs = repairsBefore
            } else {
                let offset = window.offset + UInt64(start)
                let names = try unique(values(), offset: offset, number: number)
                header = Header(names: names, width: names.count)
            }
            return .ready
        }
        return position >= limit || window.isLast ? .end : .more
    }

    /// The most memory that ``slowRecord`` takes as a header: rows use up to six bytes for each byte of a name, in several
    /// copies, and each field takes space in arrays and sets.
    private var sizeOfHeader: Int { 16 * (slowRecord.next - slowRecord.start) + 512 * slowRecord.fields.count }

    /// Returns true if the input is recognized as CSV, false if the window is too short to decide.
    ///
    /// - Throws: An error if the input is something else.
    private func isRecognized() throws(CSVError) -> Bool {
        let recognition = Recognition(
            window.bytes[0..<min(window.count, Recognition.limit)].array,
            isAll: window.isLast,
            as: window.form.isTranscoded ? .transcoded : .utf8,
            assumesCSV: dialect.assumesCSV
        )
        switch recognition.verdict {
        case .open: return false
        case .csv: return true
        case .fault(let code, let detail): throw CSVError(code, offset: 0, record: 1, detail: detail)
        }
    }

    /// The length of the byte order mark; nil if the window is too short to decide.
    private var markLength: Int? {
        if window.form.isMarkGone { return 0 }
        let first = (0..<min(UTF8Text.mark.count, window.count)).map { window[$0] }
        if first == UTF8Text.mark { return first.count }
        return !window.isLast && UTF8Text.mark.starts(with: first) ? nil : 0
    }

    /// Returns whether the first line is `sep=;` or the like, also in quotes; nil if the window is too short to decide.
    private func isSepLine(at start: Int) -> Bool? {
        let isQuoted = start < window.count && window[start] == UInt8(ascii: "\"")
        let wanted = Array((isQuoted ? "\"sep=" : "sep=").utf8)
        let line = (start..<min(start + wanted.count + 4, window.count)).map { window[$0] }
        for (byte, letter) in zip(line, wanted) where byte | 0x20 != letter | 0x20 { return false }
        // The delimiter, the closing quote and the line end follow.
        let rest = line.dropFirst(wanted.count) + (window.isLast ? [0x0A] : [])
        guard let delimiter = rest.first else { return nil }
        if delimiter == 0x0A || delimiter == 0x0D { return false }
        var end = rest.dropFirst()
        if isQuoted {
            guard let quote = end.popFirst() else { return nil }
            if quote != UInt8(ascii: "\"") { return false }
        }
        guard let first = end.first else { return nil }
        // The next byte decides whether the CR is part of a CR LF.
        if first == 0x0D, end.count < 2, !window.isLast { return nil }
        return first == 0x0A || first == 0x0D
    }

    private func sepLine(at start: Int) -> CSVError {
        let isQuoted = window[start] == UInt8(ascii: "\"")
        // Safe: the line was read.
        let delimiter = window[start + (isQuoted ? 5 : 4)]
        let end = start + (isQuoted ? 7 : 5)
        let endsWithLF = (end..<min(end + 2, window.count)).contains { window[$0] == 0x0A }
        // If the bytes are not UTF-8, or without LF, no command can find the line's end, so none can be suggested.
        let detail: CSVError.Detail = window.form.isTranscoded || !endsWithLF ? .none : .delimiter(delimiter)
        return CSVError(.sepLine, offset: UInt64(start), record: 1, detail: detail)
    }

    /// The values of ``slowRecord``.
    private func values() -> [[UInt8]] {
        slowRecord.fields.map { field in
            var value: [UInt8] = []
            field.appendValue(in: window, quote: dialect.quote, to: &value)
            return value
        }
    }

    private mutating func unique(_ names: [[UInt8]], offset: UInt64, number: UInt64) throws(CSVError) -> [[UInt8]] {
        if dialect.nulInNames == .error, let field = names.firstIndex(where: { $0.contains(0) }) {
            throw CSVError(.nulInName, offset: offset, record: number, field: field + 1)
        }
        if dialect.duplicateHeaders == .rename {
            let unique = Header.renamingDuplicates(names)
            for column in names.indices where unique[column] != names[column] {
                let place = Repairs.Place(offset: offset, record: number, field: column + 1)
                repairs.note(.duplicateHeader, at: place)
            }
            return unique
        }
        guard let second = Header.firstDuplicate(names) else { return names }
        let same = names.indices.filter { names[$0] == names[second] }.prefix(CSVError.listedColumns)
        throw CSVError(
            .duplicateHeader,
            offset: offset,
            record: number,
            field: second + 1,
            column: String(decoding: names[second], as: UTF8.self),
            detail: .columns(same.map { $0 + 1 })
        )
    }

    /// Whether blank lines are skipped rather than rows.
    package var skipsBlankLines: Bool {
        switch dialect.blankLines {
        case .skip: header?.width != 1
        case .skipAll: true
        case .error: false
        }
    }

    /// Whether ``slowRecord`` is a row, rather than a blank line to skip.
    package var slowRecordIsRow: Bool { !(slowRecord.isBlank && skipsBlankLines) }

    /// Checks ``slowRecord`` against the options on blank lines and, once the header is known, on the number of fields.
    /// Returns false if bytes beyond the window are needed to describe an error.
    func checkShape() throws(CSVError) -> Bool {
        let start = window.offset + UInt64(slowRecord.start)
        if slowRecord.isBlank, dialect.blankLines == .error {
            throw CSVError(.blankLine, offset: start, record: index.number)
        }
        guard let header, slowRecordIsRow, dialect.ragged == .error, slowRecord.fields.count != header.width else {
            return true
        }
        let signs = FaultSigns(
            window: window,
            dialect: dialect,
            recordStart: slowRecord.start,
            fieldStart: slowRecord.start,
            width: header.width
        )
        guard let isSplit = signs.isSplit(slowRecord) else { return false }
        throw CSVError(
            .raggedRecord,
            offset: start,
            record: index.number,
            field: min(slowRecord.fields.count, header.width) + 1,
            detail: .fields(
                CSVError.FieldCount(
                    found: slowRecord.fields.count,
                    expected: header.width,
                    hasHeader: header.names != nil,
                    surplusIsEmpty: slowRecord.fields.count > header.width && slowRecord.isEmpty(from: header.width),
                    isSplit: isSplit
                )
            )
        )
    }

    /// Returns the error with its line, counted from the start of the window, and its offset in the input as stored.
    package func placed(_ error: CSVError) -> CSVError {
        var lines = LineFinder(dialect, kernel, window: window)
        return lines.placed(error)
    }

    /// Returns the error with the name of its column, if it concerns a field whose column has a name.
    func named(_ error: CSVError) -> CSVError {
        guard let names = header?.names, error.field <= names.count, error.isAboutField else { return error }
        var error = error
        error.column = String(decoding: names[error.field - 1], as: UTF8.self)
        return error
    }
}
