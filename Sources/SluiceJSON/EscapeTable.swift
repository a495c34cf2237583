import CSluiceKernels

/// The JSON escape of each byte: eight bytes to store, and how many of them count.
///
/// Writing an escape may also overwrite bytes copied before: the second of two quotes overwrites the first, and the third byte
/// of U+FFFE or U+FFFF the two before it.
///
///     a""b    (quote ")    copy a"b up to the second quote, step back one byte, store \" → a\"b
///
/// Rows that go into a JSON string are escaped once more, and so are the escapes: \" becomes \\\", two bytes more.
@safe struct EscapeTable: ~Copyable {
    /// 256 entries, owned by this table and never written after `init`. Bytes that are never special stand for themselves.
    let entries: UnsafeMutablePointer<sluice_escape>

    /// Creates the table for the bytes that a structural index marks as special in a dialect with that quote.
    init(quote: UInt8, isEscaped: Bool) {
        unsafe entries = .allocate(capacity: 256)
        for byte in UInt8.min ... .max {
            let entry =
                switch byte {
                case quote: sluice_escape(Self.escaped(quote), overwritten: 1, isEscaped: isEscaped)
                case 0xBE, 0xBF: sluice_escape(Self.noncharacter(byte), overwritten: 2, isEscaped: isEscaped)
                default: sluice_escape(Self.escaped(byte), isEscaped: isEscaped)
                }
            unsafe (entries + Int(byte)).initialize(to: entry)
        }
    }

    deinit { unsafe entries.deallocate() }

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

    /// Returns well-formed UTF-8 as the inside of a JSON string.
    static func escaped(_ text: [UInt8]) -> [UInt8] {
        var json: [UInt8] = []
        append(text, to: &json)
        return json
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

extension sluice_escape {
    /// Creates the escape that writes a text of at most eight bytes, once escaped if `isEscaped`.
    init(_ text: String, overwritten: UInt8 = 0, isEscaped: Bool = false) {
        let bytes = isEscaped ? EscapeTable.escaped(Array(text.utf8)) : Array(text.utf8)
        self.init(
            text: bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }.littleEndian,
            length: UInt8(bytes.count),
            overwritten: overwritten,
            added: UInt8(bytes.count - text.utf8.count)
        )
    }
}
