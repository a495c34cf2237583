// A record that was put aside, and the line of JSON that says why.

import SluiceCSV

/// A record that breaks a rule.
///
/// Worked example: the record `1,x"y` at offset 4 of `a,b⏎1,x"y⏎`, in the file `t.csv`:
///
///     {"source":"t.csv","code":"quoteInPlain","line":2,"lines":1,"record":2,"field":2,"column":"b","offset":4,"end":10,
///      "message":"quote inside an unquoted field, at byte 7","raw":"1,x\"y"}
package struct ReferenceReject: Sendable, Hashable {
    /// What is wrong with it, with the line and the column's name.
    package var error: CSVError
    /// The offset of the record's first byte.
    package var start: UInt64
    /// The offset past its line end.
    package var end: UInt64
    /// The physical line of its first byte.
    package var line: UInt64
    /// The number of physical lines that it takes.
    package var lines: UInt64
    /// All its bytes, without the line end.
    package var bytes: [UInt8]
    /// Whether it would be no row either if it were good: a blank line, a comment or a skipped record.
    package var isRowless: Bool

    /// Makes a reject of a record at its place in the input.
    init(
        _ error: CSVError,
        record: Range<Int>,
        contentEnd: Int,
        of input: [UInt8],
        _ dialect: Dialect,
        isRowless: Bool = false
    ) {
        func lineNumber(_ offset: UInt64) -> UInt64 { ReferenceParser.line(of: offset, in: input, dialect: dialect) }
        self.error = error
        self.error.line = lineNumber(error.offset)
        (start, end) = (UInt64(record.lowerBound), UInt64(record.upperBound))
        line = lineNumber(start)
        // A line end belongs to the line that it ends.
        lines = lineNumber(end - 1) - line + 1
        bytes = Array(input[record.lowerBound..<contentEnd])
        self.isRowless = isRowless
    }

    package var code: CSVError.Code { error.code }
    /// The record's number.
    package var record: UInt64 { error.record }
    package var errorOffset: UInt64 { error.offset }

    /// The field with the error, or nil if it concerns the whole record.
    package var field: Int? {
        let isOfTheRecord: Set<CSVError.Code> = [.blankLine, .tooManyColumns, .rowTooLarge]
        return isOfTheRecord.contains(code) ? nil : error.field
    }

    /// The name of that field's column, or nil if there is none.
    package var column: String? { field == nil ? nil : error.column }
}

extension ReferenceReject {
    /// The most bytes of a record that a line holds.
    package static let rawLimit = 4096

    /// Returns the line, without a line end.
    ///
    /// - Parameter room: the most bytes that it may have. A longer one holds half as many bytes of the record, again and again,
    ///   and at last no column's name.
    package func json(source: String, room: Int = .max) -> [UInt8] {
        var limit = min(bytes.count, Self.rawLimit)
        while limit > 0, json(source, column, limit).count > room { limit /= 2 }
        let line = json(source, column, limit)
        return line.count <= room ? line : json(source, nil, limit)
    }

    private func json(_ source: String, _ column: String?, _ limit: Int) -> [UInt8] {
        func quoted(_ text: String) -> String { ReferenceJSON.string(Array(text.utf8)) }
        let place = errorOffset == start ? "" : ", at byte \(errorOffset)"
        var members = [
            ("source", quoted(source)), ("code", quoted(code.rawValue)), ("line", "\(line)"), ("lines", "\(lines)"),
            ("record", "\(record)"),
        ]
        if let field { members.append(("field", "\(field)")) }
        if let column { members.append(("column", quoted(column))) }
        members += [("offset", "\(start)"), ("end", "\(end)"), ("message", quoted(error.reason + place)), raw(limit)]
        return Array("{\(members.map { "\"\($0)\":\($1)" }.joined(separator: ","))}".utf8)
    }

    /// Returns the member with the record's first bytes: as text if they are UTF-8, apart from a character that the limit cuts.
    private func raw(_ limit: Int) -> (String, String) {
        let first = Array(bytes.prefix(limit))
        let text = bytes.count > limit ? Self.withoutCutCharacter(first) : first
        if String(validating: text, as: UTF8.self) != nil { return ("raw", ReferenceJSON.string(text)) }
        return ("rawBase64", "\"\(Self.base64(first))\"")
    }

    /// Returns the bytes without the start of a character at their end.
    private static func withoutCutCharacter(_ bytes: [UInt8]) -> [UInt8] {
        for row in ReferenceUTF8.table {
            for count in 1..<row.count where count <= bytes.count {
                let isCut = zip(row, bytes.suffix(count)).allSatisfy { $0.contains($1) }
                if isCut { return bytes.dropLast(count) }
            }
        }
        return bytes
    }

    static func base64(_ bytes: [UInt8]) -> String {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        let bits = bytes.map { byte in
            let text = String(byte, radix: 2)
            return String(repeating: "0", count: 8 - text.count) + text
        }.joined()
        var (result, rest) = ("", bits[...])
        while !rest.isEmpty {
            let six = rest.prefix(6) + String(repeating: "0", count: 6 - rest.prefix(6).count)
            result.append(digits[Int(six, radix: 2) ?? 0])
            rest = rest.dropFirst(6)
        }
        return result + String(repeating: "=", count: (4 - result.count % 4) % 4)
    }
}
