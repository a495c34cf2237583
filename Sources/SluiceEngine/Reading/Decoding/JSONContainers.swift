import SluiceCSV
import SluiceJSON

/// The decoder of a JSON value in a list, an array or an object that a field is.
struct JSONValueDecoder: Swift.Decoder, SingleValueDecodingContainer {
    let row: RowReference
    let column: Int
    let value: JSONValue
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    /// Decodes a value. What a type throws that finds no value of its own becomes an error with a place.
    func decode<Value: Decodable>(_: Value.Type) throws -> Value {
        if let type = Value.self as? any CSVTextDecodable.Type {
            let text = try required(value.text ?? value.digits, "\(type)")
            return try required(type.init(csvText: text) as? Value, "\(type)")
        }
        do { return try Value(from: self) } catch let error as DecodingError {
            if value == .null { throw row.decoder.missing(column) }
            throw row.decoder.invalid(column, Value.self, error, text: shown)
        }
    }

    func container<Key: CodingKey>(keyedBy _: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard let members = value.members else { throw mismatch("object") }
        return KeyedDecodingContainer(JSONMembers(row: row, column: column, members: members))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard let elements = value.elements else { throw mismatch("array") }
        return JSONElements(row: row, column: column, elements: elements)
    }

    func singleValueContainer() -> any SingleValueDecodingContainer { self }
    func decodeNil() -> Bool { value == .null }

    func decode(_: String.Type) throws -> String { try required(value.text, "string") }
    func decode(_: Bool.Type) throws -> Bool { try required(value.boolean, "boolean") }
    func decode(_: Double.Type) throws -> Double { try required(value.digits.flatMap { Double($0) }, "number") }
    func decode(_: Float.Type) throws -> Float { try required(value.digits.flatMap { Float($0) }, "number") }

    @inline(__always)
    func decode<Number: FixedWidthInteger & Decodable>(_: Number.Type) throws -> Number {
        try required(value.digits.flatMap { Number($0) }, "integer")
    }

    private func required<Value>(_ found: Value?, _ type: String) throws(CSVError) -> Value {
        if let found { return found }
        throw value == .null ? row.decoder.missing(column) : mismatch(type)
    }

    private func mismatch(_ type: String) -> CSVError {
        row.decoder.mismatch(column, type, text: shown)
    }

    /// The value as an error shows it; nil if the whole field is shown instead.
    private var shown: String? { value.text ?? value.digits ?? value.boolean.map { "\($0)" } }
}

/// The elements of an array.
struct JSONElements: UnkeyedDecodingContainer {
    let row: RowReference
    let column: Int
    let elements: [JSONValue]
    private(set) var currentIndex = 0
    var codingPath: [any CodingKey] { [] }

    init(row: RowReference, column: Int, elements: [JSONValue]) {
        (self.row, self.column, self.elements) = (row, column, elements)
    }

    var count: Int? { elements.count }
    var isAtEnd: Bool { currentIndex == elements.count }

    mutating func decodeNil() throws -> Bool {
        guard !isAtEnd, elements[currentIndex] == .null else { return false }
        currentIndex += 1
        return true
    }

    mutating func decode<Value: Decodable>(_: Value.Type) throws -> Value { try next().decode(Value.self) }

    mutating func nestedContainer<NestedKey: CodingKey>(
        keyedBy type: NestedKey.Type
    ) throws -> KeyedDecodingContainer<NestedKey> {
        try next().container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer { try next().unkeyedContainer() }
    mutating func superDecoder() throws -> any Swift.Decoder { try next() }

    private mutating func next() throws(CSVError) -> JSONValueDecoder {
        guard !isAtEnd else { throw row.decoder.mismatch(column, "array of more than \(currentIndex)") }
        defer { currentIndex += 1 }
        return JSONValueDecoder(row: row, column: column, value: elements[currentIndex])
    }
}

/// The members of an object.
struct JSONMembers<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let row: RowReference
    let column: Int
    let members: [String: JSONValue]
    var codingPath: [any CodingKey] { [] }

    var allKeys: [Key] { members.keys.sorted().compactMap { Key(stringValue: $0) } }
    func contains(_ key: Key) -> Bool { members[key.stringValue] != nil }
    func decodeNil(forKey key: Key) throws -> Bool { members[key.stringValue, default: .null] == .null }

    func decode<Value: Decodable>(_: Value.Type, forKey key: Key) throws -> Value {
        try member(key).decode(Value.self)
    }

    func nestedContainer<NestedKey: CodingKey>(
        keyedBy type: NestedKey.Type,
        forKey key: Key
    ) throws -> KeyedDecodingContainer<NestedKey> {
        try member(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try member(key).unkeyedContainer()
    }

    func superDecoder() throws -> any Swift.Decoder {
        JSONValueDecoder(row: row, column: column, value: .object(members))
    }

    func superDecoder(forKey key: Key) throws -> any Swift.Decoder { try member(key) }

    private func member(_ key: Key) throws(CSVError) -> JSONValueDecoder {
        guard let value = members[key.stringValue] else {
            throw row.decoder.mismatch(column, "object with \"\(key.stringValue)\"")
        }
        return JSONValueDecoder(row: row, column: column, value: value)
    }
}

extension JSONValue {
    fileprivate var digits: String? { if case .number(let digits) = self { digits } else { nil } }
    fileprivate var boolean: Bool? { if case .bool(let value) = self { value } else { nil } }
}
