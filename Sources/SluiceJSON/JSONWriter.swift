import SluiceCSV

/// Writes small JSON texts.
package enum JSONWriter {
    /// Returns a text as a JSON string with its quotes, escaped like the values of rows.
    package static func string(_ text: String) -> String {
        if text.utf8.allSatisfy(isPlain) { return "\"" + text + "\"" }
        return "\"" + String(decoding: escaped(Array(text.utf8)), as: UTF8.self) + "\""
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        (0x20..<0x7F).contains(byte) && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }

    /// Returns an object with these members, whose values are JSON already.
    package static func object(_ members: [(name: String, json: String)]) -> String {
        "{" + members.map { string($0.name) + ":" + $0.json }.joined(separator: ",") + "}"
    }

    /// Returns an array of these elements, which are JSON already.
    package static func array(_ elements: [String]) -> String { "[" + elements.joined(separator: ",") + "]" }
}

/// Escapes text inside a JSON string (RFC 8259, section 7), a byte at a time. Long texts are escaped by a ``Kernel``.
extension JSONWriter {
    /// Returns U+FFFE (EF BF BE) or U+FFFF (EF BF BF), by its last byte.
    static func noncharacter(_ last: UInt8) -> String { last == 0xBE ? "\\ufffe" : "\\uffff" }

    /// Returns one ASCII byte as it is written there.
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

    /// Appends well-formed UTF-8 as the inside of a JSON string. Bytes that stand for themselves are copied together.
    package static func append(_ text: ByteView, to json: inout [UInt8]) {
        var position = 0
        while position < text.count {
            let plain = text.plainCount(from: position)
            // Copied before the view ends.
            unsafe json.append(contentsOf: text[position..<position + plain].buffer)
            position += plain
            guard position < text.count else { return }
            let byte = text[position]
            if byte == 0xEF, position + 2 < text.count, text[position + 1] == 0xBF, text[position + 2] >= 0xBE {
                json += noncharacter(text[position + 2]).utf8
                position += 3
            } else if byte == 0xEF {
                json.append(byte)
                position += 1
            } else {
                json += escaped(byte).utf8
                position += 1
            }
        }
    }
}

extension ByteView {
    /// Returns how many bytes from an offset on stand for themselves in a JSON string, up to the first that may not: a control, a
    /// quotation mark, a backslash, or EF, which may start U+FFFE or U+FFFF.
    fileprivate func plainCount(from start: Int) -> Int {
        var position = start
        // `position + 8` lies within the view.
        while position + 8 <= count,
            unsafe !Self.hasSpecial(UnsafeRawPointer(base + position).loadUnaligned(as: UInt64.self))
        {
            position += 8
        }
        while position < count {
            switch self[position] {
            case 0..<0x20, UInt8(ascii: "\""), UInt8(ascii: "\\"), 0xEF: return position - start
            default: position += 1
            }
        }
        return position - start
    }

    /// Whether one of eight bytes is such a byte. A byte of 0x80 or more after one may count as one too.
    private static func hasSpecial(_ word: UInt64) -> Bool {
        let others =
            zeros(word ^ eight(UInt8(ascii: "\""))) | zeros(word ^ eight(UInt8(ascii: "\\")))
            | zeros(word ^ eight(0xEF))
        return (below(0x20, word) | others) & eight(0x80) != 0
    }

    private static func eight(_ byte: UInt8) -> UInt64 { 0x0101_0101_0101_0101 * UInt64(byte) }

    /// Sets the high bits of the bytes below a limit of at most 0x80.
    private static func below(_ limit: UInt8, _ word: UInt64) -> UInt64 { (word &- eight(limit)) & ~word }

    private static func zeros(_ word: UInt64) -> UInt64 { below(1, word) }
}
