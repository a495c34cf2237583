extension SlowRecordParser {
    /// Notes what was accepted in the record although RFC 4180 refuses it. If `width` is not nil, a record with another number
    /// of fields counts too.
    func note(in repairs: inout Repairs, _ window: Window, number: UInt64, dialect: Dialect, width: Int?) {
        let syntax = Syntax(dialect)
        for (index, field) in fields.enumerated() {
            func note(_ code: CSVError.Code, _ place: Int?) {
                guard let place else { return }
                let offset = window.offset + UInt64(place)
                repairs.note(code, at: Repairs.Place(offset: offset, record: number, field: index + 1))
            }
            let isUnterminated = field.isQuoted && field.contentEnd == field.end
            let bare = field.isQuoted ? min(field.contentEnd + 1, field.end)..<field.end : field.start..<field.end
            if isUnterminated {
                note(.unterminatedQuote, field.start)
            } else if field.isQuoted {
                note(.textAfterQuote, bare.first { !syntax.trimsEnds || !syntax.trims(window[$0]) })
            } else {
                note(.quoteInPlain, first(syntax.quote, in: bare, window, syntax))
            }
            let endsWithCR = index == fields.count - 1 && next == lineEnd + 1 && window[lineEnd] == 0x0D
            note(.bareCR, first(0x0D, in: bare, window, syntax) ?? (endsWithCR ? lineEnd : nil))
            if dialect.invalidUTF8 == .replace {
                note(.invalidUTF8, field.firstIllFormed(in: window))
            }
        }
        if let width, fields.count != width {
            repairs.noteRagged(fields.count, width: width, offset: window.offset + UInt64(start), record: number)
        }
    }

    /// Returns the first place of a byte that is not escaped.
    private func first(_ byte: UInt16, in range: Range<Int>, _ window: Window, _ syntax: Syntax) -> Int? {
        var position = range.lowerBound
        while position < range.upperBound {
            if UInt16(window[position]) == byte { return position }
            position += UInt16(window[position]) == syntax.escape ? 2 : 1
        }
        return nil
    }
}
