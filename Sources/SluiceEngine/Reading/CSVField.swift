public import SluiceCSV

/// A field of a ``CSVRecord``: its value is the text without quotes around it, unescaped, well-formed UTF-8.
///
///     String(field)      the value as a string
///     Int(field)         the whole value as a number, or nil
///     Double(field)
///     field.span         the bytes where they are, without a copy
///     field == "EUR"
///
/// A field can be kept, as its record can.
@frozen public struct CSVField: Sendable {
    @usableFromInline let batch: RecordBatch
    /// The first byte. Also those after the value are readable: ``GrowingBuffer/padding`` bytes.
    @usableFromInline nonisolated(unsafe) let start: UnsafePointer<UInt8>
    /// Twice the number of bytes, and 1 if the field is quoted.
    @usableFromInline let size: Int

    // Debug builds inline functions that are transparent, and only if they are in another module or in the same file.

    /// The field after an entry, which ends as its own entry states; see ``RecordBatch``.
    @_transparent @usableFromInline
    init(batch: RecordBatch, base: UnsafePointer<UInt8>, after last: UInt32, entry: UInt32) {
        self.batch = batch
        start = base + Self.start(after: last, entry)
        size = Self.size(after: last, entry)
    }

    /// The offset of the first byte. Adding wraps: before the first byte of all stands the largest offset.
    @_transparent @usableFromInline
    static func start(after last: UInt32, _ entry: UInt32) -> Int {
        Int((last &+ 1 &<< StructuralIndex.shift) &>> StructuralIndex.shift &+ quotes(entry))
    }

    /// Twice the number of bytes, and 1 if the field is quoted.
    @_transparent @usableFromInline
    static func size(after last: UInt32, _ entry: UInt32) -> Int {
        let end = entry &>> StructuralIndex.shift &- entry &>> StructuralIndex.crlfShift & 1 &- quotes(entry)
        return (Int(end) &- start(after: last, entry)) &<< 1 | Int(quotes(entry))
    }

    /// The number of quotes at either end.
    @_transparent @usableFromInline
    static func quotes(_ entry: UInt32) -> UInt32 { entry &>> StructuralIndex.quotedShift & 1 }

    /// The number of bytes.
    @_transparent public var count: Int { size &>> 1 }

    /// Whether the field is quoted in the input. `""` and nothing are both empty, but only `""` is quoted.
    @inlinable public var isQuoted: Bool { size & 1 != 0 }

    /// Whether the value has no bytes.
    @inlinable public var isEmpty: Bool { count == 0 }

    /// The value's bytes, where they are.
    @inlinable public var span: Span<UInt8> {
        @_lifetime(borrow self)
        get {
            // The bytes do not change as long as this refers to the batch.
            let span = unsafe Span(_unsafeElements: UnsafeBufferPointer(start: start, count: size &>> 1))
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    /// The value's text, where it is.
    @inlinable public var utf8Span: UTF8Span {
        @_lifetime(borrow self)
        get {
            // The reader has checked that it is UTF-8.
            let text = unsafe UTF8Span(unchecked: span)
            return unsafe _overrideLifetime(text, borrowing: self)
        }
    }

    /// Whether the value is that text.
    public static func == (field: CSVField, text: StaticString) -> Bool {
        field.count == text.utf8CodeUnitCount
            && UnsafeBufferPointer(start: field.start, count: field.count)
                .elementsEqual(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
}

extension CSVRecord {
    /// The field at a position, counted from 0, which must be less than ``count``.
    ///
    /// - Complexity: O(1).
    @inlinable public subscript(position: Int) -> CSVField {
        // Outside of the precondition's closure, for which a debug build would count an owner of the batch.
        let isInside = UInt(bitPattern: position) < UInt(fields & 0xFFFF_FFFF)
        precondition(isInside, "the record has no such field")
        return CSVField(batch: batch, base: base, after: ends[position &- 1], entry: ends[position])
    }
}

extension String {
    /// Creates a string of a field's value.
    ///
    /// - Complexity: O(*n*). Values of up to 15 bytes need no memory.
    @inlinable public init(_ field: borrowing CSVField) {
        self.init(checked: field.start, count: field.count)
        // The bytes are read before the field, and with it perhaps the batch, is given up.
        extendLifetime(field.batch)
    }
}

extension [UInt8] {
    /// Creates an array of the bytes of a field's value.
    ///
    /// - Complexity: O(*n*).
    public init(_ field: borrowing CSVField) { self.init(UnsafeBufferPointer(start: field.start, count: field.count)) }
}

extension CSVField: CustomStringConvertible {
    /// The value.
    public var description: String { String(self) }
}
