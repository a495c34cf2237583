import SluiceCSV

/// JSON as it stands in a field, without the white space between its tokens. Names, strings and numbers stay byte for byte, but for
/// two characters that rows escape.
///
///     { "a": [1.50, 2] , "a": "b c" }    → {"a":[1.50,2],"a":"b c"}
struct CompactJSON: Sendable, Hashable {
    private(set) var bytes: [UInt8] = []
    /// How many elements or members an array or object has.
    private(set) var count = 0
    /// The number of arrays and objects that are open.
    private var depth = 0
    /// For each of them, the innermost last, whether it is an object.
    private var objects: UInt64 = 0

    /// The most arrays and objects within each other: as many as there are bits in ``objects``.
    static let mostDepth = UInt64.bitWidth

    /// - Complexity: O(*n*) in the length of the text.
    init(_ text: ByteView) throws(Mismatch) {
        var scanner = JSONScanner(text)
        scanner.skipSpace()
        repeat {
            while try takeOpening(&scanner, text) {}
            try takeClosings(&scanner)
            if depth > 0, isInObject { try takeName(&scanner, text) }
        } while depth > 0
        guard scanner.isAtEnd else { throw .json }
    }

    private var isInObject: Bool { objects & 1 == 1 }

    /// Takes a scalar, or an opening bracket. Returns whether an array or object has been opened whose first value is next.
    private mutating func takeOpening(_ scanner: inout JSONScanner, _ text: ByteView) throws(Mismatch) -> Bool {
        let isObject = scanner.next == UInt8(ascii: "{")
        guard isObject || scanner.next == UInt8(ascii: "[") else {
            try copy(&scanner, text) { $0.skipScalar() }
            return false
        }
        guard depth < Self.mostDepth else { throw .depth }
        _ = scanner.take(isObject ? "{" : "[")
        bytes.append(UInt8(ascii: isObject ? "{" : "["))
        depth += 1
        objects = objects << 1 | (isObject ? 1 : 0)
        scanner.skipSpace()
        if scanner.next == UInt8(ascii: isObject ? "}" : "]") { return false }
        if depth == 1 { count = 1 }
        if isObject { try takeName(&scanner, text) }
        return true
    }

    /// After a value or an empty bracket: takes all closing brackets, then a comma, unless the text's value is complete.
    private mutating func takeClosings(_ scanner: inout JSONScanner) throws(Mismatch) {
        scanner.skipSpace()
        while depth > 0, scanner.take(isInObject ? "}" : "]") {
            bytes.append(UInt8(ascii: isInObject ? "}" : "]"))
            depth -= 1
            objects >>= 1
            scanner.skipSpace()
        }
        guard depth > 0 else { return }
        guard scanner.take(",") else { throw .json }
        bytes.append(UInt8(ascii: ","))
        if depth == 1 { count += 1 }
        scanner.skipSpace()
    }

    private mutating func takeName(_ scanner: inout JSONScanner, _ text: ByteView) throws(Mismatch) {
        try copy(&scanner, text) { $0.skipString() }
        scanner.skipSpace()
        guard scanner.take(":") else { throw .json }
        bytes.append(UInt8(ascii: ":"))
        scanner.skipSpace()
    }

    /// Copies what `skip` skips. U+FFFE and U+FFFF can only stand in a string, and become escapes.
    private mutating func copy(
        _ scanner: inout JSONScanner,
        _ text: ByteView,
        _ skip: (inout JSONScanner) -> Bool
    ) throws(Mismatch) {
        let start = scanner.position
        guard skip(&scanner) else { throw .json }
        for position in start..<scanner.position {
            let byte = text[position]
            bytes.append(byte)
            guard byte == 0xBE || byte == 0xBF, bytes.suffix(3).dropLast() == [0xEF, 0xBF] else { continue }
            bytes.replaceSubrange((bytes.count - 3)..., with: JSONWriter.noncharacter(byte).utf8)
        }
    }
}

extension CompactJSON {
    var isObject: Bool { bytes.first == UInt8(ascii: "{") }
    var isArray: Bool { bytes.first == UInt8(ascii: "[") }

    /// The members of an object in order, with the JSON of each; none of other values.
    var members: [(name: [UInt8], json: [UInt8])] {
        var members: [(name: [UInt8], json: [UInt8])] = []
        list { scanner, view in
            let start = scanner.position
            guard scanner.skipString() else { return false }
            let name = (try? JSONReader.value(of: view[start..<scanner.position].array))?.bytes ?? []
            guard scanner.take(":") else { return false }
            let valueStart = scanner.position
            guard scanner.skipValue(depth: Self.mostDepth + 1) else { return false }
            members.append((name, view[valueStart..<scanner.position].array))
            return true
        }
        return members
    }

    /// The JSON of each element of an array; none of other values.
    var elements: [[UInt8]] {
        var elements: [[UInt8]] = []
        list { scanner, view in
            let start = scanner.position
            guard scanner.skipValue(depth: Self.mostDepth + 1) else { return false }
            elements.append(view[start..<scanner.position].array)
            return true
        }
        return elements
    }

    private func list(_ take: (inout JSONScanner, ByteView) -> Bool) {
        guard count > 0 else { return }
        bytes.withView { view in
            var scanner = JSONScanner(view)
            guard scanner.take("{") || scanner.take("[") else { return }
            while take(&scanner, view), scanner.take(",") {}
        }
    }

    /// The value in a form that equal values share: members have no order, and `1` is `1.0`. One with half a surrogate pair, or
    /// as deep as can be, is only equal to the same text.
    var comparable: JSONValue { JSONValue(parsing: bytes).map(Self.comparable) ?? .string(bytes) }

    private static func comparable(_ value: JSONValue) -> JSONValue {
        switch value {
        case .object(let members): .object(members.mapValues(comparable))
        case .array(let elements): .array(elements.map(comparable))
        case .number(let digits): .number(digits.exactNumber.map { $0.text } ?? digits)
        case .string, .bool, .null: value
        }
    }
}

extension String {
    /// The value of a JSON number.
    fileprivate var exactNumber: ExactNumber? {
        let reader = NumberReader(form: FieldType.NumberForm(), isInteger: false, stripsLeadingZeros: false)
        return Array(utf8).withView { try? reader.number($0) }.map(ExactNumber.init)
    }
}

extension JSONScanner {
    /// Skips the white space that may stand between tokens.
    fileprivate mutating func skipSpace() {
        while take(" ") || take("\t") || take("\n") || take("\r") {}
    }
}
