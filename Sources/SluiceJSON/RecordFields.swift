import SluiceCSV

/// The fields of one record, wherever it was read.
protocol RecordFields {
    var count: Int { get }

    /// The offset in the input of a field's first byte, counted from 0.
    func offset(of field: Int) -> UInt64

    /// Returns a field's text where it stands, or nil after copying it, because it stands there in another form.
    func text(of field: Int, orCopyTo copy: inout [UInt8]) -> (text: ByteView?, isQuoted: Bool)

    /// Returns an unquoted field's text with its escape characters, or nil if no field has any.
    func escapedText(of field: Int) -> ByteView?
}

/// The fields of the next record of an index. Only texts with doubled quotes are copied.
struct IndexedFields: RecordFields {
    private let index: StructuralIndex
    private let quote: UInt8
    /// The offset in the input of the stretch's first byte.
    private let origin: UInt64
    let count: Int

    init(_ index: StructuralIndex, count: Int, origin: UInt64, quote: UInt8) {
        self.index = index
        self.quote = quote
        self.origin = origin
        self.count = count
    }

    private func start(of field: Int) -> Int {
        field == 0 ? index.start : StructuralIndex.offset(index[index.next + field - 1]) + 1
    }

    func offset(of field: Int) -> UInt64 { origin + UInt64(start(of: field)) }

    func text(of field: Int, orCopyTo copy: inout [UInt8]) -> (text: ByteView?, isQuoted: Bool) {
        let (start, end) = (start(of: field), index[index.next + field])
        let isQuoted = end & StructuralIndex.quoted != 0
        let inset = isQuoted ? 1 : 0
        let text = index.bytes[start + inset..<index.contentEnd(of: end) - inset]
        guard isQuoted, end & StructuralIndex.dirty != 0 else { return (text, isQuoted) }
        copy.removeAll(keepingCapacity: true)
        var position = 0
        while position < text.count {
            copy.append(text[position])
            // The second of two quotes is left out.
            position += text[position] == quote ? 2 : 1
        }
        return (nil, true)
    }

    func escapedText(of field: Int) -> ByteView? { nil }
}

/// The fields of a record that was read byte by byte.
struct ParsedFields: RecordFields {
    private let record: SlowRecordParser
    private let window: Window
    private let dialect: Dialect

    init(_ record: SlowRecordParser, in window: Window, _ dialect: Dialect) {
        self.record = record
        self.window = window
        self.dialect = dialect
    }

    var count: Int { record.fields.count }

    func offset(of field: Int) -> UInt64 { window.offset + UInt64(record.fields[field].start) }

    func text(of field: Int, orCopyTo copy: inout [UInt8]) -> (text: ByteView?, isQuoted: Bool) {
        let field = record.fields[field]
        copy.removeAll(keepingCapacity: true)
        field.appendValue(in: window, dialect, to: &copy)
        return (nil, field.isQuoted)
    }

    func escapedText(of field: Int) -> ByteView? {
        let field = record.fields[field]
        return dialect.escape == nil || field.isQuoted ? nil : field.raw(in: window)
    }
}
