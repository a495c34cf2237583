import SluiceCSV
import SluiceJSON

/// Where a run can be taken up: the place where the span of a segment starts, and so a record does.
package struct SegmentEntry: Sendable, Hashable {
    /// Offset of the record's first byte in the input.
    package var offset: UInt64
    /// The record's number, counted from 1.
    package var record: UInt64
    /// The physical line of that byte, counted from 1.
    package var line: UInt64

    package init(offset: UInt64, record: UInt64, line: UInt64) {
        self.offset = offset
        self.record = record
        self.line = line
    }

    package init(_ position: RecordPosition) {
        self.init(offset: position.offset, record: position.number, line: position.line)
    }

    package var position: RecordPosition { RecordPosition(offset: offset, number: record, line: line) }

    /// Where the input starts, header and all.
    package static let start = SegmentEntry(offset: 0, record: 1, line: 1)
}

/// Entries as members of JSON objects: `"offset":16777310,"record":204001,"line":204007`.
extension SegmentEntry {
    package var members: [(name: String, json: String)] {
        [("offset", "\(offset)"), ("record", "\(record)"), ("line", "\(line)")]
    }

    /// Reads those; nil if they are not there, or are no place of an input: others add to them.
    package init?(_ value: JSONValue) {
        guard let offset = value["offset"]?.measure, let record = value["record"]?.measure,
            let line = value["line"]?.measure
        else { return nil }
        self.init(reading: offset, record: record, line: line)
    }

    /// An entry from numbers that were read; nil if they are no place of an input.
    package init?(reading offset: UInt64, record: UInt64, line: UInt64) {
        guard offset <= Self.largest, 1...Self.largest ~= record, 1...Self.largest ~= line else { return nil }
        self.init(offset: offset, record: record, line: line)
    }

    private static var largest: UInt64 { 1 << 62 }
}

extension JSONValue {
    /// An offset or a count of an input that another run or invocation notes. Nil: it is none, or larger than any input has
    /// (2^48), so that whatever a note says, sums of thousands of them are numbers.
    package var measure: UInt64? { integer.flatMap { $0 <= 1 << 48 ? $0 : nil } }
}
