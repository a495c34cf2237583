/// The start of a record: the offset of its first byte, counted from 0, and its number and physical line, counted from 1.
package struct RecordPosition: Sendable, Hashable {
    package var offset: UInt64
    package var number: UInt64
    package var line: UInt64

    package init(offset: UInt64, number: UInt64, line: UInt64) {
        self.offset = offset
        self.number = number
        self.line = line
    }

    /// The start of the input, header included.
    package static let start = RecordPosition(offset: 0, number: 1, line: 1)
}
