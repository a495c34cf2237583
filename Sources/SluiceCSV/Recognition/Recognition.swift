/// Decides from an input's first bytes whether it is CSV in the named encoding.
///
/// The verdict depends on the bytes only, not on how they arrive in pieces: as long as more of them could change it, it is
/// ``Verdict/open``. For nearly all CSV the first two bytes are enough.
///
///     id,name⏎          i d: no pair with a zero byte, no file of another kind starts so: CSV
///     PK,name⏎          P K: may start a zip archive; P K , does not: CSV
///     [id],[name]⏎      [ may start JSON; [ i does not: CSV
///     i 0 d 0 , 0 …     eight pairs with a zero byte on the same side: UTF-16
package struct Recognition: Sendable {
    /// The named encoding of the bytes.
    package enum Encoding: Sendable {
        case utf8
        case singleByte
        /// The order comes from the byte order mark.
        case utf16
        case utf16LittleEndian
        case utf16BigEndian
        /// UTF-8 transcoded from another encoding, whose bytes were examined before.
        case transcoded
    }

    package enum Verdict: Equatable {
        /// More bytes are needed.
        case open
        /// Nothing contradicts CSV.
        case csv
        case fault(CSVError.Code, CSVError.Detail)

        static func notCSV(_ finding: CSVError.Finding) -> Verdict { .fault(.notCSV, .found(finding)) }
    }

    /// The most bytes that are examined.
    package static let limit = 4096

    /// The first bytes of the input.
    let bytes: [UInt8]
    /// Whether no further bytes count: the input has none, or they are past the limit.
    let isAll: Bool
    let encoding: Encoding
    /// Whether to check byte order marks only.
    let assumesCSV: Bool

    /// Creates the recognition of an input that starts with these bytes. `isAll`: the input also ends with them.
    package init(_ bytes: [UInt8], isAll: Bool, as encoding: Encoding, assumesCSV: Bool) {
        self.bytes = Array(bytes.prefix(Self.limit))
        self.isAll = isAll || bytes.count >= Self.limit
        self.encoding = encoding
        self.assumesCSV = assumesCSV
    }

    /// The verdict on the input.
    package var verdict: Verdict {
        if bytes.isEmpty { return isAll ? .csv : .open }
        let questions: [() -> Verdict] =
            (encoding == .transcoded ? [] : [mark, unmarked]) + (assumesCSV ? [] : [fileKind, document])
        for question in questions {
            let verdict = question()
            if verdict != .csv { return verdict }
        }
        return .csv
    }

    /// Recognizes JSON and markup. Only a text that starts with a bracket can be either.
    private func document() -> Verdict {
        let start = textStart
        guard start < bytes.count else { return isAll ? .csv : .open }
        return switch bytes[start] {
        case UInt8(ascii: "{"), UInt8(ascii: "["): JSONStart.verdict(self)
        case UInt8(ascii: "<"): MarkupStart.verdict(self)
        default: .csv
        }
    }
}

/// How the first bytes are examined.
extension Recognition {
    enum Match {
        case yes
        case no
        /// The bytes match, but there are too few of them.
        case sofar
    }

    /// Returns whether the input, from `offset` on, starts with bytes in these ranges.
    func starts(with ranges: [ClosedRange<UInt8>], at offset: Int = 0) -> Match {
        for (index, range) in ranges.enumerated() {
            guard offset + index < bytes.count else { return isAll ? .no : .sofar }
            guard range.contains(bytes[offset + index]) else { return .no }
        }
        return .yes
    }

    func starts(with text: [UInt8], at offset: Int = 0) -> Match { starts(with: text.map { $0...$0 }, at: offset) }

    func starts(with text: String, at offset: Int = 0) -> Match { starts(with: Array(text.utf8), at: offset) }

    /// The offset of the first text: after a UTF-8 byte order mark, spaces and line ends.
    var textStart: Int {
        var position = starts(with: UTF8Text.mark) == .yes ? UTF8Text.mark.count : 0
        while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
        return position
    }
}
