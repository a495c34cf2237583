import CSluiceKernels
import SluiceCSV
import SluicePlatform

/// Encoded rows in sequence, and the end of each.
///
/// The contract for those who write through ``end``: after ``hasRoom(for:)`` returned true they write at most that many bytes, and
/// ``slack`` bytes more that do not count, then call ``advance(to:)``.
@safe package struct RowBuffer: ~Copyable {
    /// The number of bytes kept free after the rows, so that whole vectors can be written.
    package static let slack = Int(SLUICE_ROW_SLACK)

    /// A row's end in the buffer, and its record in the input. Has the layout of `sluice_row_mark`, which a test compares.
    package struct Mark {
        /// Offset in the buffer just past the row's separator.
        package var outputEnd: Int
        /// The same, if rows were not rendered as the inside of a string.
        package var plainEnd: Int
        /// Offset in the input of the record's first byte.
        package var inputStart: UInt64
        /// Offset in the input just past the record's line end.
        package var inputEnd: UInt64
        /// The record's number.
        package var number: UInt64
    }

    private var memory = CheckedMemory()
    /// The first of ``capacity`` bytes of ``memory``, of which ``count`` are written.
    private var base: UnsafeMutablePointer<UInt8>
    package private(set) var capacity = 0
    /// The initial capacity.
    private let usual: Int
    /// The capacity, or 0 if there is no room for another mark.
    private var limit = 0
    package private(set) var count = 0
    /// How many of these bytes are there only because the rows go into a string. Counted where rows are marked.
    var added = 0
    /// The number of rows in the buffer.
    package internal(set) var rows = 0
    /// The most rows that the buffer takes.
    package var mostRows = Int.max
    /// Whether the buffer keeps ``marks``.
    let isMarked: Bool
    private var markMemory = CheckedMemory()

    /// Creates an empty buffer, which allocates its memory when the first row is written. If `isMarked`, it records where each
    /// row ends.
    package init(capacity: Int, isMarked: Bool) {
        usual = capacity + Self.slack
        self.isMarked = isMarked
        unsafe base = memory.base.assumingMemoryBound(to: UInt8.self)
    }

    /// The rows. Valid until the buffer is written to or cleared.
    package var bytes: UnsafeRawBufferPointer { unsafe UnsafeRawBufferPointer(start: base, count: count) }

    /// The place after the rows.
    @inline(__always)
    var end: UnsafeMutablePointer<UInt8> { unsafe base + count }

    /// Counts what was written up to `end`.
    @inline(__always)
    mutating func advance(to end: UnsafeMutablePointer<UInt8>) { unsafe count = end - base }

    /// Appends bytes, for which there must be room.
    mutating func append(_ bytes: some Collection<UInt8>) {
        let free = unsafe UnsafeMutableBufferPointer(start: end, count: capacity - count)
        count += unsafe free.update(fromContentsOf: bytes)
    }

    /// Counts rows that are not written.
    package mutating func count(_ rows: Int) { self.rows += rows }

    package mutating func clear() {
        count = 0
        added = 0
        rows = 0
        limit = capacity
    }

    /// Allocates the initial memory. Returns whether it succeeded.
    package mutating func reserve() -> Bool { grow(for: 0) }

    /// Returns where a kernel writes rows of that index.
    @inline(__always)
    func place(in index: StructuralIndex, limit: Int, offset: UInt64) -> sluice_rows {
        unsafe sluice_rows(
            bytes: index.bytes.base,
            field_ends: index.fieldEnds,
            escape_mask: index.escapeMask,
            complete_count: index.completeCount,
            limit: limit,
            offset: offset,
            next: index.next,
            start: index.start,
            number: index.number,
            output: base,
            target: end,
            room: self.limit - count - Self.slack,
            count: rows,
            most: min(isMarked ? markCapacity : .max, mostRows),
            added: added,
            marks: isMarked ? markMemory.base.assumingMemoryBound(to: sluice_row_mark.self) : nil,
            line: 0
        )
    }

    /// Counts the rows that a kernel wrote there.
    @inline(__always)
    mutating func take(_ place: sluice_rows) {
        unsafe advance(to: place.target)
        rows = unsafe place.count
        added = unsafe place.added
        if rows == markCapacity, isMarked { limit = 0 }
    }

    /// Returns whether there is room for a row of `size` bytes, the slack after it, and its mark.
    @inline(__always)
    func hasRoom(for size: Int) -> Bool { limit - count - Self.slack >= size && rows < mostRows }

    /// Makes room in an empty buffer for a row of `size` bytes, even if that is more than its capacity. Returns false if
    /// there is not enough memory.
    package mutating func grow(for size: Int) -> Bool {
        guard !hasRoom(for: size) else { return true }
        if isMarked, markMemory.count == 0 {
            guard markMemory.grow(to: markCapacity * MemoryLayout<Mark>.stride, keeping: 0) else { return false }
        }
        guard memory.grow(to: max(usual, capacity * 2, count + size + Self.slack), keeping: count) else { return false }
        capacity = memory.count
        limit = capacity
        unsafe base = memory.base.assumingMemoryBound(to: UInt8.self)
        return true
    }
}

extension RowBuffer {
    /// The mark of each row, if they are kept. Valid as long as ``bytes`` are.
    package var marks: UnsafeBufferPointer<Mark> {
        unsafe UnsafeBufferPointer(start: markBase, count: isMarked ? rows : 0)
    }

    /// Memory for ``markCapacity`` marks, of which one per row is written.
    private var markBase: UnsafeMutablePointer<Mark> { unsafe markMemory.base.assumingMemoryBound(to: Mark.self) }

    /// The number of rows of 16 bytes that fit. If rows are shorter, the buffer counts as full before all of it is written.
    private var markCapacity: Int { max(1, usual / 16) }

    /// Marks the last row.
    @inline(__always)
    mutating func mark(_ mark: Mark) {
        // ``hasRoom(for:)`` was true before the row was written, so there is room for its mark.
        unsafe (markBase + (rows - 1)).initialize(to: mark)
        if rows == markCapacity { limit = 0 }
    }

    /// Limits the last mark to `end`, where the input's bytes end: a last record that the end of the input ends has no line
    /// end.
    package mutating func clampLastMark(to end: UInt64) {
        guard isMarked, rows > 0 else { return }
        // The last of the marks that were written.
        let last = unsafe markBase + (rows - 1)
        unsafe last.pointee.inputEnd = min(last.pointee.inputEnd, end)
    }
}
