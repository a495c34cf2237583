/// Where a record starts: its first byte, counted from 0, and its number and physical line, counted from 1.
package struct RecordPosition: Sendable, Hashable {
    package var offset: UInt64
    package var number: UInt64
    package var line: UInt64

    package init(offset: UInt64, number: UInt64, line: UInt64) {
        self.offset = offset
        self.number = number
        self.line = line
    }
}
