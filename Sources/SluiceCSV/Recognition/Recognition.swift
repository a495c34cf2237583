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

    let encoding: Encoding
    /// Whether to check byte order marks only.
    let assumesCSV: Bool

    package init(as encoding: Encoding, assumesCSV: Bool) {
        self.encoding = encoding
        self.assumesCSV = assumesCSV
    }

    /// Returns the verdict on an input that starts with these bytes. `isAll`: the input also ends with them.
    package func verdict(_ bytes: [UInt8], isAll: Bool) -> Verdict {
        let start = Start(bytes: Array(bytes.prefix(Self.limit)), isAll: isAll || bytes.count >= Self.limit)
        if start.bytes.isEmpty { return isAll ? .csv : .open }
        let questions: [(Start) -> Verdict] =
            (encoding == .transcoded ? [] : [mark, unmarked])
            + (assumesCSV ? [] : [fileKind, JSONStart.verdict, MarkupStart.verdict])
        for question in questions {
            let verdict = question(start)
            if verdict != .csv { return verdict }
        }
        return .csv
    }
}

/// The first bytes of an input.
struct Start {
    let bytes: [UInt8]
    /// Whether no further bytes count: the input has none, or they are past the limit.
    let isAll: Bool

    var count: Int { bytes.count }
    subscript(_ index: Int) -> UInt8 { bytes[index] }

    enum Match {
        case yes
        case no
        /// The bytes match, but there are too few of them.
        case sofar
    }

    /// Returns whether the input, from `offset` on, starts with bytes in these ranges.
    func starts(with ranges: [ClosedRange<UInt8>], at offset: Int = 0) -> Match {
        for (index, range) in ranges.enumerated() {
            guard offset + index < count else { return isAll ? .no : .sofar }
            guard range.contains(bytes[offset + index]) else { return .no }
        }
        return .yes
    }

    func starts(with text: [UInt8], at offset: Int = 0) -> Match { starts(with: text.map { $0...$0 }, at: offset) }

    func starts(with text: String, at offset: Int = 0) -> Match { starts(with: Array(text.utf8), at: offset) }

    /// The offset of the first text: after a UTF-8 byte order mark, spaces and line ends.
    var textStart: Int {
        var position = starts(with: UTF8Text.mark) == .yes ? UTF8Text.mark.count : 0
        while position < count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
        return position
    }
}
