/// The JSON escape of each byte: eight bytes to store, and how many of them count.
///
/// Writing an escape may also overwrite bytes copied before: the second of two quotes overwrites the first, and the third byte
/// of U+FFFE or U+FFFF the two before it.
///
///     a""b    (quote ")    copy a"b up to the second quote, step back one byte, store \" → a\"b
struct EscapeTable {
    struct Entry {
        var text: UInt64 = 0
        var length: Int32 = 0
        var overwritten: Int32 = 0

        init(_ text: String, overwritten: Int32 = 0) {
            for (index, byte) in text.utf8.enumerated() { self.text |= UInt64(byte) << (8 * UInt64(index)) }
            length = Int32(text.utf8.count)
            self.overwritten = overwritten
        }
    }

    /// 256 entries. Bytes that are never special stand for themselves.
    let entries: [Entry]

    /// Creates the table for the bytes that a structural index marks as special in a dialect with that quote.
    init(quote: UInt8) {
        entries = (0...255).map { byte in
            switch UInt8(byte) {
            case quote: Entry(Self.escaped(quote), overwritten: 1)
            case 0xBE, 0xBF: Entry(Self.noncharacter(UInt8(byte)), overwritten: 2)
            default: Entry(Self.escaped(UInt8(byte)))
            }
        }
    }

    /// Returns U+FFFE (EF BF BE) or U+FFFF (EF BF BF), by its last byte.
    static func noncharacter(_ last: UInt8) -> String { last == 0xBE ? "\\ufffe" : "\\uffff" }

    /// Returns one ASCII byte as it is written inside a JSON string (RFC 8259, section 7).
    static func escaped(_ byte: UInt8) -> String {
        switch byte {
        case 0x08: "\\b"
        case 0x09: "\\t"
        case 0x0A: "\\n"
        case 0x0C: "\\f"
        case 0x0D: "\\r"
        case UInt8(ascii: "\""): "\\\""
        case UInt8(ascii: "\\"): "\\\\"
        case 0..<0x20: "\\u00" + (byte < 0x10 ? "0" : "") + String(byte, radix: 16)
        default: String(UnicodeScalar(byte))
        }
    }

    /// Appends well-formed UTF-8 as the inside of a JSON string.
    ///
    /// - Complexity: O(*n*) in the length of the text.
    static func append(_ text: [UInt8], to json: inout [UInt8]) {
        for byte in text {
            switch byte {
            case 0..<0x20: json += escaped(byte).utf8
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): json += [UInt8(ascii: "\\"), byte]
            default: json.append(byte)
            }
            guard byte == 0xBE || byte == 0xBF, json.suffix(3).dropLast() == [0xEF, 0xBF] else { continue }
            json.replaceSubrange((json.count - 3)..., with: noncharacter(byte).utf8)
        }
    }
}
