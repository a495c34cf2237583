import SluiceCSV

/// Counts the rows in the text of a message and checks them, if all are as Sluice mostly writes them: arrays of strings, or objects
/// that hold strings, numbers, booleans, null and such objects. There is no white space.
///
/// A kernel marks the bytes that can end a string: quotes, backslashes and control characters. The bytes between two marks
/// are not looked at again. The text may also be the inside of a JSON string, and is then read as it stands there:
///
///     text      [{"a":"1","b":"x\ny"}]              marks    " \ of strings
///     inside    [{\"a\":\"1\",\"b\":\"x\\ny\"}]     marks    the \ before each " or \
///
/// After each string the next eight bytes decide: `":"` after a name, `","` or `"}` after a value, with a backslash before
/// each quote if the text is the inside of a string. Anything else must be an escape. Values that are no strings are read byte by
/// byte.
@safe package struct RowCounter {
    /// Bytes after the text that must be readable: eight are compared at a time, from any byte on and after up to seven more.
    package static let padding = 16

    /// The text, which its owner keeps valid and readable for ``padding`` bytes more during the call of ``rows(in:)``.
    private let text: ByteView
    /// A bit for each byte that may end a string, and a word without any.
    private let marks: [UInt64]
    private let isArray: Bool
    private let isEscaped: Bool
    private let objectStart, arrayStart, nameEnd, valueEnd, objectEnd, arrayEnd, lineEnd: Token
    private let otherNameEnd, innerObjectStart, nextName: Token

    /// Up to eight bytes, compared at once.
    private struct Token {
        let bytes: UInt64
        let mask: UInt64
        let length: Int

        init(_ text: String, isEscaped: Bool) {
            let text = isEscaped ? JSONWriter.escaped(Array(text.utf8)) : Array(text.utf8)
            bytes = text.reversed().reduce(0) { $0 << 8 | UInt64($1) }
            mask = ~0 >> UInt64(64 - 8 * text.count)
            length = text.count
        }

        @inline(__always)
        func starts(_ word: UInt64) -> Bool { word & mask == bytes }
    }

    /// Returns the number of rows, or nil if one is not as Sluice writes it: then the text may still be valid.
    ///
    /// - Parameters:
    ///   - text: The rows as an array, or each on a line. Readable for ``padding`` bytes more.
    ///   - isEscaped: Whether the text is the inside of a JSON string. If there is a result, it is a valid one.
    package static func rows(in text: ByteView, isArray: Bool, isEscaped: Bool, kernel: Kernel) -> Int? {
        let (marks, isASCII) = kernel.stringMarks(in: text)
        guard isASCII || kernel.isUTF8(text) else { return nil }
        return RowCounter(text, marks, isArray: isArray, isEscaped: isEscaped).rows()
    }

    private init(_ text: ByteView, _ marks: [UInt64], isArray: Bool, isEscaped: Bool) {
        func token(_ text: String) -> Token { Token(text, isEscaped: isEscaped) }
        self.text = text
        self.marks = marks
        self.isArray = isArray
        self.isEscaped = isEscaped
        (objectStart, arrayStart) = (token("{\""), token("[\""))
        (nameEnd, valueEnd) = (token("\":\""), token("\",\""))
        (objectEnd, arrayEnd, lineEnd) = (token("\"}"), token("\"]"), token("\n"))
        (otherNameEnd, innerObjectStart, nextName) = (token("\":"), token("\":{\""), token(",\""))
    }

    private func rows() -> Int? {
        // Positions are below the text's count before a row is read, and at most seven above it after that: each token and
        // each escape starts at a mark, so within the text, and has up to eight bytes.
        unsafe marks.withUnsafeBufferPointer { marks in
            var (rows, position) = (0, isArray ? 1 : 0)
            guard position < text.count, !isArray || text[0] == UInt8(ascii: "[") else { return nil }
            while true {
                let start = word(at: position)
                let end =
                    if objectStart.starts(start) {
                        unsafe objectEnd(from: position + objectStart.length, marks)
                    } else if arrayStart.starts(start) {
                        unsafe stringEnd(from: position + arrayStart.length, last: arrayEnd, marks)
                    } else {
                        Int?.none
                    }
                guard let end, end <= text.count else { return nil }
                rows += 1
                position = end
                if position == text.count { return isArray ? nil : rows }
                if isArray {
                    let isLast = text[position] == UInt8(ascii: "]")
                    guard isLast || text[position] == UInt8(ascii: ",") else { return nil }
                    position += 1
                    if isLast { return position == text.count ? rows : nil }
                } else {
                    guard lineEnd.starts(word(at: position)) else { return nil }
                    position += lineEnd.length
                    if position == text.count { return rows }
                }
                guard position < text.count else { return nil }
            }
        }
    }

    /// Returns where an object ends whose first name starts at `start`.
    @inline(__always)
    private func objectEnd(from start: Int, _ marks: UnsafeBufferPointer<UInt64>) -> Int? {
        var (position, depth) = (start, 1)
        while true {
            guard let name = unsafe nextMark(from: position, marks) else { return nil }
            let text = word(at: name)
            guard nameEnd.starts(text) else {
                if innerObjectStart.starts(text) {
                    depth += 1
                    position = name + innerObjectStart.length
                } else if otherNameEnd.starts(text) {
                    guard let end = scalarEnd(from: name + otherNameEnd.length),
                        let next = nextName(from: end, &depth)
                    else { return nil }
                    if depth == 0 { return next }
                    position = next
                } else {
                    guard let next = escapeEnd(from: name) else { return nil }
                    position = next
                }
                continue
            }
            position = name + nameEnd.length
            while true {
                guard let value = unsafe nextMark(from: position, marks) else { return nil }
                let word = word(at: value)
                if valueEnd.starts(word) {
                    position = value + valueEnd.length
                    break
                }
                if objectEnd.starts(word) {
                    if depth == 1 { return value + objectEnd.length }
                    depth -= 1
                    guard let next = nextName(from: value + objectEnd.length, &depth) else { return nil }
                    if depth == 0 { return next }
                    position = next
                    break
                }
                guard let next = escapeEnd(from: value) else { return nil }
                position = next
            }
        }
    }

    /// Returns where a number, `true`, `false` or `null` ends, or nil if there is none.
    private func scalarEnd(from start: Int) -> Int? {
        guard start < text.count, text[start] != UInt8(ascii: "\"") else { return nil }
        var scanner = JSONScanner(text.from(start))
        return scanner.skipScalar() ? start + scanner.position : nil
    }

    /// Returns where the next name starts after a value, or the end of the outermost object if the value is the last in it.
    /// `depth` becomes that of the next name, or 0.
    private func nextName(from end: Int, _ depth: inout Int) -> Int? {
        var position = end
        while position < text.count, text[position] == UInt8(ascii: "}") {
            depth -= 1
            position += 1
            if depth == 0 { return position }
        }
        return position < text.count && nextName.starts(word(at: position)) ? position + nextName.length : nil
    }

    /// Returns where a list of strings ends, the first of which starts at `start`.
    private func stringEnd(from start: Int, last: Token, _ marks: UnsafeBufferPointer<UInt64>) -> Int? {
        var position = start
        while true {
            guard let value = unsafe nextMark(from: position, marks) else { return nil }
            let word = word(at: value)
            if valueEnd.starts(word) {
                position = value + valueEnd.length
            } else if last.starts(word) {
                return value + last.length
            } else {
                guard let next = escapeEnd(from: value) else { return nil }
                position = next
            }
        }
    }

    /// Returns the first mark at or after a position, at most seven bytes past the text, or nil if there is none.
    @inline(__always)
    private func nextMark(from position: Int, _ marks: UnsafeBufferPointer<UInt64>) -> Int? {
        var index = position >> 6
        // There is a word for each 64 bytes of the text and one more, so seven bytes past the text are in one.
        let rest = unsafe marks[index] &>> UInt64(position & 63)
        if rest != 0 { return position + rest.trailingZeroBitCount }
        while true {
            index += 1
            guard index < marks.count else { return nil }
            let word = unsafe marks[index]
            if word != 0 { return index << 6 + word.trailingZeroBitCount }
        }
    }

    /// Returns where the escape at a mark ends, or nil if there is no valid one.
    ///
    ///     text      \"    \\      \n     \u00e9        inside    \\\"    \\\\    \\n    \\u00e9
    private func escapeEnd(from mark: Int) -> Int? {
        var word = word(at: mark)
        var position = mark
        func take() -> UInt8 {
            defer { (word, position) = (word >> 8, position + 1) }
            return UInt8(truncatingIfNeeded: word)
        }
        guard take() == UInt8(ascii: "\\") else { return nil }
        if isEscaped, take() != UInt8(ascii: "\\") { return nil }
        switch take() {
        case UInt8(ascii: "\\"):
            if !isEscaped { return position }
            let escaped = take()
            return escaped == UInt8(ascii: "\\") || escaped == UInt8(ascii: "\"") ? position : nil
        case UInt8(ascii: "\""): return isEscaped ? nil : position
        case UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"),
            UInt8(ascii: "t"):
            return position
        case UInt8(ascii: "u"):
            for _ in 0..<4 where !Unicode.Scalar(take()).properties.isASCIIHexDigit { return nil }
            return position
        default: return nil
        }
    }

    /// The eight bytes at a position, which is less than ``padding`` - 8 bytes past the text.
    @inline(__always)
    private func word(at position: Int) -> UInt64 {
        unsafe UInt64(littleEndian: UnsafeRawPointer(text.base + position).loadUnaligned(as: UInt64.self))
    }
}
