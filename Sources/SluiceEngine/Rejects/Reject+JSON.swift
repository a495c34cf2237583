import SluiceCSV
import SluiceJSON

/// A reject as a line of JSON:
///
///     {"source":"orders.csv?…","code":"quoteInPlain","line":3,"lines":1,"record":3,"field":2,"column":"note","offset":25,
///      "end":38,"message":"quote inside an unquoted field, at byte 29","raw":"2,12\" monitor"}
///
/// Line, offset and end are those of the record; what is wrong may be further inside it.
extension Reject {
    /// Returns the line without a line end. `most` is its greatest length: bytes of the record are left out to keep it.
    func json(source: String, most: Int = .max) -> [UInt8] {
        var (count, hasColumn) = (raw.count, true)
        while true {
            let line = Array(json(source, raw: raw.prefix(count), hasColumn: hasColumn).utf8)
            if line.count <= most || (count == 0 && !hasColumn) { return line }
            if count == 0 { hasColumn = false }
            count /= 2
        }
    }

    private func json(_ source: String, raw: ArraySlice<UInt8>, hasColumn: Bool) -> String {
        var members = [
            ("source", JSONWriter.string(source)), ("code", JSONWriter.string(error.code.rawValue)), ("line", "\(line)"),
            ("lines", "\(lines)"), ("record", "\(error.record)"),
        ]
        if error.field > 0 { members.append(("field", "\(error.field)")) }
        if hasColumn, let column = error.column { members.append(("column", JSONWriter.string(column))) }
        let place = error.offset == stored.lowerBound ? "" : ", at byte \(error.offset)"
        members += [
            ("offset", "\(stored.lowerBound)"), ("end", "\(stored.upperBound)"),
            ("message", JSONWriter.string(error.reason + place)), Self.member(raw, isCut: !isWhole || raw.count < self.raw.count),
        ]
        return JSONWriter.object(members)
    }

    /// The bytes as text, without a part of a character at their end if they are cut, or as base64 if they are no text.
    private static func member(_ raw: ArraySlice<UInt8>, isCut: Bool) -> (name: String, json: String) {
        let text = isCut ? raw.withoutPartialCharacter : raw
        guard let string = String(validating: text, as: UTF8.self) else {
            return ("rawBase64", "\"" + String(decoding: Base64.encoded(Array(raw)), as: UTF8.self) + "\"")
        }
        return ("raw", JSONWriter.string(string))
    }
}

extension ArraySlice<UInt8> {
    /// The bytes without the first bytes of a character at their end.
    fileprivate var withoutPartialCharacter: ArraySlice<UInt8> {
        guard let lead = suffix(3).lastIndex(where: { $0 >= 0xC0 }) else { return self }
        let length = self[lead] >= 0xF0 ? 4 : self[lead] >= 0xE0 ? 3 : 2
        return endIndex - lead < length ? self[..<lead] : self
    }
}
