import CSluiceKernels
import SluiceCSV
import SluicePlatform

/// What the values of each column are, counted in constant memory: see sluice_profile.h.
///
///     var profile = TableProfile(width: 3)
///     profile.add(&index, limit: end, quote, kernel)    // regular records, by a kernel
///     profile.add(fields)                              // any other record
///     total.merge(&profile)                            // the profile of the range before it
///
/// Profiles of ranges merge in the order of the ranges. Which ranges there are must depend on the input alone, for frequent
/// values depend on them.
@safe package struct TableProfile: ~Copyable {
    /// What the profile's tables lie in. Owned by this object, as all that ``profile`` points to.
    private var memory = CheckedMemory()
    private var profile = unsafe sluice_profile()
    /// Where kernels write values without doubled quotes.
    private var scratch = CheckedMemory()
    /// Where a value is copied to that does not stand in the input as it is.
    private var copy: [UInt8] = []

    package init() { unsafe profile.width = 0 }

    package var width: Int { unsafe profile.width }
    package var rows: UInt64 { unsafe profile.rows }

    /// Allocates the memory for a table of that width. Returns whether there is enough.
    package mutating func reserve(width: Int) -> Bool {
        guard width > 0, memory.replace(by: sluice_profile_size(width)) else { return width == 0 }
        // The memory is large enough, and zeros.
        unsafe sluice_profile_lay_out(&profile, memory.base, width)
        return true
    }

    /// Adds records of an index that start before `limit`, an offset in its stretch, and advances the index past them.
    ///
    /// - Returns: Whether it stopped before a record that is blank, or has not one field for every column.
    package mutating func add(_ index: inout StructuralIndex, limit: Int, quote: UInt8, _ kernel: Kernel) -> Bool {
        let room = index.bytes.count + Window.padding
        // Without memory for values, records are added one by one.
        if scratch.count < room, !scratch.replace(by: max(room, 1 << 16)) { return true }
        // The index is valid during the call, and there is room for any of its values.
        var place = unsafe sluice_profile_place(
            bytes: index.bytes.base,
            field_ends: index.fieldEnds,
            complete_count: index.completeCount,
            limit: limit,
            next: index.next,
            start: index.start,
            number: index.number,
            quote: quote,
            scratch: scratch.base.assumingMemoryBound(to: UInt8.self)
        )
        let isStopped = unsafe kernel.profileRows(&profile, &place) != 0
        (index.next, index.start, index.number) = unsafe (place.next, place.start, place.number)
        return isStopped
    }

    /// Adds a record that was read byte by byte. Fields without a column are left out.
    package mutating func add(_ record: SlowRecordParser, in window: Window, _ dialect: Dialect) {
        add(ParsedFields(record, in: window, dialect))
    }

    /// Adds the next record of an index, which has `count` fields.
    package mutating func add(next index: StructuralIndex, count: Int, quote: UInt8) {
        add(IndexedFields(index, count: count, origin: 0, quote: quote))
    }

    private mutating func add(_ fields: some RecordFields) {
        for column in 0..<width {
            guard column < fields.count else {
                add([], to: column)
                continue
            }
            let (text, _) = fields.text(of: column, orCopyTo: &copy)
            if let text { copy = text.array }
            // With an escape character, missing values are compared before it is removed.
            if let escaped = fields.escapedText(of: column), escaped.holds(Self.escapedMissing) { copy = escaped.array }
            add(copy, to: column)
        }
        unsafe profile.rows += 1
    }

    private static let escapedMissing = Array("\\N".utf8)

    private mutating func add(_ value: [UInt8], to column: Int) {
        let padded = value + [UInt8](repeating: 0, count: Window.padding)
        // The column exists, and the bytes after the value are readable.
        unsafe padded.withUnsafeBufferPointer {
            unsafe sluice_profile_add_value(&profile, column, $0.baseAddress, value.count)
        }
    }

    /// Adds the profile of the next range of the same table, and empties it.
    package mutating func merge(_ next: inout TableProfile) {
        guard next.width == width, width > 0 else { return }
        // Both have tables of the same sizes.
        unsafe sluice_profile_flush(&profile)
        unsafe sluice_profile_flush(&next.profile)
        unsafe sluice_profile_merge(&profile, &next.profile)
        unsafe sluice_profile_reset(&next.profile)
    }

    package mutating func reset() {
        guard width > 0 else { return }
        unsafe sluice_profile_reset(&profile)
    }

    /// What is known of each column.
    package mutating func columns() -> [ColumnProfile] {
        guard width > 0 else { return [] }
        unsafe sluice_profile_flush(&profile)
        return (0..<width).map { number in
            // The column exists, and is read during this call only.
            unsafe ColumnProfile(
                profile.columns[number],
                ways: 4 << profile.set_bits,
                distinct: sluice_profile_distinct(&profile, number)
            )
        }
    }
}
