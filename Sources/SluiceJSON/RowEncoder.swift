import CSluiceKernels
import SluiceCSV

/// Encodes records as rows of JSON.
///
/// A row alternates keys and values, both copied in whole vectors: `{"a":"` 1 `","b":"` 2 `"}` ⏎. A value is examined only if
/// its index entry is marked dirty. Room is checked once per row, for the most that it can take: ``RowTexts/growth`` bytes for
/// each of a value.
@safe package struct RowEncoder: ~Copyable {
    package enum Stop {
        /// The stretch has no more records before the limit.
        case done
        /// The buffer has no room for the next row.
        case full
        /// The next record is invalid or must be read byte by byte.
        case record
        /// There is not enough memory for the next row.
        case noMemory
        /// A value of the next record breaks its column's rule; see ``RowEncoder/fault``.
        case invalid
    }

    let texts: RowTexts
    /// That of ``texts``, which own what it points to.
    private var format: sluice_row_format
    let kernel: Kernel
    let dialect: Dialect
    let skipsBlankLines: Bool
    /// Keys of surplus fields, rendered on first use.
    var extraKeys: [[UInt8]] = []
    var extraNames: Header.ExtraNames?
    /// Ragged records of stretches that became rows.
    var repairs = Repairs()
    /// Builds the rows that kernels don't write; nil without a plan.
    let planned: PlannedRow?
    var memory = PlannedRow.Memory()
    /// Why the last call stopped with ``Stop/invalid``.
    package internal(set) var fault: CSVError?
    /// Counts lines, if rows hold them.
    package var lines: LineFinder
    /// Whether rows are only checked and counted.
    private let countsOnly: Bool

    /// Creates an encoder for an input whose header is known.
    package init(
        texts: RowTexts,
        dialect: Dialect,
        skipsBlankLines: Bool,
        kernel: Kernel,
        lines: LineFinder,
        countsOnly: Bool
    ) {
        self.texts = texts
        self.dialect = dialect
        self.skipsBlankLines = skipsBlankLines
        self.kernel = kernel
        self.lines = lines
        self.countsOnly = countsOnly
        planned = texts.plan.map { PlannedRow($0, dialect) }
        unsafe format = texts.format
    }

    /// Returns the ragged records since the last call.
    package mutating func takeRepairs() -> Repairs { repairs.take() }

    /// Encodes the records of the stretch that start before the offset `limit` in it, and advances the index past them.
    ///
    /// `offset` is the offset in the input of the stretch's first byte.
    package mutating func encode(
        _ index: inout StructuralIndex,
        limit: Int,
        offset: UInt64,
        into buffer: inout RowBuffer
    ) -> Stop {
        while index.next < index.completeCount, index.start < limit {
            let stop =
                if texts.writesMembers {
                    encodeMembers(&index, limit: limit, offset: offset, into: &buffer)
                } else {
                    encodeRegularRows(&index, limit: limit, offset: offset, into: &buffer)
                }
            if stop != .record { return stop }
            if let stop = encodeIrregularRow(&index, offset: offset, into: &buffer) { return stop }
        }
        return .done
    }

    /// Encodes records as long as each has one field for every column.
    private mutating func encodeRegularRows(
        _ index: inout StructuralIndex,
        limit: Int,
        offset: UInt64,
        into buffer: inout RowBuffer
    ) -> Stop {
        // The index, the tables and the buffer are valid during the call, in which the kernel writes where the buffer has room.
        var place = unsafe buffer.place(in: index, limit: limit, offset: offset)
        let stop = unsafe kernel.writeRows(&format, &place)
        unsafe buffer.take(place)
        (index.next, index.start, index.number) = unsafe (place.next, place.start, place.number)
        switch stop {
        case SLUICE_ROWS_DONE: return .done
        case SLUICE_ROWS_FULL: return .full
        default: return .record
        }
    }

    /// Encodes records as long as kernels can write their members. None, if kernels can't write those of this plan.
    private mutating func encodeMembers(
        _ index: inout StructuralIndex,
        limit: Int,
        offset: UInt64,
        into buffer: inout RowBuffer
    ) -> Stop {
        guard let table = texts.members else { return .record }
        // As above.
        var members = unsafe table.members
        var place = unsafe buffer.place(in: index, limit: limit, offset: offset)
        let countsLines = unsafe members.counts_lines != 0
        if countsLines { unsafe place.line = lines.line(of: offset + UInt64(index.start)) ?? 0 }
        let stop = unsafe (countsOnly ? kernel.checkMembers : kernel.writeMembers)(&format, &members, &place)
        unsafe buffer.take(place)
        (index.next, index.start, index.number) = unsafe (place.next, place.start, place.number)
        if countsLines, index.start <= index.bytes.count {
            lines.know(unsafe place.line, of: offset + UInt64(index.start))
        }
        switch stop {
        case SLUICE_ROWS_DONE: return .done
        case SLUICE_ROWS_FULL: return .full
        default: return .record
        }
    }

    /// Writes the value of the field from `start` to the entry `end`, for which the buffer has room.
    mutating func appendValue(_ start: Int, _ end: UInt32, of index: StructuralIndex, to buffer: inout RowBuffer) {
        // As above.
        var place = unsafe buffer.place(in: index, limit: 0, offset: 0)
        if let target = unsafe kernel.writeValue(&format, &place, start, end, buffer.end) {
            unsafe buffer.advance(to: target)
        }
    }

    /// Returns whether the next record of the stretch, whose first entry is `end`, has no bytes.
    @inline(__always)
    func isBlank(_ index: StructuralIndex, end: UInt32) -> Bool {
        index.contentEnd(of: end) == index.start
    }

    /// Writes what follows the last value, for which the target has room.
    @inline(__always)
    func closeRow(_ target: UnsafeMutablePointer<UInt8>) -> UnsafeMutablePointer<UInt8> {
        unsafe UnsafeMutableRawPointer(target).storeBytes(of: format.end, as: UInt64.self)
        return unsafe target + format.end_length
    }

    @inline(__always)
    func mark(_ index: StructuralIndex, end: Int, offset: UInt64, in buffer: inout RowBuffer) {
        buffer.mark(
            RowBuffer.Mark(
                outputEnd: buffer.count,
                plainEnd: buffer.count - buffer.added,
                inputStart: offset + UInt64(index.start),
                inputEnd: offset + UInt64(end),
                number: index.number
            )
        )
    }
}
