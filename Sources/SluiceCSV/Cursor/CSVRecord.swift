/// A record of a ``RecordCursor``: its fields, as views of the input.
public struct CSVRecord: ~Escapable {
    private let layout: RecordLayout

    /// Whoever returns the record limits its life to that of the layout.
    @_lifetime(immortal)
    init(_ layout: RecordLayout) { self.layout = layout }

    /// The record's number in the input, counted from 1; the header and blank lines count.
    public var number: UInt64 { layout.number }

    /// The record's first byte in the input, counted from 0.
    public var offset: UInt64 { layout.window.offset + UInt64(layout.start) }

    /// The number of fields, after ``Dialect/ragged`` was applied: with `pad` never less than the header has, with `truncate`
    /// exactly as many.
    public var count: Int { layout.count }

    /// The field at a position, counted from 0, which must be less than ``count``. Takes constant time.
    public subscript(index: Int) -> CSVField {
        @_lifetime(copy self)
        get {
            precondition(index >= 0 && index < layout.count, "field index out of range")
            return _overrideLifetime(CSVField(layout.field(index)), copying: self)
        }
    }
}

/// A field of a ``CSVRecord``.
public struct CSVField: ~Escapable {
    private let layout: FieldLayout

    /// Whoever returns the field limits its life to that of the layout.
    @_lifetime(immortal)
    init(_ layout: FieldLayout) { self.layout = layout }

    /// The bytes as they stand in the input, without the quotes around them. They are the value unless
    /// ``needsUnescaping``.
    public var bytes: RawSpan {
        @_lifetime(copy self)
        get {
            // The layout's window lives as long as this field.
            let span = RawSpan(_unsafeBytes: UnsafeRawBufferPointer(layout.bytes))
            return _overrideLifetime(span, copying: self)
        }
    }

    /// Whether the field is quoted in the input: `""` and nothing are both empty, but only one of them is quoted.
    public var isQuoted: Bool { layout.place.isQuoted }

    /// Whether the value is another than ``bytes``: quotes are doubled in it or, if the dialect accepts them, text follows the
    /// closing quote or bytes are not UTF-8. Takes time proportional to the field at most, mostly none.
    public var needsUnescaping: Bool { layout.needsUnescaping }

    /// The value: doubled quotes halved, ill-formed UTF-8 replaced by U+FFFD. A copy of the field's size.
    public var unescaped: [UInt8] {
        guard layout.needsUnescaping else { return Array(layout.bytes) }
        var value: [UInt8] = []
        value.reserveCapacity(layout.content.count)
        layout.place.appendValue(in: layout.window, quote: layout.quote, to: &value)
        return value
    }

    /// The value as a string. A copy of the field's size.
    public var string: String { String(decoding: unescaped, as: UTF8.self) }
}
