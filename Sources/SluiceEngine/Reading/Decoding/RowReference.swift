import SluiceCSV
import Synchronization

/// What containers know of their decoder: where the record is that is being decoded, and where keys lead to.
struct RowState {
    /// How many decoders have had this memory.
    var generation = 0
    /// The one that has it.
    var decoder: Unmanaged<RowDecoder>?
    /// The record; see ``CSVRecord``.
    var base: UnsafePointer<UInt8>?
    var ends: UnsafePointer<UInt32>?
    /// The number of its fields; 0 while no record is being decoded.
    var count = 0
    /// A table for each kind of key whose values are bytes; see ``KeyTables``.
    var columns: UnsafeMutablePointer<Int32>?
    /// Whether an empty value is nil where no string is asked for.
    var emptyIsNil = false
}

/// A reference to a decoder, which can be copied at no cost, and kept without harm.
///
/// The standard library copies a container for every value that is decoded. If a container held an object, each copy would be
/// counted, which takes longer than to read a number. So it holds an address, of which nobody counts copies. Types may keep a
/// container longer than its decoder lives. So the memory is never given back, only used again for other decoders, and a
/// reference states for which of them it was made:
///
///     decoder A takes a state     generation 1    A's containers refer to generation 1
///     A ends, B takes the state   generation 2    A's containers stop the process
///
/// A process keeps as many states, of 64 bytes, as it had decoders at a time.
struct RowReference: @unchecked Sendable {
    // Sendable, to be kept in `free`. One decoder has the state, and is used by one task at a time.
    let state: UnsafeMutablePointer<RowState>
    private let generation: Int

    private static let free = Mutex<[RowReference]>([])

    private init(_ state: UnsafeMutablePointer<RowState>) {
        state.pointee.generation += 1
        (self.state, generation) = (state, state.pointee.generation)
    }

    /// Takes a state that no decoder has.
    static func make() -> RowReference {
        if let used = free.withLock({ $0.popLast() }) { return RowReference(used.state) }
        let state = UnsafeMutablePointer<RowState>.allocate(capacity: 1)
        state.initialize(to: RowState())
        return RowReference(state)
    }

    /// Gives the state back. The decoder must not use it any more; its containers may.
    func end() {
        state.pointee = RowState(generation: state.pointee.generation + 1)
        Self.free.withLock { $0.append(self) }
    }

    /// The decoder, which must be decoding a record.
    var decoder: RowDecoder {
        guard isValid, state.pointee.count > 0, let decoder = state.pointee.decoder else {
            // No input causes this, only a program that keeps what it must not, as with an index out of range. Not all
            // requirements of a container can throw. Unlike a precondition's, the text is printed by optimized programs too.
            fatalError("a type that CSVDecoder decoded uses its decoder or container after init(from:)")
        }
        // The decoder exists, since it gives its state back before it ends.
        return decoder.takeUnretainedValue()
    }

    /// Whether the decoder exists.
    @inline(__always)
    var isValid: Bool { state.pointee.generation == generation }

    /// Returns the bytes of a column's field, which are valid until the next record; nil if there is no such field, if `column`
    /// is negative, or if no record is being decoded.
    @inline(__always)
    func bytes(of column: Int) -> UnsafeBufferPointer<UInt8>? {
        // A negative number is the largest.
        guard UInt(bitPattern: column) < UInt(bitPattern: state.pointee.count) else { return nil }
        // There are addresses where there are fields.
        let (base, ends) = unsafe (state.pointee.base.unsafelyUnwrapped, state.pointee.ends.unsafelyUnwrapped)
        let (last, entry) = (ends[column &- 1], ends[column])
        return UnsafeBufferPointer(
            start: base + CSVField.start(after: last, entry),
            count: CSVField.size(after: last, entry) >> 1
        )
    }
}
