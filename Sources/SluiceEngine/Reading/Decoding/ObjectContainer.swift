import SluiceCSV

/// The decoder of an object: the whole row, or one nested in it.
struct ObjectDecoder: Swift.Decoder {
    let row: RowReference
    let object: Int
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy _: Key.Type) -> KeyedDecodingContainer<Key> {
        row.decoder.container(of: object)
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
///
/// A value that is usual, plain text of a column without a rule, is read where it stands. All others, and all errors, are
/// ``RowDecoder``'s.
struct ObjectContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let row: RowReference
    /// The number of the keys' table in ``RowState/columns``; its complement if the keys are not bytes, and the table is not used.
    let table: Int
    var codingPath: [any CodingKey] { [] }

    private var object: Int { row.decoder.object(ofTable: table < 0 ? ~table : table) }

    var allKeys: [Key] { row.decoder.keys(of: object).compactMap { Key(stringValue: $0) } }

    func contains(_ key: Key) -> Bool { place(key) != nil }

    func decodeNil(forKey key: Key) throws -> Bool {
        switch place(key) {
        case .column(let column): try row.decoder.isMissing(column)
        case .object: false
        case nil: true
        }
    }

    func decode<Value: Decodable>(_: Value.Type, forKey key: Key) throws -> Value {
        switch place(key) {
        case .column(let column): try ValueDecoder(row: row, column: column).decode(Value.self)
        case .object(let object): try Value(from: ObjectDecoder(row: row, object: object))
        case nil: throw unknown(key)
        }
    }

    func decodeIfPresent<Value: Decodable>(_: Value.Type, forKey key: Key) throws -> Value? {
        switch place(key) {
        case .column(let column):
            // A type that reads a string makes its own sense of an empty one.
            try row.decoder.isMissing(column) ? nil : try ValueDecoder(row: row, column: column).decode(Value.self)
        case .object(let object): try Value(from: ObjectDecoder(row: row, object: object))
        case nil: nil
        }
    }

    func nestedContainer<NestedKey: CodingKey>(
        keyedBy type: NestedKey.Type,
        forKey key: Key
    ) throws -> KeyedDecodingContainer<NestedKey> {
        try superDecoder(forKey: key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        guard case .column(let column) = place(key) else { throw unknown(key) }
        return try ValueDecoder(row: row, column: column).unkeyedContainer()
    }

    func superDecoder() throws -> any Swift.Decoder { ObjectDecoder(row: row, object: object) }

    func superDecoder(forKey key: Key) throws -> any Swift.Decoder {
        switch place(key) {
        case .column(let column): ValueDecoder(row: row, column: column)
        case .object(let object): ObjectDecoder(row: row, object: object)
        case nil: throw unknown(key)
        }
    }
}

/// Keys.
extension ObjectContainer {
    /// The address of a key's column in its table.
    @inline(__always)
    private func entry(_ key: Key) -> UnsafeMutablePointer<Int32>? {
        guard table >= 0, row.isValid else { return nil }
        // Where the container has a table, there are tables, and its keys are one byte.
        let (columns, byte) = unsafe (row.state.pointee.columns.unsafelyUnwrapped, unsafeBitCast(key, to: UInt8.self))
        return columns + (table &* KeyTables.size | Int(byte))
    }

    /// The bytes of a key's field, if it is known to be one of a column without a rule.
    @inline(__always)
    private func plainBytes(_ key: Key) -> UnsafeBufferPointer<UInt8>? {
        guard let entry = entry(key) else { return nil }
        return row.bytes(of: Int(entry.pointee))
    }

    private func place(_ key: Key) -> ObjectKeys.Place? {
        let (decoder, entry) = (row.decoder, entry(key))
        if let entry, entry.pointee != KeyTables.unknown { return .column(Int(entry.pointee)) }
        let place = decoder.find(key.stringValue, in: object)
        if let entry, case .column(let column) = place, !decoder.hasRule(column) { entry.pointee = Int32(column) }
        return place
    }

    private func unknown(_ key: Key) -> CSVError { row.decoder.unknown(key.stringValue, in: object) }

    /// The error of a value that is not there.
    @inline(never)
    private func absent(_ key: Key) -> any Error {
        if case .column(let column) = place(key) { row.decoder.missing(column) } else { unknown(key) }
    }

    /// Returns what the decoder reads in a key's column; nil if there is no such column.
    @inline(never)
    private func other<Value>(_ key: Key, _ read: (RowDecoder, Int) throws(CSVError) -> Value?) throws -> Value? {
        switch place(key) {
        case .column(let column): try read(row.decoder, column)
        case .object: throw unknown(key)
        case nil: nil
        }
    }
}

/// Plain values: each is nil if it is missing, and so what `decodeIfPresent` is asked for. `decode` requires it.
extension ObjectContainer {
    @inline(__always)
    private func required<Value>(_ value: Value?, _ key: Key) throws -> Value {
        guard let value else { throw absent(key) }
        return value
    }

    @inline(__always)
    private func string(_ key: Key) throws -> String? {
        if let bytes = plainBytes(key), let start = bytes.baseAddress {
            return String(checked: start, count: bytes.count)
        }
        return try other(key) { (decoder, column) throws(CSVError) in try decoder.string(column) }
    }

    @inline(__always)
    private func number(_ key: Key) throws -> Double? {
        if let number = plainBytes(key).flatMap({ DecimalText($0).exactDouble }) { return number }
        return try other(key) { (decoder, column) throws(CSVError) in try decoder.number(column) }
    }

    private func float(_ key: Key) throws -> Float? {
        try other(key) { (decoder, column) throws(CSVError) in try decoder.float(column) }
    }

    private func boolean(_ key: Key) throws -> Bool? {
        try other(key) { (decoder, column) throws(CSVError) in try decoder.boolean(column) }
    }

    @inline(__always)
    private func integer<Number: FixedWidthInteger>(_ key: Key) throws -> Number? {
        if let bytes = plainBytes(key) {
            if let short = DecimalText(bytes).shortInteger, let number = Number(exactly: short) { return number }
            if bytes.isEmpty, row.state.pointee.emptyIsNil { return nil }
        }
        guard let integer = try otherInteger(key) else { return nil }
        guard let number = Number(exactly: integer) else { throw tooLarge(key, Number.self) }
        return number
    }

    // The widest type, so that there is one such function for all.
    @inline(never)
    private func otherInteger(_ key: Key) throws -> Int128? {
        try other(key) { (decoder, column) throws(CSVError) in try decoder.integer(column) }
    }

    @inline(never)
    private func tooLarge(_ key: Key, _ type: Any.Type) -> any Error {
        guard case .column(let column) = place(key) else { return unknown(key) }
        return row.decoder.mismatch(column, "\(type)", rule: "range")
    }

    func decode(_: String.Type, forKey key: Key) throws -> String { try required(string(key), key) }
    func decode(_: Double.Type, forKey key: Key) throws -> Double { try required(number(key), key) }
    func decode(_: Float.Type, forKey key: Key) throws -> Float { try required(float(key), key) }
    func decode(_: Bool.Type, forKey key: Key) throws -> Bool { try required(boolean(key), key) }

    // Inlined where the protocol's requirement for each type of integer is met, so that each has code of its own.
    @inline(__always)
    func decode<Number: FixedWidthInteger & Decodable>(_: Number.Type, forKey key: Key) throws -> Number {
        try required(integer(key), key)
    }

    // Each by itself: where one is generic, the protocol's own implementation is taken, which asks three times for a key.
    func decodeIfPresent(_: String.Type, forKey key: Key) throws -> String? { try string(key) }
    func decodeIfPresent(_: Double.Type, forKey key: Key) throws -> Double? { try number(key) }
    func decodeIfPresent(_: Float.Type, forKey key: Key) throws -> Float? { try float(key) }
    func decodeIfPresent(_: Bool.Type, forKey key: Key) throws -> Bool? { try boolean(key) }
    func decodeIfPresent(_: Int.Type, forKey key: Key) throws -> Int? { try integer(key) }
    func decodeIfPresent(_: Int8.Type, forKey key: Key) throws -> Int8? { try integer(key) }
    func decodeIfPresent(_: Int16.Type, forKey key: Key) throws -> Int16? { try integer(key) }
    func decodeIfPresent(_: Int32.Type, forKey key: Key) throws -> Int32? { try integer(key) }
    func decodeIfPresent(_: Int64.Type, forKey key: Key) throws -> Int64? { try integer(key) }
    func decodeIfPresent(_: UInt.Type, forKey key: Key) throws -> UInt? { try integer(key) }
    func decodeIfPresent(_: UInt8.Type, forKey key: Key) throws -> UInt8? { try integer(key) }
    func decodeIfPresent(_: UInt16.Type, forKey key: Key) throws -> UInt16? { try integer(key) }
    func decodeIfPresent(_: UInt32.Type, forKey key: Key) throws -> UInt32? { try integer(key) }
    func decodeIfPresent(_: UInt64.Type, forKey key: Key) throws -> UInt64? { try integer(key) }
}
