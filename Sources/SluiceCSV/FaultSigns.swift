/// Looks at the bytes around a fault of the tokenizer: whether it can be accepted as it is, or only with damage.
///
/// Looks ahead as far as the line goes, so that what it finds does not depend on how the input is cut into windows; and
/// not farther than ``reach``, so that a fault is told of before all of an endless line was read.
struct FaultSigns {
    /// Bytes after the fault that are looked at.
    static let reach = 1024

    let window: Window
    let dialect: Dialect
    /// Window offsets of the record and of the field with the fault.
    let recordStart: Int
    let fieldStart: Int
    /// The right number of fields, if that is known.
    let width: Int?

    /// The error with what was found. Nil: bytes decide that the window does not hold yet.
    func signed(_ error: CSVError) -> CSVError? {
        if error.code == .recordTooLong || error.code == .tooManyColumns { return error }
        let position = Int(error.offset - window.offset)
        let end = error.code == .unterminatedQuote ? window.count : lineEnd(behind: position)
        guard let end else { return nil }
        let found: CSVError.Sign? =
            switch error.code {
            case .quoteInPlain: sign(ofQuoteAt: position, end: end)
            case .textAfterQuote: sign(ofTextAt: position, end: end, field: error.field)
            case .unterminatedQuote: sign(ofOpeningQuoteAt: position)
            case .bareCR: sign(ofCRAt: position, end: end, field: error.field)
            default: nil
            }
        var error = error
        if let found { error.detail = .sign(found) }
        return error
    }

    /// Just past the line end that follows, or as far as is looked.
    private func lineEnd(behind position: Int, upTo bound: Int? = nil) -> Int? {
        let bound = bound ?? position + Self.reach
        let limit = min(window.count, bound)
        for place in position..<limit {
            let byte = window[place]
            if byte == 0x0A || (byte == 0x0D && dialect.bareCR == .newline) { return place + 1 }
        }
        return window.isLast || limit == bound ? limit : nil
    }

    /// The record that starts at a place, if every fault is accepted and the input ends at `end`.
    private func accepted(from start: Int, end: Int, bareCR: Dialect.BareCR = .data) -> SlowRecordParser {
        var lenient = Dialect.lenient
        lenient.delimiter = dialect.delimiter
        lenient.quote = dialect.quote
        lenient.bareCR = dialect.bareCR == .error ? bareCR : dialect.bareCR
        lenient.maxRecord = Dialect.recordLimits.upperBound
        lenient.maxColumns = Dialect.columnLimits.upperBound
        var part = window
        part.count = end
        part.isLast = true
        var record = SlowRecordParser()
        // A lenient dialect has no errors, and a last window no records that go on.
        _ = try? record.scan(part, from: start, number: 1, dialect: lenient, width: nil)
        return record
    }

    /// Whether a record with too few fields and those after it, up to the next one with the right number, are one that line ends
    /// took apart: two parts have one field more together, for the line end was in one. Nil: bytes decide that the window does
    /// not hold yet.
    func isSplit(_ record: SlowRecordParser) -> Bool? {
        guard let width, record.fields.count < width else { return false }
        var (found, position) = (record.fields.count, record.next)
        let limit = record.next + Self.reach
        while position < min(window.count, limit) {
            guard let end = lineEnd(behind: position, upTo: limit) else { return nil }
            let next = accepted(from: position, end: end)
            found += next.fields.count - 1
            if next.fields.count >= width || found > width { return false }
            if found == width { return true }
            position = end
        }
        return window.isLast || position >= limit ? false : nil
    }

    private func isRight(_ record: SlowRecordParser) -> Bool { width.map { record.fields.count == $0 } ?? true }

    private func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    private func isSpace(_ range: Range<Int>) -> Bool { range.allSatisfy { isSpace(window[$0]) } }

    private func contains(_ byte: UInt8, _ range: Range<Int>) -> Bool { range.contains { window[$0] == byte } }
}

extension FaultSigns {
    private func sign(ofQuoteAt quote: Int, end: Int) -> CSVError.Sign? {
        if isSpace(fieldStart..<quote) { return .spaceBeforeQuote }
        if window[quote - 1] == UInt8(ascii: "\\") { return .backslashBeforeQuote }
        let record = accepted(from: recordStart, end: end)
        return isRight(record) && !opensText(quote, end: record.next) ? nil : .breaksRecord
    }

    /// Whether the quote looks like the opening one of a quoted text, and that has a delimiter in it: `x="a,b"`. That of
    /// `12" x,5" y` does not, since a letter or digit precedes it.
    private func opensText(_ quote: Int, end: Int) -> Bool {
        let before = window[quote - 1]
        let isWord = before >= 0x80 || 0x61...0x7A ~= before | 0x20 || 0x30...0x39 ~= before
        let rest = quote + 1..<max(end, quote + 1)
        guard !isWord, let closing = rest.first(where: { window[$0] == dialect.quote }) else { return false }
        return contains(dialect.delimiter, quote..<closing)
    }

    private func sign(ofTextAt text: Int, end: Int, field: Int) -> CSVError.Sign? {
        if text - 2 > fieldStart, window[text - 2] == UInt8(ascii: "\\") { return .backslashBeforeQuote }
        let record = accepted(from: recordStart, end: end)
        let tail = text..<max(text, record.fields.count < field ? text : record.fields[field - 1].end)
        if isSpace(tail) { return .spaceAfterQuote }
        if !isRight(record) { return .breaksRecord }
        return isSpace(window[text]) || contains(dialect.quote, tail) ? .quotedWord : nil
    }

    private func sign(ofOpeningQuoteAt quote: Int) -> CSVError.Sign? {
        if contains(0x0A, quote..<window.count) || contains(0x0D, quote..<window.count) { return nil }
        return isRight(accepted(from: recordStart, end: window.count)) ? .endsWithInput : .breaksRecord
    }

    private func sign(ofCRAt place: Int, end: Int, field: Int) -> CSVError.Sign? {
        let next = accepted(from: place + 1, end: end, bareCR: .newline)
        // `CR CR LF` and a last CR: what is after it is no record.
        let endsAlone = place + 1 == end || next.isBlank
        guard let width else {
            let isAlike = field > 1 && (endsAlone || next.fields.count == field)
            return isAlike || !contains(0x0A, place..<end) ? .endsRecord : nil
        }
        let isNewline = field == width && (endsAlone ? width > 1 : next.fields.count == width)
        let isData = isRight(accepted(from: recordStart, end: end))
        if isNewline == isData { return nil }
        return isNewline ? .endsRecord : .insideValue
    }
}
