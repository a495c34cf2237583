/// Reads one record byte by byte: slower than a structural index, and exact in every dialect.
///
/// It reads the records that an index cannot: those with bytes that RFC 4180 does not allow where they stand, with ill-formed
/// UTF-8, with the wrong number of fields, or larger than a stretch; comments; records with escape characters, spaces to trim or
/// long delimiters. Errors in a record's syntax are created only here.
package struct SlowRecordParser {
    /// Empty in a comment.
    package private(set) var fields: [FieldSpan] = []
    /// Window offset of the first byte.
    package private(set) var start = 0
    /// Window offset of the line end, or of the end of the input if that ends the record.
    private(set) var lineEnd = 0
    /// Window offset just past the line end.
    package private(set) var next = 0
    /// Whether the record has no bytes.
    package private(set) var isBlank = false
    /// Whether the record is a comment.
    package private(set) var isComment = false
    /// Window offset of the last field that was begun.
    private var fieldStart = 0

    package init() {}

    /// How many bytes beyond the longest record can decide what is wrong with it: its line end, the second byte of a CR LF
    /// or of two quotes, and what ``FaultSigns`` examines.
    package static let lookahead = 2 + FaultSigns.reach

    /// Returns whether all fields from that position on, counted from 0, are empty.
    func isEmpty(from column: Int) -> Bool { fields.dropFirst(column).allSatisfy { $0.start == $0.end } }
}

extension SlowRecordParser {
    /// Reads the record at `start`. `width` is the number of fields that it should have, if known.
    ///
    /// Bytes count towards ``Dialect/maxRecord`` as they are met. So of several errors in a record the first is thrown, and a
    /// window that is ``lookahead`` bytes longer than the limit is always long enough.
    ///
    /// - Returns: False if the record goes on beyond the window, or if bytes beyond it are needed to describe an error.
    mutating func scan(
        _ window: Window,
        from start: Int,
        number: UInt64,
        dialect: Dialect,
        width: Int?
    ) throws(CSVError) -> Bool {
        do throws(CSVError) {
            return try read(window, from: start, number: number, dialect: dialect)
        } catch {
            if isComment { throw error }
            let signs = FaultSigns(
                window: window,
                dialect: dialect,
                recordStart: start,
                fieldStart: fieldStart,
                width: width
            )
            guard let signed = signs.signed(error) else { return false }
            throw signed
        }
    }

    /// The same, but the errors have no details. Without `keepsFields`, finds only the record's end, however many fields it has.
    mutating func read(
        _ window: Window,
        from start: Int,
        number: UInt64,
        dialect: Dialect,
        keepsFields: Bool = true
    ) throws(CSVError) -> Bool {
        fields.removeAll(keepingCapacity: true)
        (self.start, fieldStart, isComment) = (start, start, false)
        let record = OpenRecord(window: window, dialect: dialect, syntax: Syntax(dialect), start: start, number: number)
        var fieldNumber = 1
        switch record.comment {
        case .no: break
        case .sofar: return false
        case .yes:
            isComment = true
            return try readLine(of: record)
        }
        while true {
            guard let content = record.contentStart(after: fieldStart, fieldNumber) else { return false }
            var field = FieldSpan(start: content, contentEnd: -1, end: content)
            let isQuoted = content < window.count && UInt16(window[content]) == record.syntax.quote
            if isQuoted {
                if content >= record.limit { throw record.tooLong }
                guard let closing = try record.closingQuote(after: content, fieldNumber) else { return false }
                field.contentEnd = closing
            }
            let rest = isQuoted ? min(field.contentEnd + 1, window.count) : content
            guard let end = try record.end(from: rest, isTail: isQuoted, fieldNumber) else { return false }
            field.end = end.contentEnd
            if keepsFields { fields.append(field) }
            if end.endsRecord {
                (lineEnd, next) = (end.position, end.next)
                break
            }
            fieldNumber += 1
            if fields.count == dialect.maxColumns {
                let offset = window.offset + UInt64(start)
                throw CSVError(.tooManyColumns, offset: offset, record: number, field: fieldNumber)
            }
            fieldStart = end.next
        }
        isBlank = lineEnd == start
        return true
    }

    /// Reads the physical line at `start`, in which quotes mean nothing. Returns false if it goes on beyond the window.
    mutating func scanLine(
        _ window: Window,
        from start: Int,
        number: UInt64,
        dialect: Dialect
    ) throws(CSVError) -> Bool {
        fields.removeAll(keepingCapacity: true)
        (self.start, isComment) = (start, true)
        let line = OpenRecord(window: window, dialect: dialect, syntax: Syntax(dialect), start: start, number: number)
        return try readLine(of: line)
    }

    private mutating func readLine(of record: OpenRecord) throws(CSVError) -> Bool {
        var position = record.start
        while position < record.window.count {
            switch try record.lineEnd(at: position) {
            case .open: return false
            case .none:
                if position >= record.limit { throw record.tooLong }
                position += 1
            case .at(let next):
                (lineEnd, self.next, isBlank) = (position, next, false)
                return true
            }
        }
        (lineEnd, next, isBlank) = (position, position, false)
        return record.window.isLast
    }
}

extension SlowRecordParser {
    /// Returns the first ill-formed UTF-8 of the record, field by field, as an error.
    ///
    /// Checking raw bytes is equivalent to checking values: quotes, escape characters and delimiters are no part of a longer
    /// sequence, and bytes on both sides of one never form one.
    func illFormedUTF8(_ window: Window, number: UInt64) -> CSVError? {
        for (index, field) in fields.enumerated() {
            if let position = field.firstIllFormed(in: window) {
                return CSVError(
                    .invalidUTF8,
                    offset: window.offset + UInt64(position),
                    record: number,
                    field: index + 1,
                    detail: hasWideUTF8(window) ? .sign(.amongUTF8) : .none
                )
            }
        }
        return nil
    }

    /// Returns whether a field has a well-formed sequence of more than one byte.
    private func hasWideUTF8(_ window: Window) -> Bool {
        fields.contains { field in
            let bytes = window.bytes[field.start..<field.end]
            var position = 0
            while position < bytes.count {
                let (length, isWellFormed) = UTF8Text.subpart(bytes, at: position)
                if isWellFormed, length > 1 { return true }
                position += length
            }
            return false
        }
    }
}
