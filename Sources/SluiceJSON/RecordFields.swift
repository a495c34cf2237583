import SluiceCSV

/// The fields of one record, wherever it was read.
protocol RecordFields {
    var count: Int { get }

    /// The offset in the input of a field's first byte, counted from 0.
    func offset(of field: Int) -> UInt64

    /// Calls `body` with the text of a field, which is valid during the call. `scratch` is memory for it.
    func withText<Result, Failure: Error>(
        of field: Int,
        _ scratch: inout [UInt8],
        _ body: (FieldText) throws(Failure) -> Result
    ) throws(Failure) -> Result
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

    func withText<Result, Failure: Error>(
        of field: Int,
        _ scratch: inout [UInt8],
        _ body: (FieldText) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let (start, end) = (start(of: field), index[index.next + field])
        let isQuoted = end & StructuralIndex.quoted != 0
        let inset = isQuoted ? 1 : 0
        let text = index.bytes[start + inset..<index.contentEnd(of: end) - inset]
        guard isQuoted, end & StructuralIndex.dirty != 0 else {
            return try body(FieldText(value: text, comparedValue: text, isQuoted: isQuoted))
        }
        scratch.removeAll(keepingCapacity: true)
        var position = 0
        while position < text.count {
            scratch.append(text[position])
            // The second of two quotes is left out.
            position += text[position] == quote ? 2 : 1
        }
        return try scratch.withView { (value) throws(Failure) in
            try body(FieldText(value: value, comparedValue: value, isQuoted: true))
        }
    }
}

/// The fields of a record that was read byte by byte.
struct ParsedFields: RecordFields {
    private let record: SlowRecordParser
    private let window: Window
    private let quote: UInt8

    init(_ record: SlowRecordParser, in window: Window, quote: UInt8) {
        self.record = record
        self.window = window
        self.quote = quote
    }

    var count: Int { record.fields.count }

    func offset(of field: Int) -> UInt64 { window.offset + UInt64(record.fields[field].start) }

    func withText<Result, Failure: Error>(
        of field: Int,
        _ scratch: inout [UInt8],
        _ body: (FieldText) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let field = record.fields[field]
        scratch.removeAll(keepingCapacity: true)
        field.appendValue(in: window, quote: quote, to: &scratch)
        return try scratch.withView { (value) throws(Failure) in
            try body(FieldText(value: value, comparedValue: value, isQuoted: field.isQuoted))
        }
    }
}
