import SluiceCSV

/// The text before each value of a row, rendered once: `{"a":"`, then `","b":"`, `","c":"`… or, without names, `["`, `","`,
/// `","`…
///
/// Each text starts at a multiple of ``WideCopy/width`` and at least that many bytes follow it, so a short text is copied
/// with one store.
@safe package final class KeyTable: Sendable {
    @unsafe struct Key {
        var text: UnsafePointer<UInt8>
        var length: Int
    }

    /// Owned by this object and never written after `init`: `width` keys, and their texts. That makes every use below safe.
    nonisolated(unsafe) let keys: UnsafeMutablePointer<Key>
    nonisolated(unsafe) private let texts: UnsafeMutablePointer<UInt8>
    package let header: Header
    /// The length of a row whose values are all empty, with its separator.
    package let emptyRowLength: Int
    /// The text after the last value, in three bytes: `"}` or `"]`, and the separator.
    let rowEnd: UInt32
    static let rowEndLength = 3

    var width: Int { header.width }

    /// Renders the keys of a header. `separator` follows every row.
    package init(header: Header, separator: UInt8) {
        let rendered = (0..<header.width).map { Self.render(header.names?[$0], isFirst: $0 == 0) }
        let strides = rendered.map { ($0.count + WideCopy.width - 1) / WideCopy.width * WideCopy.width }
        let size = strides.reduce(0, +) + WideCopy.width
        self.header = header
        let bracket = header.names == nil ? UInt8(ascii: "]") : UInt8(ascii: "}")
        rowEnd = UInt32(UInt8(ascii: "\"")) | UInt32(bracket) << 8 | UInt32(separator) << 16
        emptyRowLength = rendered.reduce(Self.rowEndLength) { $0 + $1.count }
        unsafe keys = .allocate(capacity: rendered.count)
        unsafe texts = .allocate(capacity: size)
        unsafe texts.initialize(repeating: 0, count: size)
        var start = unsafe texts
        for (column, text) in rendered.enumerated() {
            unsafe (keys + column).initialize(to: Key(text: start, length: text.count))
            unsafe start.update(from: text, count: text.count)
            unsafe start += strides[column]
        }
    }

    deinit {
        unsafe keys.deallocate()
        unsafe texts.deallocate()
    }

    /// The text before the value in a column, counted from 0.
    subscript(_ column: Int) -> UnsafeBufferPointer<UInt8> {
        precondition(column >= 0 && column < width, "no such column")
        return unsafe UnsafeBufferPointer(start: keys[column].text, count: keys[column].length)
    }

    /// Returns the text before the value of a surplus field in that column, counted from 0.
    func extraKey(column: Int, _ names: Header.ExtraNames) -> [UInt8] {
        Self.render(header.names == nil ? nil : names.name(column: column + 1), isFirst: false)
    }

    private static func render(_ name: [UInt8]?, isFirst: Bool) -> [UInt8] {
        guard let name else { return Array((isFirst ? "[\"" : "\",\"").utf8) }
        var text = Array((isFirst ? "{\"" : "\",\"").utf8)
        EscapeTable.append(name, to: &text)
        return text + Array("\":\"".utf8)
    }
}
