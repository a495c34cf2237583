import SluiceTesting

/// Generates small objects, with the rows that they should yield.
struct ContentWriter {
    private static let names = ["a", "b", "c"]

    private var random: SplitMix64
    /// Whether quotes in plain fields are data.
    private let isLenient: Bool

    init(seed: UInt64, isLenient: Bool) {
        random = SplitMix64(seed: seed)
        self.isLenient = isLenient
    }

    private mutating func oneIn(_ count: Int) -> Bool { Int(random.next() % UInt64(count)) == 0 }

    private mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

    mutating func content(_ key: String) -> Content {
        if oneIn(40) { return Content(key: key, bytes: [], rows: []) }
        let width = number(1...3)
        let names = Self.names.prefix(width)
        var lines = [names.joined(separator: ",")]
        var rows: [String]? = []
        for _ in 0..<(oneIn(8) ? 0 : number(0...(oneIn(3) ? 60 : 15))) {
            if oneIn(20) && width > 1 { lines.append("") }
            let values = (0..<width).map { _ in value() }
            lines.append(values.map(\.csv).joined(separator: ","))
            rows?.append("{" + zip(names, values).map { "\"\($0)\":\"\($1.json)\"" }.joined(separator: ",") + "}")
        }
        if oneIn(4) {
            rows = nil
            lines.insert(fault(width), at: number(1...lines.count))
            if oneIn(10) { lines[0] = width > 1 ? "a" + String(repeating: ",a", count: width - 1) : "\"a" }
        }
        let end = oneIn(4) ? "\r\n" : "\n"
        let text = lines.joined(separator: end) + (rows == nil || oneIn(4) ? "" : end)
        // A blank last line needs its line end; without it, there would be no such line.
        return Content(key: key, bytes: Array((text + (lines.last == "" ? end : "")).utf8), rows: rows)
    }

    /// Returns a content with bad lines among its physical lines, also among those of a quoted value.
    mutating func addingFaults(to content: Content) -> Content {
        var lines = content.bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map { Array($0) }
        if lines.count < 2 { return content }
        for _ in 0..<number(1...(oneIn(2) ? 3 : 20)) {
            lines.insert(Array(fault(number(1...3)).utf8), at: number(1...lines.count - 1))
        }
        return Content(key: content.key, bytes: Array(lines.joined(separator: [0x0A])), rows: nil)
    }

    /// Returns a field, and its text in JSON.
    private mutating func value() -> (csv: String, json: String) {
        let digits = "\(number(0...99_999))"
        switch number(0...7) {
        case 0: return ("\"\(digits),x\"", "\(digits),x")
        case 1: return ("\"\(digits)\ny\"", "\(digits)\\ny")
        case 2: return ("\"\(digits)\"\"z\"", "\(digits)\\\"z")
        case 3 where oneIn(4):
            let long = String(repeating: "long,\n", count: number(1...60))
            return ("\"\(long)\"", long.replacing("\n", with: "\\n"))
        default: return (digits, digits)
        }
    }

    /// Returns a line that is invalid CSV.
    private mutating func fault(_ width: Int) -> String {
        let rest = String(repeating: ",1", count: width - 1)
        switch number(0...3) {
        case 0: return "1" + rest + ",1"
        case 1: return isLenient ? "1" + rest + ",1" : "x\"y" + rest
        case 2: return "\"x\"y" + rest
        default: return "\"x" + rest
        }
    }
}
