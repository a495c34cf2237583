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
        case .quoteInPlain: return quoteInPlain(place)
        case .textAfterQuote: return textAfterQuote(place, field: error.field)
        case .unterminatedQuote:
            if bytes[place...].contains(where: { $0 == 0x0A || $0 == 0x0D }) { return nil }
            return hasRightWidth(until: bytes.count) ? .endsWithInput : .breaksRecord
        case .bareCR: return bareCR(place, field: error.field)
        default: return nil
        }
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
            let count = record(at: place, until: next)?.fields.count ?? 1
            if count >= width { return false }
            missing -= count - 1
            if missing <= 0 { return missing == 0 }
            place = next
        }
        return false
    }

    /// Returns the record at a place of the input cut off at `end`, with every violation accepted.
    private func record(at start: Int, until end: Int, _ bareCR: Dialect.BareCR = .data) -> ReferenceRecord? {
        var lenient = Dialect.lenient
        (lenient.delimiter, lenient.quote) = (dialect.delimiter, dialect.quote)
        lenient.bareCR = dialect.bareCR == .error ? bareCR : dialect.bareCR
        var tokenizer = ReferenceTokenizer(Array(bytes[..<end]), from: start, dialect: lenient)
        return (try? tokenizer.next()) ?? nil
    }

    private func hasRightWidth(until end: Int) -> Bool {
        width == nil || record(at: recordStart, until: end)?.fields.count == width
    }

    private func isBlank(_ text: some Collection<UInt8>) -> Bool { text.allSatisfy { $0 == 0x20 || $0 == 0x09 } }

    private func quoteInPlain(_ place: Int) -> CSVError.Sign? {
        let before = bytes[fieldStart..<place]
        if isBlank(before) { return .spaceBeforeQuote }
        if before.last == 0x5C { return .backslashBeforeQuote }
        if !hasRightWidth(until: lineEnd(place)) { return .breaksRecord }
        let rest = bytes[place..<Int(record(at: recordStart, until: lineEnd(place))?.end ?? 0)]
        let followsWord = before.last.map { $0 >= 0x80 || Character(Unicode.Scalar($0)).isWordInASCII } ?? false
        guard !followsWord, let closing = rest.dropFirst().firstIndex(of: dialect.quote) else { return nil }
        return rest[..<closing].contains(dialect.delimiter) ? .breaksRecord : nil
    }

    private func textAfterQuote(_ place: Int, field: Int) -> CSVError.Sign? {
        if place - 2 > fieldStart, bytes[place - 2] == 0x5C { return .backslashBeforeQuote }
        let end = fieldStart + (record(at: recordStart, until: lineEnd(place))?.fields[field - 1].length ?? 0)
        let tail = bytes[place..<end]
        if isBlank(tail) { return .spaceAfterQuote }
        if !hasRightWidth(until: lineEnd(place)) { return .breaksRecord }
        return isBlank(tail.prefix(1)) || tail.contains(dialect.quote) ? .quotedWord : nil
    }

    private func bareCR(_ place: Int, field: Int) -> CSVError.Sign? {
        let end = lineEnd(place)
        let next = record(at: place + 1, until: end, .newline)
        let isAlone = next == nil || next?.isBlank == true
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
