/// The tokenizer's state at a byte of the input, which boundaries carry forward.
package struct ReaderState: Sendable, Hashable {
    /// The byte's offset.
    package var offset: UInt64
    /// Whether the byte is inside quotes.
    package var isInside: Bool
    /// The offset and number of the record that contains the byte or starts there.
    package var recordStart: UInt64
    package var recordNumber: UInt64
    /// The physical line of the byte.
    package var line: UInt64

    /// Creates the state at a record's start.
    package init(_ record: RecordPosition) {
        offset = record.offset
        isInside = false
        recordStart = record.offset
        recordNumber = record.number
        line = record.line
    }

    /// Returns the first record that starts in the following range, at this byte or later, or nil if none does. A worker on
    /// that range begins there.
    package func firstRecord(in range: Boundary) -> RecordPosition? {
        if recordStart == offset { return RecordPosition(offset: recordStart, number: recordNumber, line: line) }
        let ends = isInside ? range.inside : range.outside
        guard let end = ends.first, end + 1 < range.length else { return nil }
        let lines = UInt64(ends.linesToFirst)
        return RecordPosition(offset: offset + UInt64(end) + 1, number: recordNumber + 1, line: line + lines)
    }

    /// Returns the state after the range that follows.
    package func after(_ range: Boundary) -> ReaderState {
        let lines = isInside ? range.inside : range.outside
        var state = self
        state.offset += UInt64(range.length)
        state.isInside = isInside != range.isOdd
        state.recordNumber += UInt64(lines.count)
        state.line += UInt64(range.lineEnds)
        if let last = lines.last { state.recordStart = offset + UInt64(last) + 1 }
        return state
    }
}
