/// The index of a stretch of whole records, and the reader's position in it.
///
/// `fieldEnds` has an entry for every field, in order: the offset of the byte after it, shifted left by ``shift``, and flags.
/// For `a,"b"⏎` these are `1<<4` and `5<<4 | quoted | record`. A reader takes a record's entries from `next` on, then advances
/// `next`, `start` and `number` to the record after it. The field after an entry starts one byte after the entry's offset.
///
/// An index is a handle on the tokenizer's memory, valid until the tokenizer takes its next step or another window. Entries
/// below ``completeCount`` can be read, and all of their offsets lie in ``bytes``.
@safe @usableFromInline package struct StructuralIndex {
    // Computed and inlinable, so that other modules see constants. A test compares them with the kernels' SLUICE_END_… values.
    @inlinable package static var dirty: UInt32 { 1 }
    @inlinable package static var quoted: UInt32 { 1 << quotedShift }
    @inlinable package static var record: UInt32 { 4 }
    @inlinable package static var crlf: UInt32 { 1 << crlfShift }
    @_transparent @usableFromInline package static var quotedShift: UInt32 { 1 }
    @_transparent @usableFromInline package static var crlfShift: UInt32 { 3 }
    @_transparent @usableFromInline package static var shift: UInt32 { 4 }

    /// The stretch; offsets count from its first byte.
    package let bytes: ByteView
    /// The entries. Unlike ``subscript(_:)``, a loop that walks this pointer checks nothing.
    @usableFromInline package let fieldEnds: UnsafePointer<UInt32>
    /// One bit per byte of the stretch, set if the byte needs escaping; followed by one spare word.
    package let escapeMask: UnsafePointer<UInt64>
    /// The number of entries of records that are complete and valid.
    @usableFromInline package var completeCount = 0
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

    /// Creates the index of a stretch, still without entries, in memory of at least ``size(for:)`` bytes. The mask comes first,
    /// since the memory's start is aligned for it.
    init(_ bytes: ByteView, in memory: UnsafeMutableRawPointer, number: UInt64, origin: Int) {
        self.bytes = bytes
        unsafe escapeMask = UnsafePointer(memory.assumingMemoryBound(to: UInt64.self))
        let entries = unsafe memory + Self.maskSize(for: bytes.count)
        unsafe fieldEnds = UnsafePointer(entries.assumingMemoryBound(to: UInt32.self))
        self.number = number
        self.origin = origin
    }

    /// Returns the size of the memory that the kernels require for the index of `count` bytes.
    static func size(for count: Int) -> Int { maskSize(for: count) + 4 * (count + 80) }

    /// A word more than the kernels write, which `write_escaped` may read.
    private static func maskSize(for count: Int) -> Int { 8 * (count / 64 + 2) }

    /// Returns the offset of the delimiter or line end that an entry describes.
    @inlinable @inline(__always)
    package static func offset(_ end: UInt32) -> Int { Int(end >> shift) }
}

extension StructuralIndex {
    /// The entry at a place below ``completeCount``.
    @inlinable @inline(__always)
    package subscript(_ entry: Int) -> UInt32 {
        assert(entry >= 0 && entry < completeCount, "not an entry of a complete record")
        // Valid by the contract of this handle. Not checked in release builds: it is read once for each field.
        return unsafe fieldEnds[entry]
    }

    /// The entry that ends the next record. Call it only if there is one: `next` is below ``completeCount``.
    @inline(__always)
    package var lastOfRecord: Int {
        var last = next
        while self[last] & StructuralIndex.record == 0 { last += 1 }
        return last
    }

    /// Returns the offset where the content before entry `end` ends: the delimiter, the line end, or the CR of a CR LF.
    @inlinable @inline(__always)
    package func contentEnd(of end: UInt32) -> Int {
        StructuralIndex.offset(end) - (end & StructuralIndex.crlf == 0 ? 0 : 1)
    }

    /// Notes the bare CRs of the fields read since `before` was this index. `offset` is the offset in the input of the
    /// stretch's first byte.
    package func noteBareCRs(since before: StructuralIndex, offset: UInt64, in repairs: inout Repairs) {
        var (start, number, field) = (before.start, before.number, 1)
        for entry in before.next..<next {
            let end = self[entry]
            let place = StructuralIndex.offset(end)
            let isData = end & StructuralIndex.quoted == 0
            let inside = isData ? (start..<contentEnd(of: end)).first { bytes[$0] == 0x0D } : nil
            let endsRecord = end & StructuralIndex.record != 0 && place < bytes.count && bytes[place] == 0x0D
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
