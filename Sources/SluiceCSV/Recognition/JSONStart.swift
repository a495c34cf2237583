/// Recognizes inputs whose first value is a JSON object or array, by JSON's grammar (RFC 8259).
///
///     {"a":1}⏎{"a":2}⏎     a value and the end of its line: JSON
///     [⏎  {"a":            an incomplete object or array with an element or a member: JSON, if no more bytes are examined
///     [id],[name]⏎         [ i: not JSON
///     [1],[2]⏎             a value, then more on its line: not JSON
struct JSONStart {
    private enum Stop: Error {
        /// The input is not JSON.
        case violation
        case ranOut
    }

    private let input: Recognition
    private var position: Int
    /// Whether a member or an element was read.
    private var hasProof = false

    /// Returns the verdict on an input whose first text starts with `{` or `[`.
    static func verdict(_ input: Recognition) -> Recognition.Verdict {
        var reader = JSONStart(input: input, position: input.textStart)
        do throws(Stop) {
            try reader.value(depth: 0)
            reader.hasProof = true
            try reader.lineEnd()
            return .notCSV(.json)
        } catch {
            switch error {
            case .violation: return .csv
            case .ranOut where !input.isAll: return .open
            case .ranOut: return reader.hasProof ? .notCSV(.json) : .csv
            }
        }
    }

    private func peek() throws(Stop) -> UInt8 {
        guard position < input.bytes.count else { throw .ranOut }
        return input.bytes[position]
    }

    private mutating func next() throws(Stop) -> UInt8 {
        defer { position += 1 }
        return try peek()
    }

    private mutating func skipSpace() {
        while position < input.bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(input.bytes[position]) { position += 1 }
    }

    private mutating func lineEnd() throws(Stop) {
        while try [0x20, 0x09].contains(peek()) { position += 1 }
        let byte = try peek()
        if byte != 0x0A, byte != 0x0D { throw .violation }
    }

    private mutating func value(depth: Int) throws(Stop) {
        skipSpace()
        if depth > 64 { throw .ranOut }
        switch try next() {
        case UInt8(ascii: "{"): try container(end: UInt8(ascii: "}"), isObject: true, depth)
        case UInt8(ascii: "["): try container(end: UInt8(ascii: "]"), isObject: false, depth)
        case UInt8(ascii: "\""): try string()
        case UInt8(ascii: "t"): try word("rue")
        case UInt8(ascii: "f"): try word("alse")
        case UInt8(ascii: "n"): try word("ull")
        case let byte: try number(byte)
        }
    }

    private mutating func container(end: UInt8, isObject: Bool, _ depth: Int) throws(Stop) {
        skipSpace()
        if try peek() == end {
            position += 1
            return
        }
        while true {
            if isObject { try key() }
            try value(depth: depth + 1)
            skipSpace()
            let byte = try next()
            if byte != end, byte != UInt8(ascii: ",") { throw .violation }
            hasProof = true
            if byte == end { return }
        }
    }

    private mutating func key() throws(Stop) {
        skipSpace()
        guard try next() == UInt8(ascii: "\"") else { throw .violation }
        try string()
        skipSpace()
        guard try next() == UInt8(ascii: ":") else { throw .violation }
        hasProof = true
    }

    /// Reads the rest of a string.
    private mutating func string() throws(Stop) {
        while true {
            switch try next() {
            case UInt8(ascii: "\""): return
            case ..<0x20: throw .violation
            case UInt8(ascii: "\\"):
                guard "\"\\/bfnrtu".utf8.contains(try next()) else { throw .violation }
            default: break
            }
        }
    }

    private mutating func word(_ rest: String) throws(Stop) {
        for letter in rest.utf8 where try next() != letter { throw .violation }
    }

    /// Reads the rest of a number.
    private mutating func number(_ first: UInt8) throws(Stop) {
        let isNegative = first == UInt8(ascii: "-")
        let digit = isNegative ? try next() : first
        guard Self.isDigit(digit) else { throw .violation }
        if digit != UInt8(ascii: "0") { try digits() }
        if try peek() == UInt8(ascii: ".") {
            position += 1
            try someDigits()
        }
        if try peek() | 0x20 == UInt8(ascii: "e") {
            position += 1
            if try [UInt8(ascii: "+"), UInt8(ascii: "-")].contains(peek()) { position += 1 }
            try someDigits()
        }
    }

    private mutating func digits() throws(Stop) {
        while try Self.isDigit(peek()) { position += 1 }
    }

    private mutating func someDigits() throws(Stop) {
        guard Self.isDigit(try next()) else { throw .violation }
        try digits()
    }

    private static func isDigit(_ byte: UInt8) -> Bool { 0x30...0x39 ~= byte }
}
