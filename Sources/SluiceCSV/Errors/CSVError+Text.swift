internal import SluicePlatform

extension CSVError {
    /// What is wrong, in a few words.
    public var reason: String {
        switch code {
        case .bareCR: "carriage return without line feed outside quotes"
        case .quoteInPlain: "quote inside an unquoted field"
        case .textAfterQuote: "text after a closing quote"
        case .unterminatedQuote: "the quote that opens here is never closed"
        case .raggedRecord: fieldCounts ?? "record has a different number of fields than the header"
        case .duplicateHeader: sameNames ?? "column name occurs twice"
        case .headerMismatch: drift ?? "header differs from that of the other inputs"
        case .invalidUTF8: "bytes are not UTF-8"
        case .blankLine: "blank line"
        case .tooManyRejects: "more lines were put aside than allowed"
        case .recordTooLong: "record is longer than allowed"
        case .tooManyColumns: "record has more fields than allowed"
        case .utf16Input, .utf32Input, .byteOrderMark, .noByteOrderMark, .wrongEncoding, .invalidEncoding, .notCSV,
            .sepLine, .nulInName:
            inputReason
        case .typeMismatch: mismatch ?? "the value is not of its column's type"
        case .constraint: brokenConstraint ?? "the value breaks a constraint of its column"
        case .unknownColumn: unknownColumn
        case .memberConflict: memberConflict
        case .rowTooLarge: "row is too large for a message"
        case .badCompression: "compressed input is damaged or cut short"
        case .inputChanged: "the file was changed while it was read"
        }
    }

    /// For example `row has 3 fields, the header has 2`.
    private var fieldCounts: String? {
        guard case .fields(let count) = detail else { return nil }
        let fields = count.found == 1 ? "1 field" : "\(count.found) fields"
        return "row has \(fields), the \(count.hasHeader ? "header" : "first") has \(count.expected)"
    }

    /// For example `header does not match the schema: missing "qty" and 2 more; unexpected "note"`.
    private var drift: String? {
        guard case .drift(let drift) = detail else { return nil }
        let parts = [
            drift.missing.text.map { "missing \($0)" }, drift.unexpected.text.map { "unexpected \($0)" },
            drift.misplaced.text.map { "out of order \($0)" },
            drift.respelled.text.map { "other only in case, white space or Unicode form \($0)" },
        ]
        return "header does not match the schema: " + parts.compactMap(\.self).joined(separator: "; ")
    }

    /// For example `the header has no column "id"; it has "ID"` or `…; it has "order", "customer" and 3 more`.
    private var unknownColumn: String {
        let present =
            switch detail {
            case .unknown(_, let similar): similar.map { "\"\(TerminalText.name($0, limit: 60))\"" }
            case .present(let names): names.text
            default: String?.none
            }
        guard let shownColumn else { return "the header lacks a column" }
        return "the header has no column \"\(shownColumn)\"" + (present.map { "; it has \($0)" } ?? "")
    }

    private var memberConflict: String {
        let name = "\"\(shownColumn ?? "")\""
        guard case .conflict(let conflict) = detail else { return "two members of a row have the same name" }
        return switch conflict {
        case .sameName: "two members of a row would have the name \(name)"
        case .objectAndValue: "nested, \(name) would be both an object and a value, or be inside one that is"
        case .tooDeep: "\(name) has too many parts to nest"
        }
    }

    /// The column's name, made safe for a terminal and cut if it is long.
    fileprivate var shownColumn: String? { column.map { TerminalText.name($0, limit: 60) } }

    /// For example `columns 1 and 2 have the same name, "id"` or `columns 2 and 3 have no name`.
    private var sameNames: String? {
        guard case .columns(let columns) = detail, let last = columns.last, let shownColumn else { return nil }
        let listed = columns.dropLast().map(String.init).joined(separator: ", ") + " and \(last)"
        return "columns \(listed) have " + (shownColumn.isEmpty ? "no name" : "the same name, \"\(shownColumn)\"")
    }
}

extension CSVError: CustomStringConvertible {
    /// One line of text, which starts with the physical line:
    /// `5: error: quote inside an unquoted field [quoteInPlain] (record 3, field 2 "note", byte 41)`.
    public var description: String { text(as: "error") }

    /// Returns the same text with `kind`, `error` or `warning`, in place of `error`.
    package func text(as kind: String) -> String {
        let place = line.map { "\($0): " } ?? ""
        let name = shownColumn.map { " \"\($0)\"" } ?? ""
        let inRecord = isAboutField ? ", field \(field)\(name)" : ""
        return "\(place)\(kind): \(reason) [\(code.rawValue)] (record \(record)\(inRecord), byte \(offset))"
    }
}

extension CSVError.HeaderDrift.Names {
    /// For example `"a", "b" and 3 more`; nil if there are none.
    fileprivate var text: String? {
        if count == 0 { return nil }
        let names = listed.map { "\"\(TerminalText.name($0))\"" }.joined(separator: ", ")
        let rest = count - listed.count
        return rest == 0 ? names : names.isEmpty ? "\(rest)" : "\(names) and \(rest) more"
    }
}
