/// The tokenizer's state at a byte of the input, which boundaries carry forward.
package struct ReaderState: Sendable, Hashable {
    /// The byte's offset.
    package var offset: UInt64
    /// Where the byte stands.
    package var place: Boundary.Place
    /// The offset and number of the record that contains the byte or starts there.
    package var recordStart: UInt64
    package var recordNumber: UInt64
    /// The physical line of the byte.
    package var line: UInt64

    /// Creates the state at a record's start.
    package init(_ record: RecordPosition) {
        offset = record.offset
        place = .recordStart
        recordStart = record.offset
        recordNumber = record.number
        line = record.line
    }

    /// Returns the first record that starts in the following range, at this byte or later, or nil if none does. A worker on
    /// that range begins there.
    package func firstRecord(in range: Boundary) -> RecordPosition? {
        if recordStart == offset { return RecordPosition(offset: recordStart, number: recordNumber, line: line) }
        let path = range.path(from: place)
        guard let end = path.first, end + 1 < range.length else { return nil }
        let lines = UInt64(path.linesToFirst)
        return RecordPosition(offset: offset + UInt64(end) + 1, number: recordNumber + 1, line: line + lines)
    }

    /// Returns the state after the range that follows.
    package func after(_ range: Boundary) -> ReaderState {
        let path = range.path(from: place)
        var state = self
        state.offset += UInt64(range.length)
        state.place = path.exit
        state.recordNumber += UInt64(path.count)
        state.line += UInt64(range.lineEnds)
        if let last = path.last { state.recordStart = offset + UInt64(last) + 1 }
        return state
    }
}
