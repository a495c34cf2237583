import SluiceCSV

/// Encoded rows, one behind the other, and where each of them ends.
package struct RowBuffer: ~Copyable {
    /// Bytes kept free behind the rows, so that whole vectors can be written.
    package static let slack = 128

    /// Where a row ends in the buffer, and where it is from.
    package struct Mark {
        /// Offset in the buffer just past the row's separator.
        package var outputEnd: Int
        /// Offset in the input of the record's first byte.
        package var inputStart: UInt64
        /// Offset in the input just past the record's line end.
        package var inputEnd: UInt64
        /// The record's number.
        package var number: UInt64
    }

    private var memory: CheckedMemory
    /// The memory's first byte; ``capacity`` bytes, the first ``count`` of them written.
    private(set) var base: UnsafeMutablePointer<UInt8>
    package private(set) var capacity: Int
    package internal(set) var count = 0
    /// Rows in the buffer.
    package internal(set) var rows = 0
    /// Whether ``marks`` are kept.
    let isMarked: Bool
    package internal(set) var marks: [Mark] = []

    /// An empty buffer; `isMarked`: it is to remember where each row ends.
    package init(capacity: Int, isMarked: Bool) {
        self.capacity = capacity + Self.slack
        self.isMarked = isMarked
        memory = CheckedMemory(usual: self.capacity)
        base = memory.base.assumingMemoryBound(to: UInt8.self)
    }

    /// The rows. Valid until the buffer is written to or cleared.
    package var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }

    /// A last record that the end of the input ends has no line end to count; `end` is where its bytes end.
    package mutating func clampLastMark(to end: UInt64) {
        if let last = marks.last, last.inputEnd > end { marks[marks.count - 1].inputEnd = end }
    }

    package mutating func clear() {
        count = 0
        rows = 0
        marks.removeAll(keepingCapacity: true)
    }

    /// Whether `size` bytes can be written, with slack behind them.
    @inline(__always)
    func hasRoom(for size: Int) -> Bool { capacity - count - Self.slack >= size }

    /// Makes room for a row of `size` bytes, where that is more than the whole buffer has. False: there is no memory.
    package mutating func grow(for size: Int) -> Bool {
        guard !hasRoom(for: size) else { return true }
        guard memory.grow(to: max(capacity * 2, count + size + Self.slack), keeping: count) else { return false }
        capacity = memory.count
        base = memory.base.assumingMemoryBound(to: UInt8.self)
        return true
    }
}
