/// Computes the boundary of a range in which quotes may stand anywhere, as the reading does that decides where bad records end.
///
/// The parity of quotes would be wrong there: a quote opens a value only as its first byte, and means nothing inside a plain value
/// or after a closing quote. So the bytes are followed one by one, from each place in which the range may be entered:
///
///     4" disc,"a⏎b"⏎     entered outside quotes    the first quote means nothing, the others hold ⏎: one record ends
///                        entered inside quotes     the first closes them, the others hold ⏎: one record ends, too
///
/// Few ways stay apart. At the first line end, all that are outside quotes meet at a record's start; and the one inside quotes
/// meets them a few quotes later, because any text between two quotes puts it right. So after a short first stretch, stretches are
/// followed only from the places that are left.
struct QuoteScan {
    private let bytes: ByteView
    private let following: ByteView
    private let dialect: Dialect
    private let syntax: Syntax
    private let kernel: Kernel
    private let endsLinesWithCR: Bool

    init(_ bytes: ByteView, _ following: ByteView, _ dialect: Dialect, _ kernel: Kernel) {
        self.bytes = bytes
        self.following = following
        self.dialect = dialect
        self.kernel = kernel
        syntax = Syntax(dialect)
        endsLinesWithCR = dialect.bareCR == .newline
    }

    var boundary: Boundary {
        var all = Boundary()
        while all.length < bytes.count {
            let isFirst = all.length == 0
            let end = min(all.length + (isFirst ? 256 : 1 << 14), bytes.count)
            let range = all.length..<end
            let entries =
                isFirst ? Boundary.Place.allCases : Boundary.Place.allCases.filter(all.paths.map(\.exit).contains)
            var paths = Boundary.Place.allCases.map { Boundary.Path(to: $0) }
            for entry in entries { paths[entry.rawValue] = path(range, from: entry) }
            let lineEnds = kernel.lineEnds(bytes[range], next: byte(at: end), dialect: dialect)
            all = all.followed(by: Boundary(length: range.count, lineEnds: lineEnds, paths: paths))
        }
        return all
    }

    private func byte(at position: Int) -> UInt8? {
        if position < bytes.count { return bytes[position] }
        return position - bytes.count < following.count ? following[position - bytes.count] : nil
    }

    private func path(_ range: Range<Int>, from entry: Boundary.Place) -> Boundary.Path {
        var path = Boundary.Path(to: entry)
        if hasFewKindsOfBytes {
            skip(range, &path)
        } else {
            for position in range where step(&path.exit, at: position) { path.addEnd(position - range.lowerBound) }
        }
        if let first = path.first {
            let line = bytes[range.lowerBound..<range.lowerBound + first + 1]
            path.linesToFirst = kernel.lineEnds(line, next: byte(at: range.lowerBound + first + 1), dialect: dialect)
        }
        return path
    }

    /// Whether only LF, delimiters and quotes decide.
    private var hasFewKindsOfBytes: Bool {
        !dialect.hasCommentsOrEscapes && !endsLinesWithCR && syntax.trim == .none && dialect.usesQuotes
    }

    /// Follows a range from LF or quote to LF or quote. Outside quotes, the byte before a quote decides whether it opens a value.
    private func skip(_ range: Range<Int>, _ path: inout Boundary.Path) {
        let bytes = bytes[0..<range.upperBound]
        var (position, lineEnd, quote) = (range.lowerBound, -1, -1)
        while position < bytes.count {
            if quote < position { quote = bytes.firstIndex(of: dialect.quote, from: position) }
            if path.exit == .quotes {
                if quote == bytes.count { return }
                path.exit = syntax.doublesQuotes ? .closing : .field
                position = quote + 1
                continue
            }
            if lineEnd < position { lineEnd = bytes.firstIndex(of: 0x0A, from: position) }
            let next = min(quote, lineEnd)
            if next > position { path.exit = bytes[next - 1] == syntax.delimiter ? .valueStart : .field }
            if next == bytes.count { return }
            if next == quote {
                path.exit =
                    switch path.exit {
                    case .recordStart, .valueStart, .closing: .quotes
                    default: .field
                    }
            } else {
                path.addEnd(next - range.lowerBound)
                path.exit = .recordStart
            }
            position = next + 1
        }
    }

    /// Moves past a byte. Returns whether it ends a record.
    private func step(_ place: inout Boundary.Place, at position: Int) -> Bool {
        let byte = bytes[position]
        let isQuote = UInt16(byte) == syntax.quote
        switch place {
        case .quotes:
            if UInt16(byte) == syntax.escape {
                place = .escapedInQuotes
            } else if isQuote {
                place = syntax.doublesQuotes ? .closing : .field
            }
            return false
        case .closing where isQuote, .escapedInQuotes:
            place = .quotes
            return false
        case .escaped:
            place = .field
            return false
        case .recordStart where syntax.comment(at: position, self.byte) == .yes:
            place = .comment
        case .recordStart where isQuote, .valueStart where isQuote:
            place = .quotes
            return false
        case .recordStart, .valueStart, .closing, .field, .comment: break
        }
        return stepOutside(&place, byte, at: position)
    }

    /// Moves past a byte that is outside quotes and opens none.
    private func stepOutside(_ place: inout Boundary.Place, _ byte: UInt8, at position: Int) -> Bool {
        if byte == 0x0A || (byte == 0x0D && endsLinesWithCR && self.byte(at: position + 1) != 0x0A) {
            place = .recordStart
            return true
        }
        if place == .comment { return false }
        if byte == syntax.delimiter {
            place = .valueStart
        } else if UInt16(byte) == syntax.escape {
            place = .escaped
        } else if place == .valueStart || (place == .recordStart && syntax.trim != .initial), syntax.trims(byte) {
            // Spaces before a value are removed, but `initial` keeps those of the first one.
            place = .valueStart
        } else {
            place = .field
        }
        return false
    }
}

extension Boundary.Path {
    /// Counts a record that ends there.
    fileprivate mutating func addEnd(_ offset: Int) {
        count += 1
        last = offset
        if first == nil { first = offset }
    }
}
