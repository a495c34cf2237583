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

    /// Reads what comes before the first row: the byte order mark, skipped lines, the header and records that are skipped after
    /// it, as far as they start before the window offset `limit`. Skipped lines are read also after it.
    ///
    /// For a large header, `hasMemory` is called to find out whether that many bytes are available.
    package mutating func begin(
        limit: Int = .max,
        hasMemory: (_ count: Int) -> Bool = { _ in true }
    ) throws(CSVError) -> Beginning {
        if opening.isDone { return .ready }
        guard try reachRecords() else { return .more }
        while position < min(limit, window.count) {
            if dialect.header == .firstRecord, opening.header == nil {
                switch try readHeader(hasMemory) {
                case .ready: continue
                case let other: return other
                }
            }
            if opening.records == 0 { break }
            guard try skipRecord() else { return .more }
            if slowRecordIsRow { opening.records -= 1 }
        }
        if opening.records == 0 {
            if dialect.header == .none, opening.header == nil {
                let found = try readWidth(limit: limit)
                if found != .ready { return found }
            }
            if opening.header != nil {
                opening.isDone = true
                return .ready
            }
        }
        return position >= limit || window.isLast ? .end : .more
    }

    /// Reads what comes before the first record. Returns false if the window ends before that.
    private mutating func reachRecords() throws(CSVError) -> Bool {
        if opening.firstRecord != nil { return true }
        if opening.isBeforeLines {
            guard try isRecognized(), let mark = markLength, let isSepLine = isSepLine(at: mark) else { return false }
            let namesDelimiter = isSepLine && (dialect.sepLine == .use || opening.lines == 0)
            let delimiter = namesDelimiter ? try delimiter(ofSepLineAt: mark) : nil
            if opening.header == nil, case .names(let names) = dialect.header {
                try take(names.map { Array($0.utf8) })
            }
            seek(to: mark, number: 1)
            if let delimiter {
                guard try skipLine() else {
                    seek(to: 0, number: 1)
                    return false
                }
                use(delimiter)
                opening.delimiter = delimiter
                opening.lines = max(0, opening.lines - 1)
                opening.linesRead = 1
            }
            opening.isBeforeLines = false
        }
        while opening.lines > 0, position < window.count {
            guard try skipLine() else { return false }
            opening.lines -= 1
            opening.linesRead += 1
        }
        if opening.lines > 0, !window.isLast { return false }
        let line = UInt64(1 + opening.linesRead)
        opening.firstRecord = RecordPosition(offset: window.offset + UInt64(position), number: 1, line: line)
        return true
    }

    /// Reads the next record as one of those that the header may consist of. Returns `ready` if it was read.
    private mutating func readHeader(_ hasMemory: (_ count: Int) -> Bool) throws(CSVError) -> Beginning {
        let (start, number, repairsBefore) = (position, index.number, repairs)
        let isName = dialect.headerRows.contains(opening.headerRecords + 1)
        guard try isName ? readRecord() : skipRecord() else { return .more }
        if slowRecord.isBlank || slowRecord.isComment { return .ready }
        if isName, sizeOfHeader > 1 << 20, !hasMemory(sizeOfHeader) {
            // Go back, so that a later call reads the record again.
            seek(to: start, number: number)
            repairs = repairsBefore
            return .noMemory
        }
        opening.headerRecords += 1
        if !isName { return .ready }
        opening.add(values(), joinedBy: Array(dialect.headerJoin.utf8))
        if opening.headerRecords == dialect.headerRows.last {
            opening.headerStart = (window.offset + UInt64(start), number)
            try take(opening.names)
            opening.names = []
        }
        return .ready
    }

    private mutating func take(_ names: [[UInt8]]) throws(CSVError) {
        let (offset, number) = opening.headerStart
        opening.header = Header(names: try unique(names, offset: offset, number: number), width: names.count)
    }

    /// Finds the number of fields of the first record that is not blank, without taking it.
    private mutating func readWidth(limit: Int) throws(CSVError) -> Beginning {
        while position < min(limit, window.count) {
            let (start, number, repairsBefore) = (position, index.number, repairs)
            guard try readRecord() else { return .more }
            if slowRecord.isBlank || slowRecord.isComment { continue }
            opening.header = Header(names: nil, width: slowRecord.fields.count)
            seek(to: start, number: number)
            repairs = repairsBefore
            return .ready
        }
        return position >= limit || window.isLast ? .end : .more
    }

    /// The most memory that ``slowRecord`` takes as a header: rows use up to six bytes for each byte of a name, in several
    /// copies, and each field takes space in arrays and sets.
    private var sizeOfHeader: Int {
        let fields = slowRecord.fields
        let repeated = opening.repeatedBytes(count: fields.count, last: fields.last.map { $0.end - $0.start } ?? 0)
        return 16 * (slowRecord.next - slowRecord.start + repeated) + 512 * fields.count
    }

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

    /// Returns the delimiter that the `sep=` line at an offset names.
    ///
    /// - Throws: ``CSVError/Code/sepLine`` if the dialect says so, or cannot use that delimiter.
    private func delimiter(ofSepLineAt start: Int) throws(CSVError) -> UInt8 {
        let isQuoted = window[start] == UInt8(ascii: "\"")
        // Safe: the line was read.
        let delimiter = window[start + (isQuoted ? 5 : 4)]
        let end = start + (isQuoted ? 7 : 5)
        let endsWithCR = window.byte(at: end) == 0x0D && window.byte(at: end + 1) != 0x0A
        var used = dialect
        (used.delimiter, used.delimiterTail) = (delimiter, [])
        let isUsable = used.fault == nil && (!endsWithCR || dialect.bareCR == .newline)
        if isUsable, dialect.sepLine == .use { return delimiter }
        throw CSVError(.sepLine, offset: UInt64(start), record: 1, detail: isUsable ? .delimiter(delimiter) : .none)
    }

    /// The values of ``slowRecord``.
    private func values() -> [[UInt8]] {
        let (window, dialect) = (window, dialect)
        return slowRecord.fields.map { $0.value(in: window, dialect) }
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

    /// Whether ``slowRecord`` is a row, rather than a comment or a blank line to skip.
    package var slowRecordIsRow: Bool { !slowRecord.isComment && !(slowRecord.isBlank && skipsBlankLines) }

    /// Throws if the dialect refuses ``slowRecord``, which is blank.
    func checkBlank() throws(CSVError) {
        if dialect.blankLines == .error {
            throw CSVError(.blankLine, offset: window.offset + UInt64(slowRecord.start), record: index.number)
        }
    }

    /// Checks ``slowRecord`` against the options on blank lines and, once the header is known, on the number of fields.
    /// Returns false if bytes beyond the window are needed to describe an error.
    func checkShape() throws(CSVError) -> Bool {
        if slowRecord.isBlank { try checkBlank() }
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
            offset: window.offset + UInt64(slowRecord.start),
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
        guard !slowRecord.isComment, let names = header?.names, error.field <= names.count, error.isAboutField else {
            return error
        }
        var error = error
        error.column = String(decoding: names[error.field - 1], as: UTF8.self)
        return error
    }
}
