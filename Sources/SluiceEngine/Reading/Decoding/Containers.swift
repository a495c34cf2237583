import SluiceCSV

/// The decoder of an object: the whole row, or one nested in it.
struct ObjectDecoder: Swift.Decoder {
    let row: RowDecoder
    let object: Int
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy _: Key.Type) -> KeyedDecodingContainer<Key> {
        row.rewind(object)
        return KeyedDecodingContainer(ObjectContainer(row: row, object: object))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer { FieldsContainer(row: row) }

    func singleValueContainer() throws -> any SingleValueDecodingContainer {
        throw DecodingError.typeMismatch(
            String.self,
            DecodingError.Context(codingPath: [], debugDescription: "a row is no single value")
        )
    }
}

/// The members of an object by their keys.
private struct ObjectContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let row: RowDecoder
    let object: Int
    var codingPath: [any CodingKey] { [] }

    var allKeys: [Key] { row.keys(of: object).compactMap { Key(stringValue: $0) } }

    func contains(_ key: Key) -> Bool { row.find(key.stringValue, in: object) != nil }

    func decodeNil(forKey key: Key) throws -> Bool {
        switch row.find(key.stringValue, in: object) {
        case .column(let column): try row.isMissing(column)
        case .object: false
        case nil: true
        }
    }

    /// Returns the column of a key that stands for a value.
    private func column(_ key: Key) throws(CSVError) -> Int {
        guard let column = try optionalColumn(key) else { throw row.unknown(key.stringValue) }
        return column
    }

    private func optionalColumn(_ key: Key) throws(CSVError) -> Int? {
        switch row.find(key.stringValue, in: object) {
        case .column(let column): return column
        case .object: throw row.unknown(key.stringValue)
        case nil: return nil
        }
    }

    @inline(__always)
    private func required<Value>(
        _ key: Key,
        _ value: (Int) throws(CSVError) -> Value?
    ) throws -> Value {
        let column = try column(key)
        guard let value = try value(column) else { throw row.missing(column) }
        return value
    }

    @inline(__always)
    private func optional<Value>(
        _ key: Key,
        _ value: (Int) throws(CSVError) -> Value?
    ) throws -> Value? {
        guard let column = try optionalColumn(key) else { return nil }
        return try value(column)
    }

    func decode<Value: Decodable>(_: Value.Type, forKey key: Key) throws -> Value {
        switch row.find(key.stringValue, in: object) {
        case .column(let column): try ValueDecoder(row: row, column: column).decode(Value.self)
        case .object(let object): try Value(from: ObjectDecoder(row: row, object: object))
        case nil: throw row.unknown(key.stringValue)
        }
    }

    func decodeIfPresent<Value: Decodable>(_: Value.Type, forKey key: Key) throws -> Value? {
        switch row.find(key.stringValue, in: object) {
        case .column(let column):
            // A type that reads a string makes its own sense of an empty one.
            try row.isMissing(column) ? Value?.none : try ValueDecoder(row: row, column: column).decode(Value.self)
        case .object(let object): try Value(from: ObjectDecoder(row: row, object: object))
        case nil: nil
        }
    }

    func nestedContainer<NestedKey: CodingKey>(
        keyedBy type: NestedKey.Type,
        forKey key: Key
    ) throws -> KeyedDecodingContainer<NestedKey> {
        guard case .object(let nested) = row.find(key.stringValue, in: object) else {
            throw row.unknown(key.stringValue)
        }
        return ObjectDecoder(row: row, object: nested).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        throw row.unknown(key.stringValue)
    }

    func superDecoder() throws -> any Swift.Decoder { ObjectDecoder(row: row, object: object) }

    func superDecoder(forKey key: Key) throws -> any Swift.Decoder {
        switch row.find(key.stringValue, in: object) {
        case .column(let column): ValueDecoder(row: row, column: column)
        case .object(let object): ObjectDecoder(row: row, object: object)
        case nil: throw row.unknown(key.stringValue)
        }
    }

    func decode(_: String.Type, forKey key: Key) throws -> String { try required(key, row.string) }
    func decodeIfPresent(_: String.Type, forKey key: Key) throws -> String? { try optional(key, row.string) }

    func decode(_: Double.Type, forKey key: Key) throws -> Double { try required(key, row.number) }
    func decodeIfPresent(_: Double.Type, forKey key: Key) throws -> Double? { try optional(key, row.number) }

    func decode(_: Float.Type, forKey key: Key) throws -> Float { try required(key, row.float) }
    func decodeIfPresent(_: Float.Type, forKey key: Key) throws -> Float? { try optional(key, row.float) }

    func decode(_: Bool.Type, forKey key: Key) throws -> Bool { try required(key, row.boolean) }
    func decodeIfPresent(_: Bool.Type, forKey key: Key) throws -> Bool? { try optional(key, row.boolean) }

    func decode(_: Int.Type, forKey key: Key) throws -> Int {
        try required(key) { (column) throws(CSVError) in try row.integer(Int.self, column) }
    }
    func decodeIfPresent(_: Int.Type, forKey key: Key) throws -> Int? {
        try optional(key) { (column) throws(CSVError) in try row.integer(Int.self, column) }
    }

    func decode(_: Int8.Type, forKey key: Key) throws -> Int8 {
        try required(key) { (column) throws(CSVError) in try row.integer(Int8.self, column) }
    }
    func decodeIfPresent(_: Int8.Type, forKey key: Key) throws -> Int8? {
        try optional(key) { (column) throws(CSVError) in try row.integer(Int8.self, column) }
    }

    func decode(_: Int16.Type, forKey key: Key) throws -> Int16 {
        try required(key) { (column) throws(CSVError) in try row.integer(Int16.self, column) }
    }
    func decodeIfPresent(_: Int16.Type, forKey key: Key) throws -> Int16? {
        try optional(key) { (column) throws(CSVError) in try row.integer(Int16.self, column) }
    }

    func decode(_: Int32.Type, forKey key: Key) throws -> Int32 {
        try required(key) { (column) throws(CSVError) in try row.integer(Int32.self, column) }
    }
    func decodeIfPresent(_: Int32.Type, forKey key: Key) throws -> Int32? {
        try optional(key) { (column) throws(CSVError) in try row.integer(Int32.self, column) }
    }

    func decode(_: Int64.Type, forKey key: Key) throws -> Int64 {
        try required(key) { (column) throws(CSVError) in try row.integer(Int64.self, column) }
    }
    func decodeIfPresent(_: Int64.Type, forKey key: Key) throws -> Int64? {
        try optional(key) { (column) throws(CSVError) in try row.integer(Int64.self, column) }
    }

    func decode(_: UInt.Type, forKey key: Key) throws -> UInt {
        try required(key) { (column) throws(CSVError) in try row.integer(UInt.self, column) }
    }
    func decodeIfPresent(_: UInt.Type, forKey key: Key) throws -> UInt? {
        try optional(key) { (column) throws(CSVError) in try row.integer(UInt.self, column) }
    }

    func decode(_: UInt8.Type, forKey key: Key) throws -> UInt8 {
        try required(key) { (column) throws(CSVError) in try row.integer(UInt8.self, column) }
    }
    func decodeIfPresent(_: UInt8.Type, forKey key: Key) throws -> UInt8? {
        try optional(key) { (column) throws(CSVError) in try row.integer(UInt8.self, column) }
    }

    func decode(_: UInt16.Type, forKey key: Key) throws -> UInt16 {
        try required(key) { (column) throws(CSVError) in try row.integer(UInt16.self, column) }
    }
    func decodeIfPresent(_: UInt16.Type, forKey key: Key) throws -> UInt16? {
        try optional(key) { (column) throws(CSVError) in try row.integer(UInt16.self, column) }
    }

    func decode(_: UInt32.Type, forKey key: Key) throws -> UInt32 {
        try required(key) { (column) throws(CSVError) in try row.integer(UInt32.self, column) }
    }
    func decodeIfPresent(_: UInt32.Type, forKey key: Key) throws -> UInt32? {
        try optional(key) { (column) throws(CSVError) in try row.integer(UInt32.self, column) }
    }

    func decode(_: UInt64.Type, forKey key: Key) throws -> UInt64 {
        try required(key) { (column) throws(CSVError) in try row.integer(UInt64.self, column) }
    }
    func decodeIfPresent(_: UInt64.Type, forKey key: Key) throws -> UInt64? {
        try optional(key) { (column) throws(CSVError) in try row.integer(UInt64.self, column) }
    }
}

/// The fields of a row, in order.
private struct FieldsContainer: UnkeyedDecodingContainer {
    let row: RowDecoder
    var codingPath: [any CodingKey] { [] }
    private(set) var currentIndex = 0

    init(row: RowDecoder) { self.row = row }

    var count: Int? { row.record?.count }
    var isAtEnd: Bool { currentIndex >= (count ?? 0) }

    mutating func decodeNil() throws -> Bool {
        guard !isAtEnd, try row.isMissing(currentIndex) else { return false }
        currentIndex += 1
        return true
    }

    mutating func decode<Value: Decodable>(_: Value.Type) throws -> Value {
        guard !isAtEnd else { throw row.unknown("\(currentIndex + 1)") }
        currentIndex += 1
        return try ValueDecoder(row: row, column: currentIndex - 1).decode(Value.self)
    }

    mutating func nestedContainer<NestedKey: CodingKey>(
        keyedBy type: NestedKey.Type
    ) throws -> KeyedDecodingContainer<NestedKey> {
        throw row.mismatch(currentIndex, "object")
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        throw row.mismatch(currentIndex, "array")
    }

    mutating func superDecoder() throws -> any Swift.Decoder { ValueDecoder(row: row, column: currentIndex) }
}

/// The decoder of one value.
private struct ValueDecoder: Swift.Decoder, SingleValueDecodingContainer {
    let row: RowDecoder
    let column: Int
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    /// Decodes a value. What a type throws that finds no value of its own in a text becomes an error with a place.
    func decode<Value: Decodable>(_: Value.Type) throws -> Value {
        do { return try Value(from: self) } catch is DecodingError {
            throw row.mismatch(column, "\(Value.self)")
        }
    }

    func container<Key: CodingKey>(keyedBy _: Key.Type) throws -> KeyedDecodingContainer<Key> {
        throw row.mismatch(column, "object")
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer { throw row.mismatch(column, "array") }
    func singleValueContainer() -> any SingleValueDecodingContainer { self }
    func decodeNil() -> Bool { (try? row.isMissing(column)) ?? false }

    @inline(__always)
    private func required<Value>(_ value: (Int) throws(CSVError) -> Value?) throws -> Value {
        guard let value = try value(column) else { throw row.missing(column) }
        return value
    }

    func decode(_: String.Type) throws -> String { try required(row.string) }

    func decode(_: Double.Type) throws -> Double { try required(row.number) }

    func decode(_: Float.Type) throws -> Float { try required(row.float) }

    func decode(_: Bool.Type) throws -> Bool { try required(row.boolean) }

    func decode(_: Int.Type) throws -> Int {
        try required { (column) throws(CSVError) in try row.integer(Int.self, column) }
    }

    func decode(_: Int8.Type) throws -> Int8 {
        try required { (column) throws(CSVError) in try row.integer(Int8.self, column) }
    }

    func decode(_: Int16.Type) throws -> Int16 {
        try required { (column) throws(CSVError) in try row.integer(Int16.self, column) }
    }

    func decode(_: Int32.Type) throws -> Int32 {
        try required { (column) throws(CSVError) in try row.integer(Int32.self, column) }
    }

    func decode(_: Int64.Type) throws -> Int64 {
        try required { (column) throws(CSVError) in try row.integer(Int64.self, column) }
    }

    func decode(_: UInt.Type) throws -> UInt {
        try required { (column) throws(CSVError) in try row.integer(UInt.self, column) }
    }

    func decode(_: UInt8.Type) throws -> UInt8 {
        try required { (column) throws(CSVError) in try row.integer(UInt8.self, column) }
    }

    func decode(_: UInt16.Type) throws -> UInt16 {
        try required { (column) throws(CSVError) in try row.integer(UInt16.self, column) }
    }

    func decode(_: UInt32.Type) throws -> UInt32 {
        try required { (column) throws(CSVError) in try row.integer(UInt32.self, column) }
    }

    func decode(_: UInt64.Type) throws -> UInt64 {
        try required { (column) throws(CSVError) in try row.integer(UInt64.self, column) }
    }
}
