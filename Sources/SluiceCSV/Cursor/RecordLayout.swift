/// The places of a record's fields, from an index or from reading byte by byte.
///
/// Valid until the tokenizer takes its next step.
struct RecordLayout {
    enum Fields {
        /// The index whose next record it is.
        case indexed(StructuralIndex)
        case spans([FieldSpan])
    }

    var window: Window
    var dialect: Dialect
    var fields: Fields
    /// Window offset of the first byte.
    var start: Int
    var number: UInt64
    /// The number of fields in the input.
    var given: Int
    /// The number of fields after ``Dialect/ragged`` is applied.
    var count: Int

    /// Returns the field at that position, which must be below `count`. A field that the input lacks is empty.
    func field(_ number: Int) -> FieldLayout {
        guard number < given else {
            let span = FieldSpan(start: start, contentEnd: -1, end: start)
            return FieldLayout(window: window, dialect: dialect, place: span, doubt: .none)
        }
        switch fields {
        case .spans(let fields):
            return FieldLayout(window: window, dialect: dialect, place: fields[number], doubt: .anything)
        case .indexed(let index):
            // `number` is below `given`, so the entry is one of this record's.
            let end = index[index.next + number]
            let first = number == 0 ? index.start : StructuralIndex.offset(index[index.next + number - 1]) + 1
            let past = index.origin + index.contentEnd(of: end)
            let isQuoted = end & StructuralIndex.quoted != 0
            let place = FieldSpan(start: index.origin + first, contentEnd: isQuoted ? past - 1 : -1, end: past)
            let isDirty = isQuoted && end & StructuralIndex.dirty != 0
            return FieldLayout(window: window, dialect: dialect, place: place, doubt: isDirty ? .quotes : .none)
        }
    }
}

/// One field, and how its value may differ from its bytes.
struct FieldLayout {
    enum Doubt {
        /// The bytes are the value.
        case none
        /// There may be doubled quotes.
        case quotes
        /// There may also be text after a closing quote, escape characters and ill-formed UTF-8.
        case anything
    }

    var window: Window
    var dialect: Dialect
    var place: FieldSpan
    var doubt: Doubt

    /// Window offsets of the bytes inside the quotes; with text after the closing quote, of all bytes after the opening one.
    var content: Range<Int> {
        guard place.isQuoted else { return place.start..<place.end }
        let (content, tail) = place.pieces
        return content.lowerBound..<(tail.isEmpty ? content.upperBound : place.end)
    }

    var needsUnescaping: Bool {
        switch doubt {
        case .none: false
        case .quotes: has(dialect.quote)
        case .anything:
            place.isQuoted && (has(dialect.quote) || !place.pieces.tail.isEmpty)
                || hasEscapes
                || place.firstIllFormed(in: window) != nil
        }
    }

    /// The bytes of ``content``, valid as long as the window is.
    var bytes: ByteView { window.bytes[content] }

    private var hasEscapes: Bool {
        guard let escape = dialect.escape, has(escape) else { return false }
        // As the last byte of the input it is data.
        return place.value(in: window, dialect) != bytes.array
    }

    /// Whether the content has that byte. Inside quotes every quote is half of a pair or escaped.
    private func has(_ byte: UInt8) -> Bool { bytes.firstIndex(of: byte, from: 0) < bytes.count }
}
