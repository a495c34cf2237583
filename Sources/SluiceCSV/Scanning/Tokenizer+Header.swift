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

    /// Reads the next record as one of those that the header may consist of. Returns `ready` if it was read.
    private mutating func readHeader(_ hasMemory: (_ count: Int) -> Bool) throws(CSVError) -> Beginning {
        let (start, number) = (position, index.number)
        let isName = dialect.headerRows.contains(opening.headerRecords + 1)
        guard try isName ? readRecord() : skipRecord() else { return .more }
        if slowRecord.isBlank || slowRecord.isComment { return .ready }
        if isName, sizeOfHeader > 1 << 20, !hasMemory(sizeOfHeader) {
            // Go back, so that a later call reads the record again.
            seek(to: start, number: number)
            dropLastRepairs()
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

    /// Makes these the names of the columns.
    mutating func take(_ names: [[UInt8]]) throws(CSVError) {
        let (offset, number) = opening.headerStart
        opening.header = Header(names: try unique(names, offset: offset, number: number), width: names.count)
    }

    /// Finds the number of fields of the first record that is not blank, without taking it.
    private mutating func readWidth(limit: Int) throws(CSVError) -> Beginning {
        while position < min(limit, window.count) {
            let (start, number) = (position, index.number)
            guard try readRecord() else { return .more }
            if slowRecord.isBlank || slowRecord.isComment { continue }
            opening.header = Header(names: nil, width: slowRecord.fields.count)
            seek(to: start, number: number)
            dropLastRepairs()
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
