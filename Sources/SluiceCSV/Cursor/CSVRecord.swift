/// A record of a ``RecordCursor``: its fields, as views of the input.
///
/// It lives until the cursor goes on. The compiler does not find every program that keeps it longer, in a variable outside a
/// loop for example; such a program ends at the first use of a field, with a message that says why.
public struct CSVRecord: ~Escapable {
    private let layout: RecordLayout
    private let stamp: CursorStamp

    /// Whoever returns the record limits its life to that of the layout.
    @_lifetime(immortal)
    init(_ layout: RecordLayout, _ stamp: CursorStamp) {
        self.layout = layout
        self.stamp = stamp
    }

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
            stamp.check()
            precondition(index >= 0 && index < layout.count, "field index out of range")
            return _overrideLifetime(CSVField(layout.field(index), stamp), copying: self)
        }
    }
}

/// A field of a ``CSVRecord``.
public struct CSVField: ~Escapable {
    private let layout: FieldLayout
    private let stamp: CursorStamp

    /// Whoever returns the field limits its life to that of the layout.
    @_lifetime(immortal)
    init(_ layout: FieldLayout, _ stamp: CursorStamp) {
        self.layout = layout
        self.stamp = stamp
    }

    /// The bytes as they stand in the input, without the quotes around them. They are the value unless
    /// ``needsUnescaping``.
    public var bytes: RawSpan {
        @_lifetime(copy self)
        get {
            stamp.check()
            // The layout's window lives as long as this field.
            let span = RawSpan(_unsafeBytes: UnsafeRawBufferPointer(layout.bytes))
            return _overrideLifetime(span, copying: self)
        }
    }

    /// Whether the field is quoted in the input: `""` and nothing are both empty, but only one of them is quoted.
    public var isQuoted: Bool { layout.place.isQuoted }

    /// Whether the value is another than ``bytes``: quotes are doubled in it or, if the dialect accepts them, text follows the
    /// closing quote or bytes are not UTF-8. Takes time proportional to the field at most, mostly none.
    public var needsUnescaping: Bool {
        stamp.check()
        return layout.needsUnescaping
    }

    /// The value: doubled quotes halved, ill-formed UTF-8 replaced by U+FFFD. A copy of the field's size.
    public var unescaped: [UInt8] {
        stamp.check()
        guard layout.needsUnescaping else { return Array(layout.bytes) }
        var value: [UInt8] = []
        value.reserveCapacity(layout.content.count)
        layout.place.appendValue(in: layout.window, quote: layout.quote, to: &value)
        return value
    }

    /// The value as a string. A copy of the field's size.
    public var string: String { String(decoding: unescaped, as: UTF8.self) }
}
