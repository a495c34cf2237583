/// A field as it stands in the input, including its quotes.
///
///     plain          a b c           start = 0, end = 3
///     quoted       " a " " b "       start = 0, contentEnd = 5, end = 6; the value is a"b
///     with a tail  " a " x y         start = 0, contentEnd = 2, end = 5; the value is axy
package struct FieldSpan {
    /// Window offset of the first byte, the opening quote of a quoted field.
    package var start: Int
    /// Window offset of the closing quote; -1 in a plain field; `end` if the input ends inside the quotes.
    package var contentEnd: Int
    /// Window offset just past the field.
    package var end: Int

    package var isQuoted: Bool { contentEnd >= 0 }

    /// The ranges of the window whose bytes make up the value. Only the first can contain doubled quotes.
    package var pieces: (Range<Int>, Range<Int>) {
        guard isQuoted else { return (start..<end, end..<end) }
        return (start + 1..<contentEnd, min(contentEnd + 1, end)..<end)
    }
}

/// Reads one record byte by byte: slower than a structural index, and exact in every dialect.
///
/// It reads the records that an index cannot: those with bytes that RFC 4180 does not allow where they stand, with ill-formed
/// UTF-8, with the wrong number of fields, or larger than a stretch. Errors in a record's syntax are created only here.
package struct SlowRecordParser {
    package private(set) var fields: [FieldSpan] = []
    /// Window offset of the first byte.
    package private(set) var start = 0
    /// Window offset just past the line end.
    package private(set) var next = 0
    package private(set) var isBlank = false

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
            let signs = FaultSigns(
                window: window,
                dialect: dialect,
                recordStart: start,
                // A delimiter of one byte stands before every field but the first.
                fieldStart: fields.last.map { $0.end + 1 } ?? start,
                width: width
            )
            guard let signed = signs.signed(error) else { return false }
            throw signed
        }
    }

    private mutating func read(
        _ window: Window,
        from start: Int,
        number: UInt64,
        dialect: Dialect
    ) throws(CSVError) -> Bool {
        fields.removeAll(keepingCapacity: true)
        self.start = start
        var position = start
        while true {
            let fieldStart = position
            var field = FieldSpan(start: fieldStart, contentEnd: -1, end: fieldStart)
            let isQuoted = position < window.count && window[position] == dialect.quote
            let place = Place(
                window: window,
                dialect: dialect,
                start: start,
                record: number,
                field: fields.count + 1
            )
            if isQuoted {
                if position >= place.limit { throw place.tooLong }
                guard let closing = try place.closingQuote(after: position) else { return false }
                field.contentEnd = closing
                position = min(closing + 1, window.count)
            }
            guard let end = try place.fieldEnd(from: position, isTail: isQuoted) else { return false }
            field.end = end.position
            fields.append(field)
            position = end.next
            if end.endsRecord { break }
            if fields.count == dialect.maxColumns {
                throw CSVError(
                    .tooManyColumns,
                    offset: window.offset + UInt64(start),
                    record: number,
                    field: fields.count + 1
                )
            }
        }
        next = position
        isBlank = fields.count == 1 && fields[0].start == fields[0].end
        return true
    }
}

/// A field being read, with what is needed to report its place.
private struct Place {
    let window: Window
    let dialect: Dialect
    /// Window offset of the record's first byte.
    let start: Int
    let record: UInt64
    let field: Int

    /// Window offset of the first byte beyond the record limit; only a line end may start there.
    var limit: Int { start + dialect.maxRecord }

    var tooLong: CSVError { CSVError(.recordTooLong, offset: window.offset + UInt64(start), record: record) }

    func error(_ code: CSVError.Code, at position: Int) -> CSVError {
        CSVError(code, offset: window.offset + UInt64(position), record: record, field: field)
    }

    /// Returns the offset of the closing quote of the field that opens at `opening`, or the end of the input; nil if the window
    /// ends before it.
    func closingQuote(after opening: Int) throws(CSVError) -> Int? {
        var position = opening + 1
        let bound = min(window.count, limit)
        while position < bound {
            guard window[position] == dialect.quote else {
                position += 1
                continue
            }
            if position + 1 == window.count { return window.isLast ? position : nil }
            if window[position + 1] != dialect.quote { return position }
            position += 2
        }
        // The byte at `position`, or the second of two quotes before it, is inside the quotes and beyond the limit.
        if position > limit || position < window.count { throw tooLong }
        guard window.isLast else { return nil }
        if dialect.unterminated == .error { throw error(.unterminatedQuote, at: opening) }
        return window.count
    }

    struct End {
        var position: Int
        var next: Int
        var endsRecord: Bool
    }

    /// Returns the end of the field whose plain bytes start at `start`, or nil if the window ends before it. If `isTail`, they
    /// follow a closing quote.
    func fieldEnd(from start: Int, isTail: Bool) throws(CSVError) -> End? {
        var position = start
        while position < window.count {
            let byte = window[position]
            if byte == 0x0A { return End(position: position, next: position + 1, endsRecord: true) }
            if byte == 0x0D {
                if position + 1 == window.count, !window.isLast { return nil }
                if position + 1 < window.count, window[position + 1] == 0x0A {
                    return End(position: position, next: position + 2, endsRecord: true)
                }
                if dialect.bareCR == .newline { return End(position: position, next: position + 1, endsRecord: true) }
                if dialect.bareCR == .error { throw error(.bareCR, at: position) }
            }
            if position >= limit { throw tooLong }
            if byte == dialect.delimiter { return End(position: position, next: position + 1, endsRecord: false) }
            if isTail {
                if dialect.afterQuote == .error { throw error(.textAfterQuote, at: position) }
            } else if byte == dialect.quote, dialect.quoteInPlain == .error {
                throw error(.quoteInPlain, at: position)
            }
            position += 1
        }
        return window.isLast ? End(position: position, next: position, endsRecord: true) : nil
    }
}

extension SlowRecordParser {
    /// Returns the first ill-formed UTF-8 of the record, field by field, as an error.
    ///
    /// Checking raw bytes is equivalent to checking values: quotes and delimiters are ASCII, so they are no part of a longer
    /// sequence, and bytes on both sides of a quote never form one.
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

extension FieldSpan {
    /// Returns the window offset of the first ill-formed UTF-8, or nil if there is none.
    func firstIllFormed(in window: Window) -> Int? {
        UTF8Text.firstIllFormed(window.bytes[start..<end]).map { start + $0 }
    }

    /// Appends the value: without its quotes, doubled quotes halved, ill-formed UTF-8 replaced.
    package func appendValue(in window: Window, quote: UInt8, to value: inout [UInt8]) {
        let (content, tail) = pieces
        for (piece, isContent) in [(content, isQuoted), (tail, false)] {
            let bytes = window.bytes[piece]
            var position = 0
            while position < bytes.count {
                if isContent, bytes[position] == quote { position += 1 }
                let (length, isWellFormed) = UTF8Text.subpart(bytes, at: position)
                if isWellFormed {
                    // Copied before the window changes.
                    unsafe value.append(contentsOf: bytes[position..<position + length].buffer)
                } else {
                    value.append(contentsOf: UTF8Text.replacement)
                }
                position += length
            }
        }
    }
}
