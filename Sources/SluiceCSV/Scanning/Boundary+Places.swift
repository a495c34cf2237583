/// Computes the boundary of a range in a dialect with comments or an escape character, in which quotes do not always count.
///
/// A range is a sequence of physical lines. Those that start with a comment text or have an escape character are followed byte
/// by byte, from each place in which they may be entered; so is the first, which may be entered in the middle. Between them quotes
/// decide alone, so the parity of quotes gives the paths of many lines at once:
///
///     …,"x⏎            the first line        byte by byte
///     1,2⏎3,"4⏎5"⏎     no special bytes      parity
///     # isn't "it⏎     a comment             entered at a record's start: one record; entered inside quotes: a quote
///     6,7⏎…            no special bytes      parity
struct BoundaryScan {
    private let bytes: ByteView
    private let following: ByteView
    private let dialect: Dialect
    private let syntax: Syntax
    private let kernel: Kernel

    init(_ bytes: ByteView, _ following: ByteView, _ dialect: Dialect, _ kernel: Kernel) {
        self.bytes = bytes
        self.following = following
        self.dialect = dialect
        self.kernel = kernel
        syntax = Syntax(dialect)
    }

    var boundary: Boundary {
        var (position, escape, comment) = (lineEnd(after: 0), -1, -1)
        var all = line(0..<position, Boundary.Place.ofAllowedQuotes.map { path(0..<position, from: $0) })
        while position < bytes.count {
            if escape < position { escape = syntax.firstEscape(in: bytes, from: position) }
            if comment < position {
                comment = syntax.firstComment(in: bytes, from: position) { following.count > $0 ? following[$0] : nil }
            }
            let special = min(escape, comment)
            let start = special == bytes.count ? special : lineStart(before: special, from: position)
            if start > position { all = all.followed(by: parity(position..<start)) }
            position = start
            guard start < bytes.count else { break }
            let end = lineEnd(after: special)
            all = all.followed(by: line(start..<end, paths(start..<end, hasComment: comment == start)))
            position = end
        }
        return all
    }

    private func byte(at position: Int) -> UInt8? {
        if position < bytes.count { return bytes[position] }
        return position - bytes.count < following.count ? following[position - bytes.count] : nil
    }

    /// Whether a physical line ends with the byte at a position.
    private func endsLine(_ position: Int) -> Bool {
        let byte = bytes[position]
        return byte == 0x0A || (byte == 0x0D && dialect.bareCR == .newline && self.byte(at: position + 1) != 0x0A)
    }

    private func lineEnd(after position: Int) -> Int {
        (position..<bytes.count).first(where: endsLine).map { $0 + 1 } ?? bytes.count
    }

    private func lineStart(before position: Int, from start: Int) -> Int {
        (start..<position).last(where: endsLine).map { $0 + 1 } ?? start
    }

    /// Returns the boundary of lines without special bytes, which are entered at a record's start, in a field or inside quotes.
    private func parity(_ range: Range<Int>) -> Boundary {
        let next = byte(at: range.upperBound)
        let found = Boundary(parityOf: bytes[range], next: next, dialect: dialect, kernel: kernel)
        let (field, quotes) = (located(.field, in: found), located(.quotes, in: found))
        let paths = Boundary.Place.ofAllowedQuotes.map { $0 == .quotes ? quotes : field }
        return Boundary(length: found.length, lineEnds: found.lineEnds, paths: paths)
    }

    /// Parity does not distinguish a record's start from a field.
    private func located(_ place: Boundary.Place, in boundary: Boundary) -> Boundary.Path {
        var path = boundary.path(from: place)
        if path.exit == .field, path.last == boundary.length - 1 { path.exit = .recordStart }
        return path
    }

    private func line(_ line: Range<Int>, _ paths: [Boundary.Path]) -> Boundary {
        let isWhole = line.last.map(endsLine) ?? false
        return Boundary(length: line.count, lineEnds: isWhole ? 1 : 0, paths: paths)
    }

    /// Returns the paths through a line that follows another. Such a line is never entered in a comment or after an escape
    /// character, and at a record's start it is as in a field, unless it is a comment.
    private func paths(_ line: Range<Int>, hasComment: Bool) -> [Boundary.Path] {
        let (field, quotes) = (path(line, from: .field), path(line, from: .quotes))
        let recordStart = hasComment ? path(line, from: .recordStart) : field
        return Boundary.Place.ofAllowedQuotes.map { $0 == .quotes ? quotes : $0 == .recordStart ? recordStart : field }
    }

    /// Follows the bytes of a line, which ends at most one record.
    private func path(_ line: Range<Int>, from entry: Boundary.Place) -> Boundary.Path {
        var place = entry
        for position in line {
            if place == .recordStart { place = syntax.comment(at: position, byte) == .yes ? .comment : .field }
            if place == .field || place == .comment, endsLine(position) {
                // The line's last byte.
                let end = position - line.lowerBound
                return Boundary.Path(to: .recordStart, count: 1, first: end, last: end, linesToFirst: 1)
            }
            let byte = UInt16(bytes[position])
            switch place {
            case .field where byte == syntax.quote: place = .quotes
            case .field where byte == syntax.escape: place = .escaped
            case .quotes where byte == syntax.quote: place = .field
            case .quotes where byte == syntax.escape: place = .escapedInQuotes
            case .escaped: place = .field
            case .escapedInQuotes: place = .quotes
            default: break
            }
        }
        return Boundary.Path(to: place)
    }
}
