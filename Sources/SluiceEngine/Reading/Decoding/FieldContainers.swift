import SluiceCSV
import SluiceJSON

/// The fields of a row, in order.
struct FieldsContainer: UnkeyedDecodingContainer {
    let row: RowReference
    var codingPath: [any CodingKey] { [] }
    private(set) var currentIndex = 0

    init(row: RowReference) { self.row = row }

    var count: Int? { row.decoder.record?.count }
    var isAtEnd: Bool { currentIndex >= (count ?? 0) }

    mutating func decodeNil() throws -> Bool {
        guard !isAtEnd, try row.decoder.isMissing(currentIndex) else { return false }
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

    private mutating func next() throws(CSVError) -> ValueDecoder {
        guard !isAtEnd else { throw row.decoder.unknown("\(currentIndex + 1)") }
        defer { currentIndex += 1 }
        return ValueDecoder(row: row, column: currentIndex)
    }
}

/// The decoder of one value.
struct ValueDecoder: Swift.Decoder, SingleValueDecodingContainer {
    let row: RowReference
    let column: Int
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    /// Decodes a value. What a type throws that finds no value of its own in a text becomes an error with a place.
    func decode<Value: Decodable>(_: Value.Type) throws -> Value {
        if let type = Value.self as? any CSVTextDecodable.Type {
            let text = try required(row.decoder.text(column))
            guard let value = type.init(csvText: text) as? Value else { throw row.decoder.mismatch(column, "\(type)") }
            return value
        }
        do { return try Value(from: self) } catch let error as DecodingError {
            if decodeNil() { throw row.decoder.missing(column) }
            throw row.decoder.invalid(column, Value.self, error)
        }
    }

    func container<Key: CodingKey>(keyedBy _: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard case .object(let members)? = try row.decoder.json(column) else {
            throw row.decoder.mismatch(column, "object")
        }
        return KeyedDecodingContainer(JSONMembers(row: row, column: column, members: members))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard case .array(let elements)? = try row.decoder.json(column) else {
            throw row.decoder.mismatch(column, "array")
        }
        return JSONElements(row: row, column: column, elements: elements)
    }

    func singleValueContainer() -> any SingleValueDecodingContainer { self }
    func decodeNil() -> Bool { (try? row.decoder.isMissing(column)) ?? false }

    private func required<Value>(_ value: Value?) throws(CSVError) -> Value {
        guard let value else { throw row.decoder.missing(column) }
        return value
    }

    func decode(_: String.Type) throws -> String { try required(row.decoder.string(column)) }
    func decode(_: Double.Type) throws -> Double { try required(row.decoder.number(column)) }
    func decode(_: Float.Type) throws -> Float { try required(row.decoder.float(column)) }
    func decode(_: Bool.Type) throws -> Bool { try required(row.decoder.boolean(column)) }

    @inline(__always)
    func decode<Number: FixedWidthInteger & Decodable>(_: Number.Type) throws -> Number {
        let integer = try required(row.decoder.integer(column))
        guard let number = Number(exactly: integer) else {
            throw row.decoder.mismatch(column, "\(Number.self)", rule: "range")
        }
        return number
    }
}
