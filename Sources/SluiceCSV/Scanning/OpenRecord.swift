/// A record being read byte by byte, with what is needed to report its place.
struct OpenRecord {
    let window: Window
    let dialect: Dialect
    let syntax: Syntax
    /// Window offset of the record's first byte.
    let start: Int
    let number: UInt64

    /// Window offset of the first byte beyond the record limit; only a line end may start there.
    var limit: Int { start + dialect.maxRecord }

    var tooLong: CSVError { CSVError(.recordTooLong, offset: window.offset + UInt64(start), record: number) }

    private func error(_ code: CSVError.Code, at position: Int, _ field: Int) -> CSVError {
        CSVError(code, offset: window.offset + UInt64(position), record: number, field: field)
    }

    /// Whether the record is a comment.
    var comment: Syntax.Match {
        if syntax.comments.isEmpty { return .no }
        let match = syntax.comment(at: start, window.byte)
        return match == .sofar && window.isLast ? .no : match
    }
}

/// The field that is read, and its number, counted from 1. A result of nil means that the window ends too early to decide.
///
/// The number is a parameter: a record that changed would be copied, all of it, for each call.
extension OpenRecord {
    /// Returns the offset of the first byte from `position` on that is not trimmed before a value.
    func contentStart(after position: Int, _ field: Int) -> Int? {
        var position = position
        if syntax.trim == .none || (syntax.trim == .initial && field == 1) { return position }
        while position < window.count, syntax.trims(window[position]), position < limit {
            switch delimiter(at: position) {
            case .sofar: return nil
            case .yes: return position
            case .no: position += 1
            }
        }
        return position
    }

    /// Returns the offset of the closing quote of the field that opens at `opening`, or the end of the input.
    func closingQuote(after opening: Int, _ field: Int) throws(CSVError) -> Int? {
        let (quote, escape) = (syntax.quote, syntax.escape)
        var position = opening + 1
        let bound = min(window.count, limit)
        while position < bound {
            let byte = UInt16(window[position])
            if byte == escape {
                let isAlone = position + 1 == window.count
                if isAlone, !window.isLast { return nil }
                position += isAlone ? 1 : 2
            } else if byte != quote {
                position += 1
            } else {
                if position + 1 == window.count { return window.isLast ? position : nil }
                if !syntax.doublesQuotes || UInt16(window[position + 1]) != quote { return position }
                position += 2
            }
        }
        // The byte at `position`, or the second of two before it, is inside the quotes and beyond the limit.
        let isUnclosed = dialect.unterminated == .nextLine
        if position > limit || position < window.count {
            throw isUnclosed ? error(.unterminatedQuote, at: opening, field) : tooLong
        }
        guard window.isLast else { return nil }
        if dialect.unterminated != .close { throw error(.unterminatedQuote, at: opening, field) }
        return window.count
    }

    struct End {
        /// Window offset just past the value, without spaces that are trimmed.
        var contentEnd: Int
        /// Window offset of the delimiter or line end, and of what follows it.
        var position: Int
        var next: Int
        var endsRecord: Bool
    }

    /// Returns the end of the field whose plain bytes start at `start`. If `isTail`, they follow a closing quote.
    func end(from start: Int, isTail: Bool, _ field: Int) throws(CSVError) -> End? {
        var (position, contentEnd) = (start, start)
        func end(next: Int, endsRecord: Bool) -> End {
            End(
                contentEnd: syntax.trimsEnds ? contentEnd : position,
                position: position,
                next: next,
                endsRecord: endsRecord
            )
        }
        while position < window.count {
            switch try lineEnd(at: position, field) {
            case .open: return nil
            case .at(let next): return end(next: next, endsRecord: true)
            case .none: break
            }
            if position >= limit { throw tooLong }
            switch delimiter(at: position) {
            case .sofar: return nil
            case .yes: return end(next: position + 1 + syntax.delimiterTail.count, endsRecord: false)
            case .no: break
            }
            let byte = window[position]
            let isTrimmed = syntax.trimsEnds && syntax.trims(byte)
            if isTail {
                if dialect.afterQuote == .error, !isTrimmed { throw error(.textAfterQuote, at: position, field) }
            } else if UInt16(byte) == syntax.quote, dialect.quoteInPlain == .error {
                throw error(.quoteInPlain, at: position, field)
            }
            if UInt16(byte) == syntax.escape {
                if position + 1 == window.count, !window.isLast { return nil }
                // The escaped byte counts too. As the last byte of the input, the escape character is data.
                if position + 1 < window.count {
                    position += 1
                    if position >= limit { throw tooLong }
                }
            }
            position += 1
            if !isTrimmed { contentEnd = position }
        }
        return window.isLast ? end(next: position, endsRecord: true) : nil
    }

    enum LineEnd {
        case none
        /// The line ends, and the next starts at that offset.
        case at(Int)
        /// The window ends too early to decide.
        case open
    }

    /// Returns whether a line end that ends records is at an offset of the window.
    func lineEnd(at position: Int, _ field: Int = 1) throws(CSVError) -> LineEnd {
        let byte = window[position]
        if byte == 0x0A { return .at(position + 1) }
        if byte != 0x0D { return .none }
        if position + 1 == window.count, !window.isLast { return .open }
        if window.byte(at: position + 1) == 0x0A { return .at(position + 2) }
        switch dialect.bareCR {
        case .newline: return .at(position + 1)
        case .data: return .none
        case .error: throw error(.bareCR, at: position, field)
        }
    }

    private func delimiter(at position: Int) -> Syntax.Match {
        guard window[position] == syntax.delimiter else { return .no }
        if syntax.delimiterTail.isEmpty { return .yes }
        let match = Syntax.match(syntax.delimiterTail, at: position + 1, window.byte)
        return match == .sofar && window.isLast ? .no : match
    }
}
