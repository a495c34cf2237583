import SluiceCSV
import SluiceJSON

/// Positions as members of JSON objects: `"offset":16777310,"record":204001,"line":204007`.
extension RecordPosition {
    package var members: [(name: String, json: String)] {
        [("offset", "\(offset)"), ("record", "\(number)"), ("line", "\(line)")]
    }

    /// Reads those members. Returns nil if one is missing or out of range.
    package init?(_ value: JSONValue) {
        guard let offset = value["offset"]?.boundedInteger, let number = value["record"]?.boundedInteger,
            let line = value["line"]?.boundedInteger
        else { return nil }
        self.init(reading: offset, number: number, line: line)
    }

    /// Creates a position from untrusted numbers. Returns nil if they are out of range: later code adds to them.
    package init?(reading offset: UInt64, number: UInt64, line: UInt64) {
        guard offset <= Self.largest, 1...Self.largest ~= number, 1...Self.largest ~= line else { return nil }
        self.init(offset: offset, number: number, line: line)
    }

    private static var largest: UInt64 { 1 << 62 }
}

extension JSONValue {
    /// An offset or a count that another run or invocation wrote. Nil if it exceeds 2^48, more than any input has, so that
    /// no sum of thousands of them overflows.
    package var boundedInteger: UInt64? { integer.flatMap { $0 <= 1 << 48 ? $0 : nil } }
}
