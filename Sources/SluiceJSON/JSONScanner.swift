/// Finds out where JSON values end, and so that they are values (RFC 8259), without making anything of them. Between tokens
/// there may be no white space; values may be nested 64 deep.
///
///     {"a":"1","b":[]},tru    the first value ends after `}`, and after the comma there is none
package struct JSONScanner {
    private let text: UnsafeBufferPointer<UInt8>
    /// Offset of what comes next.
    package private(set) var position = 0

    /// The text must stay valid as long as the scanner is used.
    package init(_ text: UnsafeBufferPointer<UInt8>) { self.text = text }

    package var isAtEnd: Bool { position == text.count }

    /// The byte that comes next; nil at the end.
    package var next: UInt8? { position < text.count ? text[position] : nil }

    /// Skips the character if it comes next.
    package mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    /// Skips the value that comes next; false: there is none.
    package mutating func skipValue(depth: Int = 64) -> Bool {
        guard depth > 0 else { return false }
        switch next {
        case UInt8(ascii: "{"): return skipList(closedBy: "}", depth - 1) { $0.skipString() && $0.take(":") }
        case UInt8(ascii: "["): return skipList(closedBy: "]", depth - 1) { _ in true }
        case UInt8(ascii: "\""): return skipString()
        case UInt8(ascii: "t"): return skip("true")
        case UInt8(ascii: "f"): return skip("false")
        case UInt8(ascii: "n"): return skip("null")
        default: return skipNumber()
        }
    }

    /// Behind the opening bracket's place: values with commas between them, each after what `skipName` skips.
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

    private mutating func skip(_ word: StaticString) -> Bool {
        for index in 0..<word.utf8CodeUnitCount {
            // Within the word, as the index is below its length.
            guard next == word.utf8Start[index] else { return false }
            position += 1
        }
        return true
    }

    /// `"…"`: escapes as RFC 8259 has them, and no control characters.
    private mutating func skipString() -> Bool {
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

    /// `-12.5e+3`.
    private mutating func skipNumber() -> Bool {
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
