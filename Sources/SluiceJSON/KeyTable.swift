import CSluiceKernels
import SluiceCSV

/// The text before each value of a row, rendered once: `{"a":"`, then `","b":"`, `","c":"`… or, without names, `["`, `","`,
/// `","`…
///
/// Rows that go into a JSON string are rendered as its inside, and so are keys: `{\"a\":\"`, `\",\"b\":\"`…
///
/// Each text starts at a multiple of ``WideCopy/width`` and at least that many bytes follow its start, as kernels require.
@safe package final class KeyTable: Sendable {
    /// Owned by this object and never written after `init`: `width` keys, and their texts. That makes every use below safe.
    nonisolated(unsafe) let keys: UnsafeMutablePointer<sluice_key>
    nonisolated(unsafe) private let texts: UnsafeMutablePointer<UInt8>
    package let header: Header
    /// Whether rows are rendered as the inside of a JSON string.
    let isEscaped: Bool
    /// The length of a row whose values are all empty, with its separator.
    package let emptyRowLength: Int
    /// How many of these bytes are there only because the row goes into a string.
    let emptyRowAdded: Int
    /// The text after the last value: `"}` or `"]`, and the separator; at most eight bytes, the first the lowest.
    let rowEnd: UInt64
    let rowEndLength: Int
    /// The most bytes that a byte of a value becomes: `\u0001`, and in a string `\\u0001`.
    let growth: Int

    var width: Int { header.width }

    /// Renders the keys of a header. `separator` follows every row.
    package init(header: Header, separator: UInt8, isEscaped: Bool = false) {
        let plain = (0..<header.width).map { Self.render(header.names?[$0], isFirst: $0 == 0) }
        let rendered = isEscaped ? plain.map(EscapeTable.escaped) : plain
        let strides = rendered.map { ($0.count + WideCopy.width - 1) / WideCopy.width * WideCopy.width }
        let size = strides.reduce(0, +) + WideCopy.width
        self.header = header
        self.isEscaped = isEscaped
        growth = isEscaped ? 7 : 6
        let plainEnd = [UInt8(ascii: "\""), UInt8(ascii: header.names == nil ? "]" : "}"), separator]
        let end = isEscaped ? EscapeTable.escaped(plainEnd) : plainEnd
        rowEnd = end.reversed().reduce(0) { $0 << 8 | UInt64($1) }
        rowEndLength = end.count
        emptyRowLength = rendered.reduce(end.count) { $0 + $1.count }
        emptyRowAdded = emptyRowLength - plain.reduce(plainEnd.count) { $0 + $1.count }
        unsafe keys = .allocate(capacity: rendered.count)
        unsafe texts = .allocate(capacity: size)
        unsafe texts.initialize(repeating: 0, count: size)
        var start = unsafe texts
        for (column, text) in rendered.enumerated() {
            unsafe (keys + column).initialize(to: sluice_key(text: start, length: text.count))
            unsafe start.update(from: text, count: text.count)
            unsafe start += strides[column]
        }
    }

    deinit {
        unsafe keys.deallocate()
        unsafe texts.deallocate()
    }

    /// Returns the format of rows with these keys. It is valid as long as this table and `escapes` are.
    func format(_ escapes: borrowing EscapeTable, quote: UInt8, isBlankIrregular: Bool) -> sluice_row_format {
        unsafe sluice_row_format(
            keys: keys,
            width: width,
            escapes: escapes.entries,
            least: emptyRowLength,
            least_added: emptyRowAdded,
            growth: growth,
            end: rowEnd.littleEndian,
            end_length: rowEndLength,
            quote: quote,
            is_nested: isEscaped ? 1 : 0,
            is_blank_irregular: isBlankIrregular ? 1 : 0
        )
    }

    /// The text before the value in a column, counted from 0.
    subscript(_ column: Int) -> UnsafeBufferPointer<UInt8> {
        precondition(column >= 0 && column < width, "no such column")
        return unsafe UnsafeBufferPointer(start: keys[column].text, count: keys[column].length)
    }

    /// Returns the text before the value of a surplus field in that column, counted from 0.
    func extraKey(column: Int, _ names: Header.ExtraNames) -> [UInt8] {
        let key = Self.render(header.names == nil ? nil : names.name(column: column + 1), isFirst: false)
        return isEscaped ? EscapeTable.escaped(key) : key
    }

    private static func render(_ name: [UInt8]?, isFirst: Bool) -> [UInt8] {
        guard let name else { return Array((isFirst ? "[\"" : "\",\"").utf8) }
        var text = Array((isFirst ? "{\"" : "\",\"").utf8)
        EscapeTable.append(name, to: &text)
        return text + Array("\":\"".utf8)
    }
}
