/// Examines the bytes around a tokenizer error: whether it can be accepted unchanged, or only with damage.
///
/// It looks ahead to the end of the line, so that its result does not depend on how the input is cut into windows. It looks no
/// farther than ``reach``, so that an error is reported before all of an endless line was read.
struct FaultSigns {
    /// How many bytes after the error are examined at most.
    static let reach = 1024

    let window: Window
    let dialect: Dialect
    /// Window offsets of the record and of the field with the error.
    let recordStart: Int
    let fieldStart: Int
    /// The number of fields that the record should have, if known.
    let width: Int?

    /// Returns the error with what was found, or nil if that depends on bytes that the window does not hold yet.
    func signed(_ error: CSVError) -> CSVError? {
        if error.code == .recordTooLong || error.code == .tooManyColumns { return error }
        let position = Int(error.offset - window.offset)
        let end = error.code == .unterminatedQuote ? window.count : lineEnd(after: position)
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
        if let found { error.detail = .sign(inDialect(found, of: error.code)) }
        return error
    }

    private func inDialect(_ sign: CSVError.Sign, of code: CSVError.Code) -> CSVError.Sign {
        let isAboutInnerQuotes = sign == .quotedWord || sign == .breaksRecord && code != .unterminatedQuote
        return isAboutInnerQuotes && !dialect.doublesQuotes ? .notDoubled : sign
    }

    /// Returns the offset just past the next line end, or the limit of the search; nil if the window ends before either.
    private func lineEnd(after position: Int, upTo bound: Int? = nil) -> Int? {
        let bound = bound ?? position + Self.reach
        let limit = min(window.count, bound)
        for place in position..<limit {
            let byte = window[place]
            if byte == 0x0A || (byte == 0x0D && dialect.bareCR == .newline) { return place + 1 }
        }
        return window.isLast || limit == bound ? limit : nil
    }

    /// Parses the record at `start` as if every error were accepted and the input ended at `end`.
    private func accepted(from start: Int, end: Int, bareCR: Dialect.BareCR = .data) -> SlowRecordParser {
        var lenient = dialect.accepting
        lenient.bareCR = dialect.bareCR == .error ? bareCR : dialect.bareCR
        // A lenient dialect throws no errors, and in a last window no record is cut off.
        return parsed(from: start, end: end, lenient) ?? SlowRecordParser()
    }

    /// Parses the record at `start` as if the input ended at `end`. Returns nil if the dialect refuses it.
    private func parsed(from start: Int, end: Int, _ dialect: Dialect) -> SlowRecordParser? {
        var dialect = dialect
        dialect.maxRecord = Dialect.recordLimits.upperBound
        dialect.maxColumns = Dialect.columnLimits.upperBound
        var part = window
        part.bytes = window.bytes[0..<end]
        part.isLast = true
        var record = SlowRecordParser()
        do throws(CSVError) {
            return try record.read(part, from: start, number: 1, dialect: dialect) ? record : nil
        } catch {
            return nil
        }
    }

    /// Returns the record as another dialect reads it, if that accepts it and finds the right number of fields.
    private func reread(as dialect: Dialect, end: Int) -> SlowRecordParser? {
        guard dialect.fault == nil, let record = parsed(from: recordStart, end: end, dialect) else { return nil }
        return isRight(record) ? record : nil
    }

    /// Whether the record is right once spaces around quotes are trimmed.
    private func isTrimmable(end: Int) -> Bool {
        var trimming = dialect
        trimming.trim = .spaces
        return reread(as: trimming, end: end) != nil
    }

    /// Whether the record is right if the backslash is the escape character. It is taken for one only if it stands before
    /// bytes with a meaning, and not for example in the name of a folder.
    private func isEscapable(end: Int) -> Bool {
        guard dialect.escape == nil else { return false }
        var escaping = dialect
        escaping.escape = Self.backslash
        guard let record = reread(as: escaping, end: end) else { return false }
        let meaningful = [Self.backslash, dialect.quote, dialect.delimiter, 0x0A, 0x0D]
        var position = recordStart
        while position + 1 < record.next {
            let isEscape = window[position] == Self.backslash
            if isEscape, !meaningful.contains(window[position + 1]) { return false }
            position += isEscape ? 2 : 1
        }
        return true
    }

    private static let backslash = UInt8(ascii: "\\")

    /// Returns whether a record with too few fields is part of one that line ends split: whether it and the records after it,
    /// up to the next with enough fields, join to one of the right number. Joining two gives one field less than their sum,
    /// since the line end was inside a field. Returns nil if that depends on bytes that the window does not hold yet.
    func isSplit(_ record: SlowRecordParser) -> Bool? {
        guard let width, record.fields.count < width else { return false }
        var (found, position) = (record.fields.count, record.next)
        let limit = record.next + Self.reach
        while position < min(window.count, limit) {
            guard let end = lineEnd(after: position, upTo: limit) else { return nil }
            let next = accepted(from: position, end: end)
            position = end
            if next.isComment { continue }
            found += next.fields.count - 1
            if next.fields.count >= width || found > width { return false }
            if found == width { return true }
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
        if isSpace(fieldStart..<quote) { return isTrimmable(end: end) ? .trimmable : .spaceBeforeQuote }
        if window[quote - 1] == Self.backslash { return isEscapable(end: end) ? .escapable : .backslashBeforeQuote }
        let record = accepted(from: recordStart, end: end)
        return isRight(record) && !opensText(quote, end: record.next) ? nil : .breaksRecord
    }

    /// Returns whether the quote looks like the opening one of quoted text that contains a delimiter, as in `x="a,b"`. The
    /// one in `12" x,5" y` does not, since a letter or digit precedes it.
    private func opensText(_ quote: Int, end: Int) -> Bool {
        let before = window[quote - 1]
        let isWord = before >= 0x80 || 0x61...0x7A ~= before | 0x20 || 0x30...0x39 ~= before
        let rest = quote + 1..<max(end, quote + 1)
        guard !isWord, let closing = rest.first(where: { window[$0] == dialect.quote }) else { return false }
        return contains(dialect.delimiter, quote..<closing)
    }

    private func sign(ofTextAt text: Int, end: Int, field: Int) -> CSVError.Sign? {
        let quote = (fieldStart..<text).last { window[$0] == dialect.quote } ?? fieldStart
        if quote - 1 > fieldStart, window[quote - 1] == Self.backslash {
            return isEscapable(end: end) ? .escapable : .backslashBeforeQuote
        }
        let record = accepted(from: recordStart, end: end)
        let tail = text..<max(text, record.fields.count < field ? text : record.fields[field - 1].end)
        if isSpace(tail) { return isTrimmable(end: end) ? .trimmable : .spaceAfterQuote }
        if !isRight(record) { return .breaksRecord }
        return isSpace(window[text]) || contains(dialect.quote, tail) ? .quotedWord : nil
    }

    private func sign(ofOpeningQuoteAt quote: Int) -> CSVError.Sign? {
        // What lies beyond the record limit may not be in the window.
        if window.count - recordStart > dialect.maxRecord { return nil }
        if contains(0x0A, quote..<window.count) || contains(0x0D, quote..<window.count) { return nil }
        return isRight(accepted(from: recordStart, end: window.count)) ? .endsWithInput : .breaksRecord
    }

    private func sign(ofCRAt place: Int, end: Int, field: Int) -> CSVError.Sign? {
        let next = accepted(from: place + 1, end: end, bareCR: .newline)
        // `CR CR LF` and a last CR: no record follows.
        let endsAlone = place + 1 == end || next.isBlank || next.isComment
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
