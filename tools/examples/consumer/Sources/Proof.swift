import Sluice

/// What the name of an object states about the rows of a message: `START-END-ROWS-ID.ndjson`.
struct RowPart {
    /// The bytes of the input that the rows come from.
    var range: Range<UInt64>
    var rows: UInt64
    var id: UInt128

    init?(_ message: ReceivedMessage, rows: Int) {
        guard let range = message.range, let id = message.id, id.utf8.count == 32, let id = UInt128(id, radix: 16)
        else { return nil }
        (self.range, self.rows, self.id) = (range, UInt64(rows), id)
    }

    /// Returns nil for other names.
    init?(name: Substring) {
        let parts = name.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 4, let start = UInt64(parts[0]), let end = UInt64(parts[1]), start <= end,
            let rows = UInt64(parts[2]),
            parts[3].hasSuffix(".ndjson"), let id = UInt128(parts[3].dropLast(7), radix: 16)
        else { return nil }
        (range, self.rows, self.id) = (start..<end, rows, id)
        if self.name != name { return nil }
    }

    /// In the order of names, rows are in the order of the input.
    var name: String {
        let (start, end) = (padded(String(range.lowerBound), to: 20), padded(String(range.upperBound), to: 20))
        return "\(start)-\(end)-\(rows)-\(padded(String(id, radix: 16), to: 32)).ndjson"
    }
}

func padded(_ digits: String, to count: Int) -> String {
    String(repeating: "0", count: max(0, count - digits.count)) + digits
}

/// What the last message of an input states about the others.
struct Manifest: Decodable {
    var messages: Int
    var rows: UInt64
    var bytes: UInt64
    var idSum: String
    /// The spans without rows, `START-END`; nil if there were too many to list.
    var empty: [String]?
}

/// A folder with more messages than its manifest states: those of an input that was sent with other options too.
struct Excess: Error, CustomStringConvertible { var description: String }

/// Whether all rows of an input are there: their ranges tile it, and messages, rows and the sum of ids are the manifest's.
struct Proof {
    private var messages = 0
    private var rows: UInt64 = 0
    private var idSum: UInt128 = 0
    private var spans: [Range<UInt64>] = []

    mutating func add(_ part: RowPart) {
        messages += 1
        rows &+= part.rows
        idSum &+= part.id
        spans.append(part.range)
    }

    /// Returns what differs from the manifest, or nil.
    func contradiction(to manifest: Manifest) throws(Excess) -> String? {
        guard messages <= manifest.messages else {
            throw Excess(description: "there are \(messages) messages, more than the \(manifest.messages) of the manifest")
        }
        let idSum = padded(String(idSum, radix: 16), to: 32)
        guard (messages, rows, idSum) == (manifest.messages, manifest.rows, manifest.idSum) else {
            return "there are not all rows, or others too: \(messages) messages, \(rows) rows, the sum of ids \(idSum)"
        }
        guard let empty = manifest.empty else { return nil }
        var end: UInt64 = 0
        for span in (spans + empty.compactMap(Self.span)).sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if span.lowerBound != end { return "the ranges of the messages don't tile the input at byte \(end)" }
            end = span.upperBound
        }
        return end == manifest.bytes
            ? nil : "the ranges of the messages end at byte \(end), and not where the input does"
    }

    private static func span(_ text: String) -> Range<UInt64>? {
        let ends = text.split(separator: "-").compactMap { UInt64($0) }
        return ends.count == 2 && ends[0] <= ends[1] ? ends[0]..<ends[1] : nil
    }
}
