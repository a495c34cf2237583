/// The bytes that have a meaning in a dialect, as code that reads byte by byte compares them with the input's.
struct Syntax {
    /// What equals no byte: the quote of a dialect without quotes, and so on.
    static let nothing: UInt16 = 0x100

    let quote: UInt16
    let escape: UInt16
    let delimiter: UInt8
    /// The bytes of the delimiter after its first.
    let delimiterTail: [UInt8]
    let comments: [[UInt8]]
    let doublesQuotes: Bool
    let trim: Dialect.Trim

    init(_ dialect: Dialect) {
        quote = dialect.usesQuotes ? UInt16(dialect.quote) : Self.nothing
        escape = dialect.escape.map(UInt16.init) ?? Self.nothing
        delimiter = dialect.delimiter
        delimiterTail = dialect.delimiterTail
        comments = dialect.comments
        doublesQuotes = dialect.doublesQuotes
        trim = dialect.trim
    }

    /// Whether a text begins at a place.
    enum Match {
        case yes
        case no
        /// The bytes match, but there are too few of them.
        case sofar
    }

    /// Returns whether a text begins at a place. `byte` returns the byte at an offset, or nil where there is none yet.
    static func match(_ text: [UInt8], at place: Int, _ byte: (Int) -> UInt8?) -> Match {
        for (index, expected) in text.enumerated() {
            guard let found = byte(place + index) else { return .sofar }
            if found != expected { return .no }
        }
        return .yes
    }

    /// Returns whether a record that starts at a place is a comment.
    func comment(at place: Int, _ byte: (Int) -> UInt8?) -> Match {
        var result = Match.no
        for text in comments {
            switch Self.match(text, at: place, byte) {
            case .yes: return .yes
            case .sofar: result = .sofar
            case .no: break
            }
        }
        return result
    }

    /// Whether trimming removes the byte at either end of a value.
    func trims(_ byte: UInt8) -> Bool {
        switch trim {
        case .none: false
        case .initial: byte == 0x20
        case .spaces: byte == 0x20 || byte == 0x09
        }
    }

    /// Whether trimming also removes spaces after a value.
    var trimsEnds: Bool { trim == .spaces }
}

/// Places whose bytes an index, or a boundary by the parity of quotes, would misunderstand.
extension Syntax {
    /// Returns the offset, from `start` on, of the first escape character, or the view's length.
    func firstEscape(in bytes: ByteView, from start: Int) -> Int {
        guard let escape = UInt8(exactly: escape) else { return bytes.count }
        return bytes.firstIndex(of: escape, from: start)
    }

    /// Returns the offset, from `start` on, of the first line that starts with a comment text, or would with bytes after the
    /// view; if there is none, the view's length. A line starts at `start`. Whether a record starts there too is not known:
    /// the line may be inside quotes.
    func firstComment(in bytes: ByteView, from start: Int, following: (Int) -> UInt8? = { _ in nil }) -> Int {
        var end = bytes.count
        for first in Set(comments.compactMap(\.first)) {
            var place = start
            while true {
                place = bytes[0..<end].firstIndex(of: first, from: place)
                if place == end { break }
                let startsLine = place == start || bytes[place - 1] == 0x0A || bytes[place - 1] == 0x0D
                if startsLine, comment(at: place, { $0 < bytes.count ? bytes[$0] : following($0 - bytes.count) }) != .no
                {
                    end = place
                    break
                }
                place += 1
            }
        }
        return end
    }
}

extension Dialect {
    /// Whether an index, or a boundary by the parity of quotes, may misunderstand some records.
    var hasCommentsOrEscapes: Bool { box.map { $0.values.escape != nil || !$0.values.comments.isEmpty } ?? false }

    /// How many bytes after a range can decide what the range's last bytes mean: whether a CR is part of a CR LF, and whether a
    /// line is a comment.
    package var lookahead: Int { comments.reduce(1) { max($0, $1.count) } }
}
