import CSluiceKernels
import SluicePlatform

/// The index of a stretch of whole records, and the reader's position in it.
///
/// `fieldEnds` has an entry for every field, in order: the offset of the byte after it, shifted left by ``shift``, and flags.
/// For `a,"b"⏎` these are `1<<4` and `5<<4 | quoted | record`. A reader takes a record's entries from `next` on, then advances
/// `next`, `start` and `number` to the record after it. The field after an entry starts one byte after the entry's offset.
///
/// The pointers are safe to use: an index is valid until the tokenizer that made it takes its next step or another window, all
/// offsets of the entries below `completeCount` lie in the window, and readers do not go beyond `completeCount`.
@usableFromInline package struct StructuralIndex {
    // Computed and inlinable, so that other modules see constants. A test compares them with the kernels' SLUICE_END_… values.
    @inlinable package static var dirty: UInt32 { 1 }
    @inlinable package static var quoted: UInt32 { 2 }
    @inlinable package static var record: UInt32 { 4 }
    @inlinable package static var crlf: UInt32 { 8 }
    @inlinable package static var shift: UInt32 { 4 }

    /// The stretch's first byte; offsets count from here.
    package var bytes: UnsafePointer<UInt8>
    package var fieldEnds: UnsafePointer<UInt32>
    /// A bit for each byte of a value that cannot be copied into JSON unchanged.
    package var escapeMask: UnsafePointer<UInt64>
    /// The number of entries of records that are complete and valid.
    package var completeCount: Int
    /// The entry of the next record's first field.
    package var next = 0
    /// The offset of the next record's first byte.
    package var start = 0
    /// The number of the next record.
    package var number: UInt64
    /// The window offset of the stretch's first byte.
    package var origin: Int
    /// Whether some CR outside quotes has no LF after it: it ends a record, or is data.
    package var hasBareCR = false

    /// Returns the offset of the delimiter or line end that an entry describes.
    @inlinable @inline(__always)
    package static func offset(_ end: UInt32) -> Int { Int(end >> shift) }
}

extension StructuralIndex {
    /// Notes the bare CRs of the fields read since `before` was this index. `offset` is the offset in the input of the
    /// stretch's first byte; `count` bytes from there on are in memory.
    package func noteBareCRs(since before: StructuralIndex, offset: UInt64, count: Int, in repairs: inout Repairs) {
        var (start, number, field) = (before.start, before.number, 1)
        for entry in before.next..<next {
            let end = fieldEnds[entry]
            let place = StructuralIndex.offset(end)
            let isData = end & StructuralIndex.quoted == 0
            let inside = isData ? (start..<contentEnd(of: end)).first { bytes[$0] == 0x0D } : nil
            let endsRecord = end & StructuralIndex.record != 0 && place < count && bytes[place] == 0x0D
            if let found = inside ?? (endsRecord ? place : nil) {
                repairs.note(.bareCR, at: Repairs.Place(offset: offset + UInt64(found), record: number, field: field))
            }
            start = place + 1
            let isLast = end & StructuralIndex.record != 0
            field = isLast ? 1 : field + 1
            number += isLast ? 1 : 0
        }
    }
}

/// Memory for the index of one stretch, reused for the next.
struct IndexStorage: ~Copyable {
    private var capacity = 0
    private var memory = CheckedMemory()

    var fieldEnds: UnsafeMutablePointer<UInt32> {
        (memory.base + Self.escapeMaskSize(capacity)).assumingMemoryBound(to: UInt32.self)
    }

    /// First in the memory, whose start is aligned for it.
    var escapeMask: UnsafeMutablePointer<UInt64> { memory.base.assumingMemoryBound(to: UInt64.self) }

    // The sizes that the kernel's contract requires, and one more word that `escape` may read.
    private static func escapeMaskSize(_ capacity: Int) -> Int { 8 * (capacity / 64 + 2) }
    private static func size(_ capacity: Int) -> Int { escapeMaskSize(capacity) + 4 * (capacity + 80) }

    /// Reserves memory for the index of `count` bytes. Returns false, with nothing changed, if there is not enough memory.
    mutating func reserve(_ count: Int) -> Bool {
        guard count > capacity else { return true }
        let count = max(count, Tokenizer.usualStretch)
        guard memory.replace(by: Self.size(count)) else { return false }
        capacity = count
        return true
    }

    /// Indexes `count` bytes from a record's start on, for which memory was reserved. If `isLast`, the input ends after them.
    mutating func fill(
        _ bytes: UnsafePointer<UInt8>,
        count: Int,
        isLast: Bool,
        dialect: sluice_dialect,
        kernel: Kernel
    ) -> sluice_index {
        var found = sluice_index()
        kernel.functions.pointee.index(bytes, count, isLast ? 1 : 0, dialect, fieldEnds, escapeMask, &found)
        return found
    }
}
