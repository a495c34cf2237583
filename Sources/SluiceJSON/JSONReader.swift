import SluiceCSV

/// Reads small JSON texts where speed does not matter. Values may be nested 64 deep.
package struct JSONReader {
    /// The place where a text is not JSON.
    package struct Fault: Error, Sendable, Hashable {
        package enum Kind: Sendable {
            case syntax
            /// Values are nested too deep.
            case depth
            /// There are too many values.
            case count
            case repeatedName
        }

        package var offset: Int
        package var kind = Kind.syntax
    }

    private let text: [UInt8]
    private var position = 0
    private var depth = 0
    private var valuesLeft: Int
    private let allowsRepeatedNames: Bool

    /// Parses the text, which must be one value with white space around it at most. If a member's name is repeated, and may be,
    /// the last value wins.
    ///
    /// - Throws: `Fault` if the text is not JSON, or has more than `mostValues` values.
    package static func value(
        of text: [UInt8],
        mostValues: Int = .max,
        allowsRepeatedNames: Bool = true
    ) throws(Fault) -> JSONValue {
        var reader = JSONReader(text: text, mostValues: mostValues, allowsRepeatedNames: allowsRepeatedNames)
        let value = try reader.value()
        reader.skipSpace()
        guard reader.position == text.count else { throw reader.fault }
        return value
    }

    private init(text: [UInt8], mostValues: Int, allowsRepeatedNames: Bool) {
        self.text = text
        self.allowsRepeatedNames = allowsRepeatedNames
        valuesLeft = mostValues
    }

    private var fault: Fault { Fault(offset: position) }
    private var next: UInt8? { position < text.count ? text[position] : nil }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    /// Skips white space, then the character. Returns whether the character was there.
    private mutating func take(_ character: Character) -> Bool {
        skipSpace()
        guard next == character.asciiValue else { return false }
        position += 1
        return true
    }

    private mutating func take(word: String) -> Bool {
        guard text[position...].starts(with: word.utf8) else { return false }
        position += word.utf8.count
        return true
    }

    private mutating func value() throws(Fault) -> JSONValue {
        depth += 1
        defer { depth -= 1 }
        guard depth <= 64 else { throw Fault(offset: position, kind: .depth) }
        guard valuesLeft > 0 else { throw Fault(offset: position, kind: .count) }
        valuesLeft -= 1
        if take("{") { return .object(try members()) }
        if take("[") { return .array(try elements()) }
        if take("\"") { return .string(try string()) }
        if take(word: "true") { return .bool(true) }
        if take(word: "false") { return .bool(false) }
        if take(word: "null") { return .null }
        return .number(try number())
    }

    private mutating func members() throws(Fault) -> [String: JSONValue] {
        var members: [String: JSONValue] = [:]
        if take("}") { return members }
        repeat {
            guard take("\"") else { throw fault }
            let start = position - 1
            let name = String(decoding: try string(), as: Unicode.UTF8.self)
            guard take(":") else { throw fault }
            guard members.updateValue(try value(), forKey: name) == nil || allowsRepeatedNames else {
                throw Fault(offset: start, kind: .repeatedName)
            }
        } while take(",")
        guard take("}") else { throw fault }
        return members
    }

    private mutating func elements() throws(Fault) -> [JSONValue] {
        var elements: [JSONValue] = []
        if take("]") { return elements }
        repeat { elements.append(try value()) } while take(",")
        guard take("]") else { throw fault }
        return elements
    }

    /// Reads a number such as `-12.5e+3`: all bytes that could be part of one, which then must form one.
    private mutating func number() throws(Fault) -> String {
        let start = position
        while let byte = next, "+-.eE0123456789".utf8.contains(byte) { position += 1 }
        let digits = Array(text[start..<position])
        let isNumber = digits.withView { view in
            var scanner = JSONScanner(view)
            return scanner.skipNumber() && scanner.isAtEnd
        }
        guard isNumber else { throw Fault(offset: start) }
        return String(decoding: digits, as: Unicode.UTF8.self)
    }

    /// Reads the rest of a string, after its opening quote.
    private mutating func string() throws(Fault) -> [UInt8] {
        var bytes: [UInt8] = []
        while let byte = next {
            let start = position
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return bytes
            case UInt8(ascii: "\\"): try escape(to: &bytes)
            case 0..<0x20: throw Fault(offset: start)
            default:
                while let byte = next, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 {
                    position += 1
                }
                bytes += text[start..<position]
            }
        }
        throw fault
    }

    private mutating func escape(to bytes: inout [UInt8]) throws(Fault) {
        guard let character = next else { throw fault }
        position += 1
        switch character {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): bytes.append(character)
        case UInt8(ascii: "b"): bytes.append(0x08)
        case UInt8(ascii: "f"): bytes.append(0x0C)
        case UInt8(ascii: "n"): bytes.append(0x0A)
        case UInt8(ascii: "r"): bytes.append(0x0D)
        case UInt8(ascii: "t"): bytes.append(0x09)
        case UInt8(ascii: "u"): bytes += Array(String(Character(try scalar())).utf8)
        default: throw fault
        }
    }

    /// Reads the scalar after `\u`. Half a surrogate pair alone is an error.
    private mutating func scalar() throws(Fault) -> Unicode.Scalar {
        var value = try unit()
        if 0xD800...0xDBFF ~= value {
            guard take(word: "\\u") else { throw fault }
            let low = try unit()
            guard 0xDC00...0xDFFF ~= low else { throw fault }
            value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(value) else { throw fault }
        return scalar
    }

    private mutating func unit() throws(Fault) -> UInt32 {
        guard position + 4 <= text.count else { throw fault }
        let digits = text[position..<position + 4]
        guard digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
            let value = UInt32(String(decoding: digits, as: Unicode.UTF8.self), radix: 16)
        else { throw fault }
        position += 4
        return value
    }
}
