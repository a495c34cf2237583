import SluiceCSV

/// Finds the ends of JSON values and checks their syntax (RFC 8259) without building them. White space between tokens is not
/// allowed. Values may be nested 64 deep.
///
///     {"a":"1","b":[]},tru    the first value ends after `}`; no value follows the comma
package struct JSONScanner {
    private let text: ByteView
    /// The offset of the next byte.
    package private(set) var position = 0

    /// Creates a scanner of a text, which must stay valid as long as the scanner is used.
    package init(_ text: ByteView) { self.text = text }

    package var isAtEnd: Bool { position == text.count }

    /// The next byte; nil at the end.
    package var next: UInt8? { position < text.count ? text[position] : nil }

    /// Skips the character. Returns false if another one is next.
    package mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    /// Skips the next value. Returns false if there is no valid one.
    package mutating func skipValue(depth: Int = 64) -> Bool {
        guard depth > 0 else { return false }
        switch next {
        case UInt8(ascii: "{"): return skipList(closedBy: "}", depth - 1) { $0.skipString() && $0.take(":") }
        case UInt8(ascii: "["): return skipList(closedBy: "]", depth - 1) { _ in true }
        default: return skipScalar()
        }
    }

    /// Skips an opening bracket, values with commas between them, each after what `skipName` skips, and the closing bracket.
    private mutating func skipList(
        closedBy bracket: Unicode.Scalar,
        _ depth: Int,
        _ skipName: (inout JSONScanner) -> Bool
    ) -> Bool {
        position += 1
        if take(bracket) { return true }
        repeat {
            guard skipName(&self), skipValue(depth: depth) else { return false }
        } while take(",")
        return take(bracket)
    }

    /// Skips a value that holds no others. Returns false if none is next.
    mutating func skipScalar() -> Bool {
        switch next {
        case UInt8(ascii: "\""): skipString()
        case UInt8(ascii: "t"): skip("true")
        case UInt8(ascii: "f"): skip("false")
        case UInt8(ascii: "n"): skip("null")
        default: skipNumber()
        }
    }

    private mutating func skip(_ word: String) -> Bool {
        for byte in word.utf8 {
            guard next == byte else { return false }
            position += 1
        }
        return true
    }

    /// Skips `"…"`, with the escapes of RFC 8259 and without control characters.
    mutating func skipString() -> Bool {
        guard take("\"") else { return false }
        while let byte = next {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return true
            case UInt8(ascii: "\\"): if !skipEscape() { return false }
            case 0..<0x20: return false
            default: break
            }
        }
        return false
    }

    private mutating func skipEscape() -> Bool {
        guard let letter = next else { return false }
        position += 1
        guard letter == UInt8(ascii: "u") else { return "\"\\/bfnrt".utf8.contains(letter) }
        for _ in 0..<4 {
            guard let digit = next, Unicode.Scalar(digit).properties.isASCIIHexDigit else { return false }
            position += 1
        }
        return true
    }

    /// Skips a number such as `-12.5e+3`: an optional `-`; `0`, or digits without a leading zero; optionally `.` and digits;
    /// optionally `e`, an optional sign, and digits.
    mutating func skipNumber() -> Bool {
        _ = take("-")
        guard take("0") || skipDigits() else { return false }
        if take("."), !skipDigits() { return false }
        if take("e") || take("E") {
            _ = take("+") || take("-")
            return skipDigits()
        }
        return true
    }

    private mutating func skipDigits() -> Bool {
        let start = position
        while let byte = next, UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte { position += 1 }
        return position > start
    }
}
