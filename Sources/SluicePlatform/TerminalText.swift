/// Spells out characters that would move a terminal's cursor, change colours or turn the direction of writing: anyone may
/// have chosen the name of a file, a column or a service.
package enum TerminalText {
    /// Returns a name as it may stand within a line: `a\x1b[31m.csv`. Each byte of a control character, and each that
    /// is not UTF-8, becomes `\x` and two digits; in such a name, each backslash is doubled.
    package static func name(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { isControl($0) || RawText.isMark($0) }) else { return text }
        return spelled(text, keeping: [], backslash: "\\\\")
    }

    /// Returns the first `limit` characters of a name, and `…` if there are more.
    package static func name(_ text: String, limit: Int) -> String {
        let start = text.unicodeScalars.prefix(limit)
        return name(String(start)) + (start.endIndex < text.endIndex ? "…" : "")
    }

    /// Returns a text of several lines, with its tabs and line ends kept.
    package static func lines(_ text: String) -> String {
        spelled(text, keeping: ["\n", "\t"], backslash: "\\")
    }

    /// Returns an equivalent JSON document, except that bytes that are not UTF-8 become the text of ``name(_:)``.
    package static func json(_ document: String) -> String {
        // In a document, a control character is part of a string. All of them fit in four digits.
        spelled(document, keeping: ["\n"], backslash: "\\", byte: { "\\" + hexadecimal($0) }) {
            "\\u\($0.value.digits(radix: 16, width: 4))"
        }
    }

    private static func hexadecimal(_ byte: UInt8) -> String { "\\x\(byte.digits(radix: 16, width: 2))" }

    private static func spelled(
        _ text: String,
        keeping kept: Set<Unicode.Scalar>,
        backslash: String,
        byte byteText: (UInt8) -> String = hexadecimal,
        control: (Unicode.Scalar) -> String = { String($0).utf8.map(hexadecimal).joined() }
    ) -> String {
        var (result, scalars) = ("", Array(text.unicodeScalars)[...])
        while let scalar = scalars.popFirst() {
            if let next = scalars.first, let byte = RawText.byte(scalar, next) {
                scalars.removeFirst()
                result += byteText(byte)
            } else if isControl(scalar), !kept.contains(scalar) {
                result += control(scalar)
            } else if scalar == "\\" {
                result += backslash
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// Whether a scalar is a C0 or C1 control, a line or paragraph separator, or sets the direction of text.
    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F...0x9F, 0x061C, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}
