import SluiceCSV

/// A record: its fields, and its place in the input.
///
///     record[2]              the third field
///     record["customer"]     the field of the column customer, nil if there is none
///     for field in record { … }
///
/// A record can be kept, and sent to other tasks. It refers to the memory that it was read into, usually 60 KiB with some
/// hundred records. Of records that you keep for long, keep a ``detached()`` copy, which has memory of its own, or the values.
@frozen public struct CSVRecord: Sendable {
    // Sendable: the batch owns the memory behind the addresses, and no batch changes while a record refers to it.
    @usableFromInline let batch: RecordBatch
    /// What entries refer to.
    @usableFromInline nonisolated(unsafe) var base: UnsafePointer<UInt8>
    /// An entry for each field, and one before the first.
    @usableFromInline nonisolated(unsafe) var ends: UnsafePointer<UInt32>
    /// The number of fields and, in the upper half, the record's place in the batch.
    @usableFromInline var fields: UInt64

    // Four words, which functions return in registers.
    init(batch: RecordBatch, base: UnsafePointer<UInt8>, ends: UnsafePointer<UInt32>, count: UInt32, row: Int) {
        (self.batch, self.base, self.ends) = (batch, base, ends)
        fields = UInt64(row) << 32 | UInt64(count)
    }

    private var row: Int { Int(fields >> 32) }

    /// Returns the text of a field with the escape characters that its value lacks, or nil if it has none.
    func escapedText(of column: Int) -> [UInt8]? { batch.escapedText(of: column, in: self) }

    /// Becomes another record of the same batch.
    @inline(__always)
    mutating func move(base: UnsafePointer<UInt8>, ends: UnsafePointer<UInt32>, count: UInt32, row: Int) {
        (self.base, self.ends) = (base, ends)
        fields = UInt64(row) << 32 | UInt64(count)
    }

    /// The number of fields after ``Dialect/ragged`` is applied: with `pad` at least as many as there are columns, with
    /// `truncate` exactly as many.
    @_transparent public var count: Int { Int(fields & 0xFFFF_FFFF) }

    /// The columns of the input.
    public var columns: CSVColumns { batch.columns }

    /// The record's number in the input, counted from 1, including the header and blank lines.
    public var number: UInt64 { batch.number(of: row) }

    /// The offset of the record's first byte in the input after unpacking and decoding, counted from 0.
    public var offset: UInt64 { batch.offset(of: row) }

    /// The physical line of the record's first byte, counted from 1.
    ///
    /// - Complexity: O(*n*) in the bytes before it in its batch, at most some ten thousand: they are counted when asked for.
    public var line: UInt64 { batch.line(of: row) }

    /// The place of a field's first byte, or that of the record if the field's is not known.
    func place(of column: Int) -> RecordPosition { batch.place(of: column, in: row) }

    /// The field of the column with that name, or nil if there is no such column or the record is too short.
    ///
    /// - Complexity: O(1). A position is several times as fast; see ``CSVColumns``.
    public subscript(name: String) -> CSVField? {
        guard let column = columns[name], column < count else { return nil }
        return self[column]
    }

    /// The fields by the names of their columns. Fields beyond the columns are left out; so are all if there is no header.
    ///
    /// - Complexity: O(*n*) in the record's length.
    public var dictionary: [String: String] {
        guard let names = columns.names else { return [:] }
        var dictionary = [String: String](minimumCapacity: names.count)
        for (name, field) in zip(names, self) { dictionary[name] = String(field) }
        return dictionary
    }

    /// The values as strings.
    ///
    /// - Complexity: O(*n*) in the record's length.
    public var strings: [String] { map { String($0) } }

    /// Returns the same record in memory of its own, as much as it needs; itself if there is not enough memory.
    ///
    /// - Complexity: O(*n*) in the record's length.
    public func detached() -> CSVRecord { batch.detached(row)?.record(0) ?? self }
}

extension CSVRecord: RandomAccessCollection {
    /// The type of positions.
    public typealias Index = Int
    /// The type of all positions together.
    public typealias Indices = Range<Int>

    /// The position of the first field, 0.
    @inlinable public var startIndex: Int { 0 }

    /// The number of fields.
    @inlinable public var endIndex: Int { count }

    /// The position after another.
    @inlinable public func index(after position: Int) -> Int { position + 1 }

    /// All positions.
    @inlinable public var indices: Range<Int> { 0..<count }

    /// Returns the fields in order.
    @inlinable public func makeIterator() -> Iterator { Iterator(self) }

    /// Returns one field after another.
    @frozen public struct Iterator: IteratorProtocol {
        @usableFromInline let record: CSVRecord
        @usableFromInline var position = 0

        @inlinable init(_ record: CSVRecord) { self.record = record }

        /// Returns the next field, or nil after the last.
        @inlinable public mutating func next() -> CSVField? {
            guard position < record.count else { return nil }
            defer { position += 1 }
            return record[position]
        }
    }
}
