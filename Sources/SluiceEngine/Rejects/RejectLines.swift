import SluiceCSV
import SluiceJSON

/// A reject as a line of JSON:
///
///     {"source":"orders.csv?…","code":"quoteInPlain","line":3,"lines":1,"record":3,"field":2,"column":"note","offset":25,
///      "end":38,"message":"quote inside an unquoted field, at byte 29","raw":"2,12\" monitor"}
///
/// Line, offset and end are those of the record; what is wrong may be further inside it.
struct RejectLines {
    /// `{"source":"orders.csv?…","code":"`
    private let start: [UInt8]

    init(source: SourceName) { start = Array("{\"source\":\(JSONWriter.string(source.whole)),\"code\":\"".utf8) }

    /// Returns the line without a line end. Bytes of the record, and then its column's name, are left out of a line that is longer
    /// than `most`.
    func line(of reject: Reject, most: Int) -> [UInt8] {
        var (count, hasColumn) = (reject.raw.count, true)
        while true {
            var line: [UInt8] = []
            append(reject, raw: reject.raw[0..<count], hasColumn: hasColumn, to: &line)
            if line.count <= most || (count == 0 && !hasColumn) { return line }
            if count == 0 { hasColumn = false }
            count /= 2
        }
    }

    /// Appends a line without a line end.
    func append(_ reject: Reject, to lines: inout [UInt8]) {
        append(reject, raw: reject.raw[...], hasColumn: true, to: &lines)
    }

    private func append(_ reject: Reject, raw: ArraySlice<UInt8>, hasColumn: Bool, to lines: inout [UInt8]) {
        let error = reject.error
        lines += start
        lines += error.code.rawValue.utf8
        lines.add("\",\"line\":", reject.line)
        lines.add(",\"lines\":", reject.lines)
        lines.add(",\"record\":", error.record)
        if error.isAboutField { lines.add(",\"field\":", UInt64(error.field)) }
        if hasColumn, error.isAboutField, let column = error.column {
            lines += ",\"column\":\"".utf8
            lines.add(string: column)
            lines.append(UInt8(ascii: "\""))
        }
        lines.add(",\"offset\":", reject.stored.lowerBound)
        lines.add(",\"end\":", reject.stored.upperBound)
        lines += ",\"message\":\"".utf8
        lines.add(string: error.reason)
        if error.offset != reject.stored.lowerBound { lines.add(", at byte ", error.offset) }
        lines.append(UInt8(ascii: "\""))
        append(raw, isCut: !reject.isWhole || raw.count < reject.raw.count, to: &lines)
        lines.append(UInt8(ascii: "}"))
    }

    /// Appends the bytes as text, without a part of a character at their end if they are cut, or as base64 if they are no text.
    private func append(_ raw: ArraySlice<UInt8>, isCut: Bool, to lines: inout [UInt8]) {
        let text = isCut ? raw.withoutPartialCharacter : raw
        let isText = Array(text).withView { text in
            guard Kernel.best.isUTF8(text) else { return false }
            lines += ",\"raw\":\"".utf8
            JSONWriter.append(text, to: &lines)
            return true
        }
        if !isText {
            lines += ",\"rawBase64\":\"".utf8
            lines += Base64.encoded(Array(raw))
        }
        lines.append(UInt8(ascii: "\""))
    }
}

extension [UInt8] {
    /// Appends a text as the inside of a JSON string.
    fileprivate mutating func add(string text: String) {
        var text = text
        text.withUTF8 { text in JSONWriter.append(ByteView(text), to: &self) }
    }

    /// Appends a text and a number.
    fileprivate mutating func add(_ text: StaticString, _ number: UInt64) {
        append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
        // Safe: the largest number has 20 digits.
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
            var (rest, first) = (number, digits.count)
            repeat {
                first -= 1
                digits[first] = UInt8(ascii: "0") + UInt8(rest % 10)
                rest /= 10
            } while rest > 0
            append(contentsOf: UnsafeBufferPointer(rebasing: digits[first...]))
        }
    }
}

extension ArraySlice<UInt8> {
    /// The bytes without the first bytes of a character at their end.
    fileprivate var withoutPartialCharacter: ArraySlice<UInt8> {
        guard let lead = suffix(3).lastIndex(where: { $0 & 0xC0 != 0x80 }), self[lead] >= 0xC0 else { return self }
        let length = self[lead] >= 0xF0 ? 4 : self[lead] >= 0xE0 ? 3 : 2
        return endIndex - lead < length ? self[..<lead] : self
    }
}
