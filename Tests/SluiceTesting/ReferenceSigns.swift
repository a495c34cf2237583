import SluiceCSV

// The signs that an error reports, for the reference parser: the record is read again with the violation accepted.

/// Examines the bytes around an error of the tokenizer.
struct ReferenceSigns {
    let bytes: [UInt8]
    let dialect: Dialect
    /// The offsets of the record and the field with the error.
    let recordStart: Int
    let fieldStart: Int
    /// The correct number of fields, if it is known.
    let width: Int?

    func sign(of error: CSVError) -> CSVError.Sign? {
        let place = Int(error.offset)
        switch error.code {
        case .quoteInPlain: return escapedOnly(quoteInPlain(place))
        case .textAfterQuote: return escapedOnly(textAfterQuote(place, field: error.field))
        case .unterminatedQuote:
            // Not where the record limit is reached before the end of the input.
            if bytes.count - recordStart > dialect.maxRecord { return nil }
            if bytes[place...].contains(where: { $0 == 0x0A || $0 == 0x0D }) { return nil }
            return hasRightWidth(until: bytes.count) ? .endsWithInput : .breaksRecord
        case .bareCR: return bareCR(place, field: error.field)
        default: return nil
        }
    }

    /// Where quotes can't be doubled, advice must not say that they should be.
    private func escapedOnly(_ sign: CSVError.Sign?) -> CSVError.Sign? {
        dialect.doublesQuotes || (sign != .quotedWord && sign != .breaksRecord) ? sign : .notDoubled
    }

    /// Returns the offset past the line end at or after a place, or past the bytes that are examined.
    private func lineEnd(_ place: Int) -> Int {
        for (offset, byte) in bytes.enumerated().dropFirst(place).prefix(1024) {
            if byte == 0x0A || (byte == 0x0D && dialect.bareCR == .newline) { return offset + 1 }
        }
        return min(bytes.count, place + 1024)
    }

    /// Whether the lines after a short record hold the fields that it lacks.
    func isSplit(fields: Int, end: Int) -> Bool {
        guard let width, fields < width else { return false }
        let limit = min(bytes.count, end + 1024)
        var (missing, place) = (width - fields, end)
        while place < limit {
            let next = min(lineEnd(place), limit)
            let line = record(at: place, until: next)
            place = next
            if line?.isComment == true { continue }
            let count = line?.fields.count ?? 1
            if count >= width { return false }
            missing -= count - 1
            if missing <= 0 { return missing == 0 }
        }
        return false
    }

    /// Returns the record at a place of the input cut off at `end`, with every violation accepted.
    private func record(at start: Int, until end: Int, _ bareCR: Dialect.BareCR = .data) -> ReferenceRecord? {
        var lenient = dialect
        (lenient.quoteInPlain, lenient.afterQuote, lenient.unterminated) = (.data, .append, .close)
        lenient.bareCR = dialect.bareCR == .error ? bareCR : dialect.bareCR
        return record(at: start, until: end, as: lenient)
    }

    /// Returns the record at a place of the input cut off at `end`, or nil if the dialect refuses it.
    private func record(at start: Int, until end: Int, as dialect: Dialect) -> ReferenceRecord? {
        var dialect = dialect
        (dialect.maxRecord, dialect.maxColumns) = (Int.max / 2, Int.max)
        var tokenizer = ReferenceTokenizer(Array(bytes[..<end]), from: start, dialect: dialect)
        return (try? tokenizer.next()) ?? nil
    }

    /// Whether trimming spaces makes the record right.
    private func isTrimmable(until end: Int) -> Bool {
        var trimming = dialect
        trimming.trim = .spaces
        guard trimming.fault == nil, let record = record(at: recordStart, until: end, as: trimming) else {
            return false
        }
        return width == nil || record.fields.count == width
    }

    /// Whether the record is right with the backslash as escape character, and all its backslashes look like ones.
    private func isEscapable(until end: Int) -> Bool {
        var escaping = dialect
        escaping.escape = 0x5C
        guard dialect.escape == nil, escaping.fault == nil,
            let record = record(at: recordStart, until: end, as: escaping),
            width == nil || record.fields.count == width
        else { return false }
        let escaped = record.fields.flatMap(\.pieces).joined().filter(\.isEscaped).map(\.byte)
        return escaped.allSatisfy { [0x5C, dialect.quote, dialect.delimiter, 0x0A, 0x0D].contains($0) }
    }

    private func hasRightWidth(until end: Int) -> Bool {
        width == nil || record(at: recordStart, until: end)?.fields.count == width
    }

    private func isBlank(_ text: some Collection<UInt8>) -> Bool { text.allSatisfy { $0 == 0x20 || $0 == 0x09 } }

    private func quoteInPlain(_ place: Int) -> CSVError.Sign? {
        let before = bytes[fieldStart..<place]
        if isBlank(before) { return isTrimmable(until: lineEnd(place)) ? .trimmable : .spaceBeforeQuote }
        if before.last == 0x5C { return isEscapable(until: lineEnd(place)) ? .escapable : .backslashBeforeQuote }
        if !hasRightWidth(until: lineEnd(place)) { return .breaksRecord }
        let rest = bytes[place..<Int(record(at: recordStart, until: lineEnd(place))?.end ?? 0)]
        let followsWord = before.last.map { $0 >= 0x80 || Character(Unicode.Scalar($0)).isWordInASCII } ?? false
        guard !followsWord, let closing = rest.dropFirst().firstIndex(of: dialect.quote) else { return nil }
        return rest[..<closing].contains(dialect.delimiter) ? .breaksRecord : nil
    }

    private func textAfterQuote(_ place: Int, field: Int) -> CSVError.Sign? {
        let closing = bytes[..<place].lastIndex(of: dialect.quote) ?? 0
        if closing - 1 > fieldStart, bytes[closing - 1] == 0x5C {
            return isEscapable(until: lineEnd(place)) ? .escapable : .backslashBeforeQuote
        }
        let end = fieldStart + (record(at: recordStart, until: lineEnd(place))?.fields[field - 1].length ?? 0)
        let tail = bytes[place..<end]
        if isBlank(tail) { return isTrimmable(until: lineEnd(place)) ? .trimmable : .spaceAfterQuote }
        if !hasRightWidth(until: lineEnd(place)) { return .breaksRecord }
        return isBlank(tail.prefix(1)) || tail.contains(dialect.quote) ? .quotedWord : nil
    }

    private func bareCR(_ place: Int, field: Int) -> CSVError.Sign? {
        let end = lineEnd(place)
        let next = record(at: place + 1, until: end, .newline)
        let isAlone = next == nil || next?.isBlank == true || next?.isComment == true
        guard let width else {
            if !bytes[place..<end].contains(0x0A) { return .endsRecord }
            return field > 1 && (isAlone || next?.fields.count == field) ? .endsRecord : nil
        }
        let isNewline = field == width && (isAlone ? width > 1 : next?.fields.count == width)
        let isData = hasRightWidth(until: end)
        return isNewline == isData ? nil : isNewline ? .endsRecord : .insideValue
    }
}

extension Character {
    fileprivate var isWordInASCII: Bool { isASCII && (isLetter || isWholeNumber) }
}
