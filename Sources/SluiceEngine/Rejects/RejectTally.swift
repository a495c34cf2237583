import SluiceCSV
import SluiceJSON

/// How many records were put aside, how many physical lines they take, and for what.
///
///     "rejects":{"lines":5,"codes":{"quoteInPlain":1,"raggedRecord":2}}
package struct RejectTally: Sendable, Hashable {
    package private(set) var lines: UInt64 = 0
    package private(set) var counts: [CSVError.Code: UInt64] = [:]

    package init() {}

    package var isEmpty: Bool { counts.isEmpty }

    /// The number of records.
    package var records: UInt64 { counts.values.reduce(0, &+) }

    /// The codes that occurred, in the order of the codes.
    package var kinds: [(code: CSVError.Code, count: UInt64)] {
        CSVError.Code.allCases.compactMap { code in counts[code].map { (code, $0) } }
    }

    package mutating func add(_ reject: Reject) {
        lines &+= reject.lines
        counts[reject.error.code, default: 0] &+= 1
    }

    /// Adds the tally of another part of the input. Numbers read from outside wrap around on overflow.
    package mutating func add(_ other: RejectTally) {
        lines &+= other.lines
        counts.merge(other.counts) { $0 &+ $1 }
    }

    /// The member of JSON objects; none if nothing was put aside.
    package var members: [(name: String, json: String)] { isEmpty ? [] : [("rejects", json)] }

    package var json: String {
        let codes = JSONWriter.object(kinds.map { ($0.code.rawValue, "\($0.count)") })
        return JSONWriter.object([("lines", "\(lines)"), ("codes", codes)])
    }

    /// Reads ``json``. Returns nil for anything else.
    package init?(_ value: JSONValue) {
        guard let lines = value["lines"]?.boundedInteger, let codes = value["codes"]?.members else { return nil }
        self.lines = lines
        for (name, value) in codes {
            guard let code = CSVError.Code(rawValue: name), let count = value.boundedInteger else { return nil }
            counts[code] = count
        }
    }
}
