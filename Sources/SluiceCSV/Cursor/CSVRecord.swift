/// A record of a ``RecordCursor``: its fields, as views of the input.
///
/// A record is valid until the cursor's next call of ``RecordCursor/next()``. The compiler does not find every program that
/// keeps it longer, for example in a variable outside a loop. Such a program stops at its first use of a field, with a message
/// that says why.
public struct CSVRecord: ~Escapable {
    private let layout: RecordLayout
    private let stamp: CursorStamp

    /// The caller must limit the record's lifetime to that of the layout.
    @_lifetime(immortal)
    init(_ layout: RecordLayout, _ stamp: CursorStamp) {
        self.layout = layout
        self.stamp = stamp
    }

    /// The record's number in the input, counted from 1, including the header and blank lines.
    public var number: UInt64 { layout.number }

    /// The offset of the record's first byte in the input, counted from 0.
    public var offset: UInt64 { layout.window.offset + UInt64(layout.start) }

    /// The number of fields after ``Dialect/ragged`` is applied: with `pad` at least as many as the header has, with `truncate`
    /// exactly as many.
    public var count: Int { layout.count }

    /// The field at a position, counted from 0, which must be less than ``count``.
    ///
    /// - Complexity: O(1).
    public subscript(index: Int) -> CSVField {
        @_lifetime(copy self)
        get {
            stamp.check()
            precondition(index >= 0 && index < layout.count, "field index out of range")
            // The layout is that of this record.
            return unsafe _overrideLifetime(CSVField(layout.field(index), stamp), copying: self)
        }
    }
}

/// A field of a ``CSVRecord``.
public struct CSVField: ~Escapable {
    private let layout: FieldLayout
    private let stamp: CursorStamp

    /// The caller must limit the field's lifetime to that of the layout.
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
            let span = unsafe RawSpan(_unsafeBytes: UnsafeRawBufferPointer(layout.bytes.buffer))
            return unsafe _overrideLifetime(span, copying: self)
        }
    }

    /// Whether the field is quoted in the input. `""` and nothing are both empty, but only `""` is quoted.
    public var isQuoted: Bool { layout.place.isQuoted }

    /// Whether the value differs from ``bytes``: it has doubled quotes or, if the dialect accepts them, escape characters, text
    /// after the closing quote or ill-formed UTF-8.
    ///
    /// - Complexity: O(1) for most fields, at most O(*n*) in the field's length.
    public var needsUnescaping: Bool {
        stamp.check()
        return layout.needsUnescaping
    }

    /// A copy of the value: doubled quotes halved, escape characters removed, ill-formed UTF-8 replaced by U+FFFD.
    public var unescaped: [UInt8] {
        stamp.check()
        guard layout.needsUnescaping else { return layout.bytes.array }
        return layout.place.value(in: layout.window, layout.dialect)
    }

    /// A copy of the value as a string.
    public var string: String { String(decoding: unescaped, as: UTF8.self) }
}
