import SluiceCSV
import SluiceJSON

// The reference parser computes what a CSV input means in a slow and obvious way. It is the oracle for the fast engine.
//
// Its three steps each have their own file. A state machine splits bytes into records (ReferenceTokenizer.swift); the data
// of a field becomes UTF-8 (ReferenceUTF8.swift); the header becomes names (ReferenceHeader.swift). This file combines
// them: it decides which records are blank, which is the header, which are ragged, and in which order errors take
// precedence. ReferenceParser+Rejects.swift puts bad records aside.

/// A parser for CSV as the documentation defines it, byte by byte.
package enum ReferenceParser {
    /// Parses an input. The dialect must be without a ``Dialect/fault``.
    ///
    /// With `rejects`, records after the header that break a rule are put aside, and reading goes on after them.
    package static func parse(
        _ bytes: [UInt8],
        dialect: Dialect,
        shape: ReferenceShape = ReferenceShape(),
        rejects: Bool = false
    ) -> ReferenceTable {
        var reading = ReferenceReading(dialect: dialect, shape: shape, rejects: rejects)
        do throws(CSVError) {
            try reading.read(bytes)
        } catch {
            reading.table.error = reading.named(error)
            reading.table.error?.line = line(of: error.offset, in: bytes, dialect: dialect)
        }
        return reading.table
    }

    /// Returns the physical line of a byte, counted from 1.
    package static func line(of offset: UInt64, in bytes: [UInt8], dialect: Dialect) -> UInt64 {
        var line: UInt64 = 1
        for (position, byte) in bytes.prefix(Int(offset)).enumerated() {
            let isCRLF = byte == 0x0D && position + 1 < bytes.count && bytes[position + 1] == 0x0A
            if byte == 0x0A || (byte == 0x0D && dialect.bareCR == .newline && !isCRLF) { line += 1 }
        }
        return line
    }
}

/// A table under construction.
struct ReferenceReading {
    /// With the delimiter that a `sep=` line names.
    var dialect: Dialect
    let shape: ReferenceShape
    let rejects: Bool
    var table = ReferenceTable()
    /// The number of columns, or nil until it is known.
    var width: Int?
    /// How many records were read that count for `Dialect.headerRows`.
    var headerRecords = 0
    /// The values of the header rows.
    var headerValues: [[[UInt8]]] = []
    /// How many records after the header are still to be skipped.
    var recordsToSkip = 0
    /// Whether a comment or a skipped line is read, which has no columns.
    var isInComment = false

    init(dialect: Dialect, shape: ReferenceShape, rejects: Bool) {
        self.dialect = dialect
        self.shape = shape
        self.rejects = rejects
        recordsToSkip = dialect.skippedAfterHeader
    }

    mutating func read(_ bytes: [UInt8]) throws(CSVError) {
        let verdict = Recognition(bytes, isAll: true, as: .utf8, assumesCSV: dialect.assumesCSV).verdict
        if case .fault(let code, let detail) = verdict { throw CSVError(code, offset: 0, record: 1, detail: detail) }
        var start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        var linesToSkip = dialect.skippedLines
        let delimiter = sepLine(bytes, at: start)
        let isRead = delimiter != nil && (linesToSkip == 0 || dialect.sepLine == .use)
        if isRead, let delimiter { try use(delimiter, bytes, start) }
        if case .names(let names) = dialect.header {
            try takeNames(names.map { Array($0.utf8) }, offset: 0, record: 1)
        }
        if isRead { linesToSkip = max(1, linesToSkip) }
        table.end = UInt64(start)
        isInComment = true
        while linesToSkip > 0, start < bytes.count {
            start = try ReferenceTokenizer.lineEnd(bytes, from: start, dialect, record: 1).end
            table.end = UInt64(start)
            linesToSkip -= 1
        }
        isInComment = false
        var tokenizer = ReferenceTokenizer(bytes, from: start, dialect: dialect)
        while tokenizer.position < bytes.count {
            let (isInHeader, repairs) = (isInHeader, table.repairs)
            isInComment = false
            do throws(CSVError) {
                try takeRecord(&tokenizer, bytes)
            } catch {
                // A bad record before the end of the header could be the header, so nothing after it can be read.
                if !rejects || isInHeader || error.code == .recordTooLong { throw error }
                table.repairs = repairs
                try putAside(error, &tokenizer)
            }
        }
    }

    private mutating func takeRecord(_ tokenizer: inout ReferenceTokenizer, _ bytes: [UInt8]) throws(CSVError) {
        guard let record = try next(&tokenizer, bytes) else { return }
        let isSkipped = isSkipping
        try take(record, bytes)
        for accepted in record.accepted where !isSkipped {
            note(accepted.code, UInt64(accepted.offset), record.number, accepted.field)
        }
        table.lineStarts.append(record.start)
        table.end = record.end
    }

    /// Returns the delimiter that a first line `sep=;` names, or nil if the first line is another.
    private func sepLine(_ bytes: [UInt8], at start: Int) -> UInt8? {
        let firstLine = Array(bytes[start...].prefix { $0 != 0x0A && $0 != 0x0D })
        let text = String(decoding: firstLine.prefix(5), as: UTF8.self).lowercased()
        if firstLine.count == 5, text.hasPrefix("sep=") { return firstLine[4] }
        return firstLine.count == 7 && text == "\"sep=" && firstLine[6] == 0x22 ? firstLine[5] : nil
    }

    /// Makes the byte that the first line names the delimiter, or throws.
    private mutating func use(_ delimiter: UInt8, _ bytes: [UInt8], _ start: Int) throws(CSVError) {
        var used = dialect
        used.delimiter = delimiter
        used.delimiterTail = []
        let rest = bytes[start...].drop { $0 != 0x0A && $0 != 0x0D }
        let hasBareCR = rest.first == 0x0D && rest.dropFirst().first != 0x0A
        let isUsable = used.fault == nil && (!hasBareCR || dialect.bareCR == .newline)
        if !isUsable || dialect.sepLine == .error {
            let detail: CSVError.Detail = isUsable ? .delimiter(delimiter) : .none
            throw CSVError(.sepLine, offset: UInt64(start), record: 1, detail: detail)
        }
        dialect = used
    }

    /// Whether the header is not complete.
    private var isInHeader: Bool { dialect.header == .firstRecord && width == nil }

    /// Whether the next record that is neither blank nor a comment is skipped.
    private var isSkipping: Bool {
        if isInHeader { return !dialect.headerRows.contains(headerRecords + 1) }
        return recordsToSkip > 0
    }

    /// Returns the next record, or throws an error with the sign of the bytes around it.
    private mutating func next(
        _ tokenizer: inout ReferenceTokenizer,
        _ bytes: [UInt8]
    ) throws(CSVError) -> ReferenceRecord? {
        do throws(CSVError) { return try tokenizer.next() } catch {
            let signs = ReferenceSigns(
                bytes: bytes,
                dialect: dialect,
                recordStart: tokenizer.recordStart,
                fieldStart: tokenizer.fieldStart,
                width: width
            )
            var error = error
            isInComment = tokenizer.isComment
            if !isInComment, let sign = signs.sign(of: error) { error.detail = .sign(sign) }
            throw error
        }
    }

    /// Returns the error with the name of its column.
    func named(_ error: CSVError) -> CSVError {
        var error = error
        let isInField: Set<CSVError.Code> = [
            .bareCR, .quoteInPlain, .textAfterQuote, .unterminatedQuote, .raggedRecord, .invalidUTF8,
        ]
        if let header = table.header, !isInComment, isInField.contains(error.code), error.field <= header.count {
            error.column = String(decoding: header[error.field - 1], as: UTF8.self)
        }
        return error
    }

    private mutating func take(_ record: ReferenceRecord, _ bytes: [UInt8]) throws(CSVError) {
        if record.isComment { return }
        if record.isBlank {
            switch dialect.blankLines {
            case .error: throw CSVError(.blankLine, offset: record.start, record: record.number)
            case .skipAll: return
            case .skip: if width != 1 { return }
            }
        }
        if isInHeader {
            headerRecords += 1
            if dialect.headerRows.contains(headerRecords) { try takeHeaderRow(record) }
        } else if recordsToSkip > 0 {
            recordsToSkip -= 1
        } else {
            try takeRow(record, bytes)
        }
    }

    /// Adds the values of a header row to the names; with the last one they are complete.
    private mutating func takeHeaderRow(_ record: ReferenceRecord) throws(CSVError) {
        headerValues.append(try values(of: record))
        let width = headerValues.map(\.count).max() ?? 0
        let names = (0..<width).map { column in
            // A shorter row's last value stands for its further columns.
            let parts = headerValues.map { row in row[min(column, row.count - 1)] }.filter { !$0.isEmpty }
            return Array(parts.joined(separator: Array(dialect.headerJoin.utf8)))
        }
        if headerRecords == dialect.headerRows.last {
            try takeNames(names, offset: record.start, record: record.number)
        }
    }

    private mutating func takeNames(_ names: [[UInt8]], offset: UInt64, record: UInt64) throws(CSVError) {
        if dialect.nulInNames == .error {
            for (index, name) in names.enumerated() where name.contains(0) {
                throw CSVError(.nulInName, offset: offset, record: record, field: index + 1)
            }
        }
        if let field = ReferenceHeader.firstRepeated(names), dialect.duplicateHeaders == .error {
            let same = names.indices.filter { names[$0] == names[field - 1] }
            throw CSVError(
                .duplicateHeader,
                offset: offset,
                record: record,
                field: field,
                column: String(decoding: names[field - 1], as: UTF8.self),
                detail: .columns(Array(same.map { $0 + 1 }.prefix(CSVError.listedColumns)))
            )
        }
        table.header = ReferenceHeader.renamed(names)
        for (index, name) in names.enumerated() where table.header?[index] != name {
            note(.duplicateHeader, offset, record, index + 1)
        }
        width = names.count
        if var misfit = shape.misfit(table.header) {
            (misfit.offset, misfit.record) = (offset, record)
            throw misfit
        }
    }

    private mutating func takeRow(_ record: ReferenceRecord, _ bytes: [UInt8]) throws(CSVError) {
        let count = record.fields.count
        let width = self.width ?? count
        if count != width && dialect.ragged == .error {
            let signs = ReferenceSigns(
                bytes: bytes,
                dialect: dialect,
                recordStart: Int(record.start),
                fieldStart: Int(record.start),
                width: width
            )
            throw CSVError(
                .raggedRecord,
                offset: record.start,
                record: record.number,
                field: min(count, width) + 1,
                detail: .fields(
                    CSVError.FieldCount(
                        found: count,
                        expected: width,
                        hasHeader: table.header != nil,
                        surplusIsEmpty: count > width && record.fields[width...].allSatisfy(\.isNothing),
                        isSplit: signs.isSplit(fields: count, end: Int(record.end))
                    )
                )
            )
        }
        // All fields are read before the policy applies: the fields that it drops must be UTF-8 too.
        let (given, members) = try read(record, bytes)
        self.width = width
        if count != width { note(.raggedRecord, record.start, record.number, min(count, width) + 1) }
        let values = fitted(given, to: width)
        let keys = table.header.map { ReferenceHeader.keys($0, count: values.count) }
        var row = ReferenceRow(record, values: values, keys: keys)
        if !shape.shape.isPlain {
            let line = ReferenceParser.line(of: record.start, in: bytes, dialect: dialect)
            row.json = shape.row(
                try fitted(members, to: width, of: record),
                header: table.header,
                number: record.number,
                offset: record.start,
                line: line
            )
        }
        table.rows.append(row)
    }

    /// Returns the JSON of values after the policy for ragged records; nil for those that are left out.
    private func fitted(
        _ members: [[UInt8]?],
        to width: Int,
        of record: ReferenceRecord
    ) throws(CSVError) -> [[UInt8]?] {
        var members = members
        while members.count < width {
            if dialect.ragged == .omit {
                if var error = shape.absence(field: members.count + 1, table.header) {
                    (error.offset, error.record) = (record.start, record.number)
                    throw error
                }
                members.append(nil)
            } else {
                members.append(try value([], nil, false, members.count + 1, at: record.start, record))
            }
        }
        return dialect.ragged == .truncate ? Array(members.prefix(width)) : members
    }

    private func value(
        _ text: [UInt8],
        _ compared: [UInt8]?,
        _ isQuoted: Bool,
        _ field: Int,
        at offset: UInt64,
        _ record: ReferenceRecord
    ) throws(CSVError) -> [UInt8]? {
        switch shape.value(text, comparedText: compared, isQuoted: isQuoted, field: field, table.header) {
        case .success(let json): return json
        case .failure(var error):
            (error.offset, error.record) = (offset, record.number)
            throw error
        }
    }

    /// Returns the fields of a record as UTF-8, and their JSON, field by field.
    private mutating func read(
        _ record: ReferenceRecord,
        _ bytes: [UInt8]
    ) throws(CSVError) -> (values: [[UInt8]], members: [[UInt8]?]) {
        if shape.shape.isPlain { return (try values(of: record), []) }
        var (all, members) = ([[UInt8]](), [[UInt8]?]())
        for field in record.fields {
            try appendValue(of: field, record, to: &all)
            let compared = field.isQuoted ? nil : dialect.escape.map { field.raw(escape: $0) }
            let text = all[all.count - 1]
            members.append(try value(text, compared, field.isQuoted, all.count, at: UInt64(field.start), record))
        }
        return (all, members)
    }

    /// Returns the values after the policy for ragged records.
    private func fitted(_ values: [[UInt8]], to width: Int) -> [[UInt8]] {
        var values = values
        if dialect.ragged != .omit {
            while values.count < width { values.append([]) }
        }
        if dialect.ragged == .truncate {
            while values.count > width { values.removeLast() }
        }
        return values
    }

    private mutating func note(_ code: CSVError.Code, _ offset: UInt64, _ record: UInt64, _ field: Int) {
        table.repairs.append(ReferenceRepair(code: code, offset: offset, record: record, field: field))
    }

    /// Returns the fields of a record as UTF-8.
    private mutating func values(of record: ReferenceRecord) throws(CSVError) -> [[UInt8]] {
        var values: [[UInt8]] = []
        for field in record.fields { try appendValue(of: field, record, to: &values) }
        return values
    }

    private mutating func appendValue(
        of field: ReferenceField,
        _ record: ReferenceRecord,
        to values: inout [[UInt8]]
    ) throws(CSVError) {
        let (value, firstBad) = ReferenceUTF8.repaired(field)
        if let firstBad, dialect.invalidUTF8 == .error {
            throw CSVError(
                .invalidUTF8,
                offset: UInt64(firstBad),
                record: record.number,
                field: values.count + 1,
                detail: record.fields.contains(where: ReferenceUTF8.hasWideCharacter) ? .sign(.amongUTF8) : .none
            )
        }
        if let firstBad { note(.invalidUTF8, UInt64(firstBad), record.number, values.count + 1) }
        values.append(value)
    }
}
