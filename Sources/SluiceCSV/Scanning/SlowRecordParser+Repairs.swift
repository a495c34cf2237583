extension SlowRecordParser {
    /// Notes what was accepted in the record although RFC 4180 refuses it. If `width` is not nil, a record with another number
    /// of fields counts too.
    func note(in repairs: inout Repairs, _ window: Window, number: UInt64, dialect: Dialect, width: Int?) {
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
                note(.textAfterQuote, bare.isEmpty ? nil : bare.lowerBound)
            } else {
                note(.quoteInPlain, bare.first { window[$0] == dialect.quote })
            }
            let endsWithCR = index == fields.count - 1 && next == field.end + 1 && window[field.end] == 0x0D
            note(.bareCR, bare.first { window[$0] == 0x0D } ?? (endsWithCR ? field.end : nil))
            if dialect.invalidUTF8 == .replace {
                note(.invalidUTF8, field.firstIllFormed(in: window))
            }
        }
        if let width, fields.count != width {
            repairs.noteRagged(fields.count, width: width, offset: window.offset + UInt64(start), record: number)
        }
    }
}
