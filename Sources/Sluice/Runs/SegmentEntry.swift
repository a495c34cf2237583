/// Where a run can be taken up: the place where the span of a segment starts, and so a record does.
package struct SegmentEntry: Sendable, Hashable {
    /// Offset of the record's first byte in the input.
    package var offset: UInt64
    /// The record's number, counted from 1.
    package var record: UInt64

    package init(offset: UInt64, record: UInt64) {
        self.offset = offset
        self.record = record
    }

    /// Where the input starts, header and all.
    package static let start = SegmentEntry(offset: 0, record: 1)
}
