import SluiceCSV

// The first half of the reference parser: from bytes to records, one byte at a time.
//
// Five states. Outside quotes, DELIM ends the field and EOL ends the record, whatever the state:
//
//     state         | means                          | quote                | any other byte        | end of input
//     fieldStart    | no byte of the field yet       | → quoted             | data, → plain         | record ends
//     plain         | in a field without quotes      | data, or an error    | data                  | record ends
//     quoted        | inside quotes; all is data     | → quoteInQuoted      | data (DELIM, EOL too) | closes, or error
//     quoteInQuoted | after a quote that closed the  | data `"`, → quoted   | data, → tail, or an   | record ends
//                   | field or is half of a pair     |                      | error                 |
//     tail          | in text after a closing quote  | data                 | data                  | record ends
//
// EOL is LF or CR LF. A CR without LF is, as `Dialect.bareCR` says, an error, an EOL too, or "any other byte".
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
}

/// The data of one field, not yet checked as UTF-8.
///
/// Text after a closing quote is a piece of its own, so that no UTF-8 sequence can begin before that quote and end after
/// it.
struct ReferenceField {
    var pieces: [[ReferenceByte]] = [[]]
    /// The offset of the field's first byte, and the number of bytes that it takes in the input, including quotes.
    var start = 0
    var length = 0

    mutating func append(_ byte: UInt8, at offset: Int) {
        pieces[pieces.count - 1].append(ReferenceByte(byte: byte, offset: offset))
    }

    mutating func startPiece() {
        pieces.append([])
    }
}

/// A record as it stands in the input.
struct ReferenceRecord {
    var number: UInt64
    var start: UInt64
    /// The offset past the EOL.
    var end: UInt64
    /// Whether no bytes precede the EOL.
    var isBlank: Bool
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
        case fieldStart, plain, quoted, quoteInQuoted, tail
    }

    private let bytes: [UInt8]
    private let dialect: Dialect
    /// The offset of the next byte to read.
    private var position: Int
    /// The start of the current or last record.
    private(set) var recordStart = 0
    /// The number of the current record.
    private var number: UInt64 = 0
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
        while position < bytes.count {
            let offset = position
            if state == .quoted {
                try checkLength(start, offset)
                stepInside(offset)
            } else if bytes[offset] == dialect.delimiter {
                try checkLength(start, offset)
                endField(at: offset)
                fieldStart = offset + 1
                if fields.count == dialect.maxColumns {
                    throw CSVError(.tooManyColumns, offset: UInt64(start), record: number, field: fields.count + 1)
                }
            } else if let length = try lineEnd(at: offset) {
                position += length
                return record(from: start, contentEnd: offset)
            } else {
                try checkLength(start, offset)
                try stepOutside(offset)
            }
            position += 1
        }
        if state == .quoted && dialect.unterminated == .error {
            throw error(.unterminatedQuote, at: openingQuote)
        }
        if state == .quoted { accept(.unterminatedQuote, openingQuote) }
        return record(from: start, contentEnd: position)
    }

    /// Checks the record's length. Called for each byte that belongs to the record.
    private func checkLength(_ start: Int, _ offset: Int) throws(CSVError) {
        guard offset - start >= dialect.maxRecord else { return }
        throw CSVError(.recordTooLong, offset: UInt64(start), record: number)
    }

    private mutating func stepInside(_ offset: Int) {
        if bytes[offset] == dialect.quote {
            state = .quoteInQuoted
        } else {
            field.append(bytes[offset], at: offset)
        }
    }

    /// Handles a byte outside quotes that is neither delimiter nor line end.
    private mutating func stepOutside(_ offset: Int) throws(CSVError) {
        let isQuote = bytes[offset] == dialect.quote
        switch state {
        case .fieldStart where isQuote:
            openingQuote = offset
            state = .quoted
            return
        case .plain where isQuote && dialect.quoteInPlain == .error:
            throw error(.quoteInPlain, at: offset)
        case .plain where isQuote:
            accept(.quoteInPlain, offset)
        case .quoteInQuoted where isQuote:
            state = .quoted
        case .quoteInQuoted where dialect.afterQuote == .error:
            throw error(.textAfterQuote, at: offset)
        case .quoteInQuoted:
            accept(.textAfterQuote, offset)
            field.startPiece()
            state = .tail
        case .fieldStart:
            state = .plain
        case .plain, .tail, .quoted:
            break
        }
        field.append(bytes[offset], at: offset)
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
        field.start = fieldStart
        field.length = end - fieldStart
        fields.append(field)
        startField()
    }

    /// Ends the last field, and with it the record.
    private mutating func record(from start: Int, contentEnd: Int) -> ReferenceRecord {
        endField(at: contentEnd)
        return ReferenceRecord(
            number: number,
            start: UInt64(start),
            end: UInt64(position),
            isBlank: contentEnd == start,
            fields: fields,
            accepted: accepted
        )
    }

    private func error(_ code: CSVError.Code, at offset: Int) -> CSVError {
        CSVError(code, offset: UInt64(offset), record: number, field: fields.count + 1)
    }
}
