/// A field as it stands in the input, including its quotes, but without spaces around it that are trimmed.
///
///     plain          a b c           start = 0, end = 3
///     quoted       " a " " b "       start = 0, contentEnd = 5, end = 6; the value is a"b
///     with a tail  " a " x y         start = 0, contentEnd = 2, end = 5; the value is axy
package struct FieldSpan {
    /// Window offset of the first byte, the opening quote of a quoted field.
    package var start: Int
    /// Window offset of the closing quote; -1 in a plain field; `end` if the input ends inside the quotes.
    package var contentEnd: Int
    /// Window offset just past the field.
    package var end: Int

    package var isQuoted: Bool { contentEnd >= 0 }

    /// The ranges of the window whose bytes make up the value, with doubled quotes and escape characters. Only the first can
    /// contain doubled quotes.
    var pieces: (content: Range<Int>, tail: Range<Int>) {
        guard isQuoted else { return (start..<end, end..<end) }
        return (start + 1..<contentEnd, min(contentEnd + 1, end)..<end)
    }
}

extension FieldSpan {
    /// The bytes of a plain field as they stand in the input: the value before escape characters are removed.
    package func raw(in window: Window) -> ByteView { window.bytes[start..<end] }

    /// Calls `body` with the parts of the value, in order: what remains of the field without the quotes around it, the first of
    /// two quotes, and escape characters. No UTF-8 sequence continues from one part to the next.
    ///
    ///     "a""b\n"    a    "b    n
    package func forEachPart(in window: Window, _ dialect: Dialect, _ body: (ByteView) -> Void) {
        let (content, tail) = pieces
        let escape = dialect.escape
        Self.parts(of: content, in: window, quote: isQuoted ? dialect.quote : nil, escape, body)
        if !tail.isEmpty { Self.parts(of: tail, in: window, quote: nil, escape, body) }
    }

    private static func parts(
        of piece: Range<Int>,
        in window: Window,
        quote: UInt8?,
        _ escape: UInt8?,
        _ body: (ByteView) -> Void
    ) {
        var (start, position) = (piece.lowerBound, piece.lowerBound)
        while position < piece.upperBound {
            let byte = window[position]
            // An escape character that ends the input is data.
            if byte == quote || (byte == escape && position + 1 < piece.upperBound) {
                body(window.bytes[start..<position])
                start = position + 1
                // The next byte is data, whatever it is.
                position += 1
            }
            position += 1
        }
        body(window.bytes[start..<piece.upperBound])
    }

    /// Returns the window offset of the first ill-formed UTF-8, or nil if there is none.
    func firstIllFormed(in window: Window) -> Int? {
        UTF8Text.firstIllFormed(window.bytes[start..<end]).map { start + $0 }
    }

    /// Returns the value: ill-formed UTF-8 is replaced.
    package func value(in window: Window, _ dialect: Dialect) -> [UInt8] {
        var value: [UInt8] = []
        value.reserveCapacity(end - start)
        appendValue(in: window, dialect, to: &value)
        return value
    }

    /// Appends the value: ill-formed UTF-8 is replaced.
    package func appendValue(in window: Window, _ dialect: Dialect, to value: inout [UInt8]) {
        forEachPart(in: window, dialect) { bytes in
            var position = 0
            while let illFormed = UTF8Text.firstIllFormed(bytes.from(position)) {
                // Copied before the window changes.
                unsafe value.append(contentsOf: bytes[position..<position + illFormed].buffer)
                value.append(contentsOf: UTF8Text.replacement)
                position += illFormed + UTF8Text.subpart(bytes, at: position + illFormed).length
            }
            unsafe value.append(contentsOf: bytes.from(position).buffer)
        }
    }
}
