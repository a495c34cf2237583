import SluiceCSV

/// Encoded rows, one after the other, and where each of them ends.
package struct RowBuffer: ~Copyable {
    /// Bytes kept free after the rows, so that whole vectors can be written.
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

    private var memory = CheckedMemory()
    /// The memory's first byte; ``capacity`` bytes, the first ``count`` of them written.
    private(set) var base: UnsafeMutablePointer<UInt8>
    package private(set) var capacity = 0
    /// The capacity that the buffer begins with.
    private let usual: Int
    /// The capacity, or 0 when there is no room for another mark.
    private var limit = 0
    package internal(set) var count = 0
    /// Rows in the buffer.
    package internal(set) var rows = 0
    /// Whether ``marks`` are kept.
    let isMarked: Bool
    private var markMemory = CheckedMemory()

    /// An empty buffer, which takes its memory when the first row is to be written; `isMarked`: it is to remember where each
    /// row ends.
    package init(capacity: Int, isMarked: Bool) {
        usual = capacity + Self.slack
        self.isMarked = isMarked
        base = memory.base.assumingMemoryBound(to: UInt8.self)
    }

    /// The rows. Valid until the buffer is written to or cleared.
    package var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }

    package mutating func clear() {
        count = 0
        rows = 0
        limit = capacity
    }

    /// Takes the memory that the buffer begins with. False: there is none.
    package mutating func reserve() -> Bool { grow(for: 0) }

    /// Whether `size` bytes can be written, with slack after them, and marked.
    @inline(__always)
    func hasRoom(for size: Int) -> Bool { limit - count - Self.slack >= size }

    /// Makes room in an empty buffer for a row of `size` bytes, where that is more than the whole buffer has. False: there is
    /// no memory.
    package mutating func grow(for size: Int) -> Bool {
        guard !hasRoom(for: size) else { return true }
        if isMarked, markMemory.count == 0 {
            guard markMemory.grow(to: markCapacity * MemoryLayout<Mark>.stride, keeping: 0) else { return false }
        }
        guard memory.grow(to: max(usual, capacity * 2, count + size + Self.slack), keeping: count) else { return false }
        capacity = memory.count
        limit = capacity
        base = memory.base.assumingMemoryBound(to: UInt8.self)
        return true
    }
}

extension RowBuffer {
    /// The place of each row, if they are kept. Valid as ``bytes`` are.
    package var marks: UnsafeBufferPointer<Mark> {
        UnsafeBufferPointer(start: markBase, count: isMarked ? rows : 0)
    }

    /// Room for ``markCapacity`` marks, of which as many are written as there are rows.
    private var markBase: UnsafeMutablePointer<Mark> { markMemory.base.assumingMemoryBound(to: Mark.self) }

    /// As many as there are rows of 16 bytes; if they are shorter, the buffer is full before all of it is written.
    private var markCapacity: Int { max(1, usual / 16) }

    /// Marks the last row, for which there was room.
    @inline(__always)
    mutating func mark(_ mark: Mark) {
        (markBase + (rows - 1)).initialize(to: mark)
        if rows == markCapacity { limit = 0 }
    }

    /// A last record that the end of the input ends has no line end to count; `end` is where its bytes end.
    package mutating func clampLastMark(to end: UInt64) {
        guard isMarked, rows > 0 else { return }
        let last = markBase + (rows - 1)
        last.pointee.inputEnd = min(last.pointee.inputEnd, end)
    }
}
