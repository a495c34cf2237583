/// Spells out characters that would move a terminal's cursor, change colours or turn the direction of writing: anyone may
/// have chosen the name of a file, a column or a service.
package enum TerminalText {
    /// Returns a name as it may stand within a line: `a\x1b[31m.csv`. Each byte of a control character, and each that
    /// is not UTF-8, becomes `\x` and two digits; in such a name, each backslash is doubled.
    package static func name(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { isControl($0) || isNoncharacter($0) }) else { return text }
        return spelled(text, keeping: [], backslash: "\\\\") { "\\x\($0.digits(radix: 16, width: 2))" }
    }

    /// Returns the first `limit` characters of a name, and `…` if there are more.
    package static func name(_ text: String, limit: Int) -> String {
        let start = text.unicodeScalars.prefix(limit)
        return name(String(start)) + (start.endIndex < text.endIndex ? "…" : "")
    }

    /// Returns a text of several lines, with its tabs and line ends kept.
    package static func lines(_ text: String) -> String {
        let isPlain = { (scalar: Unicode.Scalar) in
            scalar == "\n" || scalar == "\t" || !isControl(scalar) && !isNoncharacter(scalar)
        }
        if text.unicodeScalars.allSatisfy(isPlain) { return text }
        return spelled(text, keeping: ["\n", "\t"], backslash: "\\") { "\\x\($0.digits(radix: 16, width: 2))" }
    }

    /// Returns an equivalent JSON document, except that bytes that are not UTF-8 become the text of ``name(_:)``.
    package static func json(_ document: String) -> String {
        var (result, scalars) = (String.UnicodeScalarView(), Array(document.unicodeScalars)[...])
        while let scalar = scalars.popFirst() {
            if let next = scalars.first, let byte = RawText.byte(scalar, next) {
                scalars.removeFirst()
                result.append(contentsOf: "\\\\x\(byte.digits(radix: 16, width: 2))".unicodeScalars)
            } else if isControl(scalar), scalar != "\n" {
                // In a document, such a character is part of a string. All of them fit in four digits.
                result.append(contentsOf: "\\u\(scalar.value.digits(radix: 16, width: 4))".unicodeScalars)
            } else {
                result.append(scalar)
            }
        }
        return String(result)
    }

    private static func spelled(
        _ text: String,
        keeping kept: Set<Unicode.Scalar>,
        backslash: String,
        _ byteText: (UInt32) -> String
    ) -> String {
        var (result, scalars) = ("", Array(text.unicodeScalars)[...])
        while let scalar = scalars.popFirst() {
            if let next = scalars.first, let byte = RawText.byte(scalar, next) {
                scalars.removeFirst()
                result += byteText(UInt32(byte))
            } else if isControl(scalar), !kept.contains(scalar) {
                for byte in String(scalar).utf8 { result += byteText(UInt32(byte)) }
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

    private static func isNoncharacter(_ scalar: Unicode.Scalar) -> Bool { 0xFDD0...0xFDEF ~= scalar.value }
}
