import SluiceCSV

// The first half of the reference parser: from bytes to records, one byte at a time.
//
// Six states. Outside quotes, DELIM ends the field and EOL ends the record, whatever the state:
//
//     state         | means                          | quote                | any other byte        | end of input
//     fieldStart    | no byte of the field yet       | → quoted             | data, → plain         | record ends
//     plain         | in a field without quotes      | data, or an error    | data                  | record ends
//     quoted        | inside quotes; all is data     | → quoteInQuoted      | data (DELIM, EOL too) | closes, or error
//     quoteInQuoted | after a quote that closed the  | data `"`, → quoted   | data, → tail, or an   | record ends
//                   | field or is half of a pair     |                      | error                 |
//     closed        | in spaces after a closing      | as any other byte    | data, → tail, or an   | record ends
//                   | quote, which are trimmed       |                      | error                 |
//     tail          | in text after a closing quote  | data                 | data                  | record ends
//
// EOL is LF or CR LF. A CR without LF is, as `Dialect.bareCR` says, an error, an EOL too, or "any other byte".
//
// After an escape character the next byte is "any other byte", in every state. Where spaces are trimmed, those at a field's start
// are skipped, and those at its end are removed when the field ends.
//
// Worked example: `1,"x""y"` and a line feed.
//
//     1     fieldStart → plain            data 1
//     ,     plain → fieldStart            field 1 is `1`
//     "     fieldStart → quoted           field 2 opens
//     x     quoted                        data x
//     "     quoted → quoteInQuoted        closed? the next byte decides
//     "     quoteInQuoted → quoted        no, it was a pair: data "
//     y     quoted                        data y
//     "     quoted → quoteInQuoted        closed?
//     LF    quoteInQuoted                 yes: field 2 is `x"y`, and the record ends

/// A byte of data and its offset in the input.
struct ReferenceByte {
    var byte: UInt8
    var offset: Int
    /// Whether an escape character precedes it.
    var isEscaped = false
}

/// The data of one field, not yet checked as UTF-8.
///
/// Text after a closing quote, or from an escaped byte on, is a piece of its own, so that no UTF-8 sequence can begin before that
/// quote or escape character and end after it.
struct ReferenceField {
    var pieces: [[ReferenceByte]] = [[]]
    /// The offset of the field's first byte that is not trimmed, or of its end.
    var start = -1
    /// The number of pieces that are inside quotes; 0 in a field without quotes.
    var quotedPieces = 0
    /// The number of bytes that the field takes in the input, including quotes and spaces that are trimmed.
    var length = 0

    /// Whether the field is in quotes.
    var isQuoted: Bool { quotedPieces > 0 }

    /// A field without quotes as it stands in the input, with escape characters.
    func raw(escape: UInt8) -> [UInt8] { pieces.joined().flatMap { $0.isEscaped ? [escape, $0.byte] : [$0.byte] } }

    /// Whether the field has neither data nor quotes.
    var isNothing: Bool { quotedPieces == 0 && pieces.allSatisfy(\.isEmpty) }

    mutating func append(_ byte: UInt8, at offset: Int, isEscaped: Bool = false) {
        if isEscaped { startPiece() }
        pieces[pieces.count - 1].append(ReferenceByte(byte: byte, offset: offset, isEscaped: isEscaped))
    }

    mutating func startPiece() {
        pieces.append([])
    }

    /// Removes spaces and tabs at the end, but not inside quotes and not escaped ones.
    mutating func trimEnd() {
        while pieces.count > quotedPieces, let last = pieces.last?.last, !last.isEscaped,
            last.byte == 0x20 || last.byte == 0x09
        {
            pieces[pieces.count - 1].removeLast()
        }
    }
}

/// A record as it stands in the input.
struct ReferenceRecord {
    var number: UInt64
    var start: UInt64
    /// The offset of the EOL, or of the end of the input.
    var contentEnd: Int
    /// The offset past the EOL.
    var end: UInt64
    /// Whether no bytes precede the EOL.
    var isBlank: Bool { contentEnd == Int(start) }
    /// Whether the record is a comment, and has no fields.
    var isComment = false
    var fields: [ReferenceField]
    /// The violations accepted in its fields, each kind once per field.
    var accepted: [Accepted]

    /// A byte that a strict dialect refuses.
    struct Accepted: Hashable {
        var code: CSVError.Code
        var offset: Int
        var field: Int
    }
}

/// Reads one record after the other.
struct ReferenceTokenizer {
    private enum State {
        case fieldStart, plain, quoted, quoteInQuoted, closed, tail
    }

    let bytes: [UInt8]
    let dialect: Dialect
    /// The bytes of a delimiter.
    private let delimiter: [UInt8]
    /// The offset of the next byte to read.
    var position: Int
    /// The start of the current or last record.
    private(set) var recordStart = 0
    /// Whether that is a comment.
    private(set) var isComment = false
    /// The number of the current record.
    private(set) var number: UInt64 = 0
    private var state = State.fieldStart
    /// The completed fields of the current record.
    private var fields: [ReferenceField] = []
    private var field = ReferenceField()
    private var accepted: [ReferenceRecord.Accepted] = []
    /// The start of the current or last field.
    private(set) var fieldStart = 0
    private var openingQuote = 0

    init(_ bytes: [UInt8], from start: Int, dialect: Dialect) {
        self.bytes = bytes
        self.dialect = dialect
        delimiter = [dialect.delimiter] + dialect.delimiterTail
        position = start
    }

    /// Returns the next record, or nil at the end of the input. A final EOL opens no record.
    mutating func next() throws(CSVError) -> ReferenceRecord? {
        if position == bytes.count { return nil }
        let start = position
        recordStart = start
        number += 1
        fields = []
        accepted = []
        fieldStart = start
        startField()
        isComment = dialect.comments.contains { bytes[start...].starts(with: $0) }
        if isComment {
            let (contentEnd, end) = try Self.lineEnd(bytes, from: start, dialect, record: number)
            position = end
            return comment(from: start, contentEnd)
        }
        while position < bytes.count {
            let offset = position
            if state != .quoted, let length = try lineEnd(at: offset) {
                position += length
                return record(from: start, contentEnd: offset)
            }
            try checkLength(start, offset)
            if bytes[offset] == dialect.escape, offset + 1 < bytes.count {
                if state == .quoteInQuoted || state == .closed { try startTail(offset) }
                try checkLength(start, offset + 1)
                if state == .fieldStart { (state, field.start) = (.plain, offset) }
                field.append(bytes[offset + 1], at: offset + 1, isEscaped: true)
                position += 2
            } else if state != .quoted, bytes[offset...].starts(with: delimiter) {
                endField(at: offset)
                position += delimiter.count
                fieldStart = position
                if fields.count == dialect.maxColumns {
                    throw CSVError(.tooManyColumns, offset: UInt64(start), record: number, field: fields.count + 1)
                }
            } else {
                if state == .quoted { stepInside(offset) } else { try stepOutside(offset) }
                position += 1
            }
        }
        if state == .quoted && dialect.unterminated != .close {
            throw error(.unterminatedQuote, at: openingQuote)
        }
        if state == .quoted {
            accept(.unterminatedQuote, openingQuote)
            field.quotedPieces = field.pieces.count
        }
        return record(from: start, contentEnd: position)
    }

    /// Returns where the physical line at `start` ends: the offsets of its line end and of the byte past that.
    static func lineEnd(
        _ bytes: [UInt8],
        from start: Int,
        _ dialect: Dialect,
        record: UInt64
    ) throws(CSVError) -> (content: Int, end: Int) {
        for offset in start..<bytes.count {
            if bytes[offset] == 0x0A { return (offset, offset + 1) }
            if bytes[offset] == 0x0D {
                if offset + 1 < bytes.count, bytes[offset + 1] == 0x0A { return (offset, offset + 2) }
                if dialect.bareCR == .newline { return (offset, offset + 1) }
                if dialect.bareCR == .error { throw CSVError(.bareCR, offset: UInt64(offset), record: record) }
            }
            if offset - start >= dialect.maxRecord {
                throw CSVError(.recordTooLong, offset: UInt64(start), record: record)
            }
        }
        return (bytes.count, bytes.count)
    }

    /// Checks the record's length. Called for each byte that belongs to the record.
    private func checkLength(_ start: Int, _ offset: Int) throws(CSVError) {
        guard offset - start >= dialect.maxRecord else { return }
        // The second of two quotes is still inside the quotes, and so is a quote of which it is not known whether it closes.
        let isSecondQuote = state == .quoteInQuoted && isQuote(offset) && dialect.doublesQuotes
        if dialect.unterminated == .nextLine, state == .quoted || isSecondQuote {
            throw error(.unterminatedQuote, at: openingQuote)
        }
        throw CSVError(.recordTooLong, offset: UInt64(start), record: number)
    }

    private func isQuote(_ offset: Int) -> Bool { dialect.usesQuotes && bytes[offset] == dialect.quote }

    private mutating func stepInside(_ offset: Int) {
        if isQuote(offset) {
            state = .quoteInQuoted
            field.quotedPieces = field.pieces.count
        } else {
            field.append(bytes[offset], at: offset)
        }
    }

    /// Handles a byte outside quotes that is neither delimiter nor line end.
    private mutating func stepOutside(_ offset: Int) throws(CSVError) {
        if state == .fieldStart, !trimsStart(bytes[offset]) { field.start = offset }
        let isQuote = isQuote(offset)
        let isSpace = bytes[offset] == 0x20 || bytes[offset] == 0x09
        switch state {
        case .fieldStart where trimsStart(bytes[offset]):
            return
        case .fieldStart where isQuote:
            openingQuote = offset
            field.quotedPieces = 1
            state = .quoted
            return
        case .plain where isQuote && dialect.quoteInPlain == .error:
            throw error(.quoteInPlain, at: offset)
        case .plain where isQuote:
            accept(.quoteInPlain, offset)
        case .quoteInQuoted where isQuote && dialect.doublesQuotes:
            state = .quoted
        case .quoteInQuoted where isSpace && dialect.trim == .spaces:
            field.startPiece()
            state = .closed
        case .closed where isSpace:
            break
        case .quoteInQuoted, .closed:
            try startTail(offset)
        case .fieldStart:
            state = .plain
        case .plain, .tail, .quoted:
            break
        }
        field.append(bytes[offset], at: offset)
    }

    private func trimsStart(_ byte: UInt8) -> Bool {
        switch dialect.trim {
        case .none: false
        case .initial: byte == 0x20 && !fields.isEmpty
        case .spaces: byte == 0x20 || byte == 0x09
        }
    }

    /// Handles the first byte of text after a closing quote.
    private mutating func startTail(_ offset: Int) throws(CSVError) {
        if dialect.afterQuote == .error { throw error(.textAfterQuote, at: offset) }
        accept(.textAfterQuote, offset)
        if state == .quoteInQuoted { field.startPiece() }
        state = .tail
    }

    /// Returns the number of bytes of the line end at an offset outside quotes, or nil if there is no line end.
    private mutating func lineEnd(at offset: Int) throws(CSVError) -> Int? {
        let lineFeed = UInt8(ascii: "\n")
        if bytes[offset] == lineFeed { return 1 }
        if bytes[offset] != UInt8(ascii: "\r") { return nil }
        if offset + 1 < bytes.count && bytes[offset + 1] == lineFeed { return 2 }
        if dialect.bareCR != .error { accept(.bareCR, offset) }
        switch dialect.bareCR {
        case .error: throw error(.bareCR, at: offset)
        case .newline: return 1
        case .data: return nil
        }
    }

    private mutating func accept(_ code: CSVError.Code, _ offset: Int) {
        let field = fields.count + 1
        if accepted.contains(where: { $0.code == code && $0.field == field }) { return }
        accepted.append(ReferenceRecord.Accepted(code: code, offset: offset, field: field))
    }

    private mutating func startField() {
        field = ReferenceField()
        state = .fieldStart
    }

    private mutating func endField(at end: Int) {
        if field.start < 0 { field.start = end }
        if dialect.trim == .spaces { field.trimEnd() }
        field.length = end - fieldStart
        fields.append(field)
        startField()
    }

    private func comment(from start: Int, _ contentEnd: Int) -> ReferenceRecord {
        ReferenceRecord(
            number: number,
            start: UInt64(start),
            contentEnd: contentEnd,
            end: UInt64(position),
            isComment: true,
            fields: [],
            accepted: []
        )
    }

    /// Ends the last field, and with it the record.
    private mutating func record(from start: Int, contentEnd: Int) -> ReferenceRecord {
        endField(at: contentEnd)
        return ReferenceRecord(
            number: number,
            start: UInt64(start),
            contentEnd: contentEnd,
            end: UInt64(position),
            fields: fields,
            accepted: accepted
        )
    }

    private func error(_ code: CSVError.Code, at offset: Int) -> CSVError {
        CSVError(code, offset: UInt64(offset), record: number, field: fields.count + 1)
    }
}
