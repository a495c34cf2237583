import SluiceCSV

/// Encodes records as rows of JSON.
///
/// A row alternates keys and values, both copied in whole vectors: `{"a":"` 1 `","b":"` 2 `"}` ⏎. A value is examined only if
/// its index entry is marked dirty. Room is checked once per row, for the most that it can take: ``KeyTable/growth`` bytes for
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
    }

    let keys: KeyTable
    let escapes: EscapeTable
    /// Counts the bytes of values that are there only because the row goes into a string. Owned by this encoder.
    let added: UnsafeMutablePointer<Int>
    /// The kernel's escaping function for these rows, if the dialect's quote is the character that JSON escapes.
    let writeEscaped: Kernel.WriteEscaped?
    let writeNested: Kernel.WriteNested?
    let dialect: Dialect
    let skipsBlankLines: Bool
    /// Whether rows are checked and counted, and regular ones not written.
    private let countsOnly: Bool
    /// Keys of surplus fields, rendered on first use.
    var extraKeys: [[UInt8]] = []
    var extraNames: Header.ExtraNames?
    /// Ragged records of stretches that became rows.
    var repairs = Repairs()

    /// Creates an encoder for an input whose header is known.
    package init(
        keys: KeyTable,
        dialect: Dialect,
        skipsBlankLines: Bool,
        kernel: Kernel,
        countsOnly: Bool = false
    ) {
        self.countsOnly = countsOnly
        self.keys = keys
        self.dialect = dialect
        self.skipsBlankLines = skipsBlankLines
        escapes = EscapeTable(quote: dialect.quote, isEscaped: keys.isEscaped)
        let isUsual = dialect.quote == UInt8(ascii: "\"")
        unsafe writeEscaped = isUsual && !keys.isEscaped ? kernel.writeEscaped : nil
        unsafe writeNested = isUsual && keys.isEscaped ? kernel.writeNested : nil
        unsafe added = .allocate(capacity: 1)
        unsafe added.initialize(to: 0)
    }

    deinit { unsafe added.deallocate() }

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
                countsOnly
                ? countRegularRows(&index, limit: limit, into: &buffer)
                : encodeRegularRows(&index, limit: limit, offset: offset, into: &buffer)
            if stop != .record { return stop }
            if let stop = encodeIrregularRow(&index, offset: offset, into: &buffer) { return stop }
        }
        return .done
    }

    /// Encodes records as long as each has one field for every column.
    @inline(__always)
    private func encodeRegularRows(
        _ index: inout StructuralIndex,
        limit: Int,
        offset: UInt64,
        into buffer: inout RowBuffer
    ) -> Stop {
        let width = keys.width
        let checksBlank = width == 1 && dialect.blankLines != .skip
        // The table and the index are valid during the call. Entries are below `completeCount`, and there is room.
        return unsafe escapes.entries.withUnsafeBufferPointer { table in
            let writer = unsafe writer(of: index, table)
            while index.next < index.completeCount, index.start < limit {
                let last = index.next + width - 1
                guard last < index.completeCount, index[last] & StructuralIndex.record != 0 else { return .record }
                if checksBlank, isBlank(index, end: index[last]) { return .record }
                let rowEnd = StructuralIndex.offset(index[last])
                let size = keys.emptyRowLength + keys.growth * (rowEnd - index.start)
                guard buffer.hasRoom(for: size) else { return .full }
                guard let end = unsafe writeFields(of: index, writer, to: buffer.end) else {
                    unsafe added.pointee = 0
                    return .record
                }
                unsafe buffer.advance(to: end)
                buffer.rows += 1
                if buffer.isMarked {
                    unsafe buffer.added += keys.emptyRowAdded + added.pointee
                    unsafe added.pointee = 0
                    mark(index, end: rowEnd + 1, offset: offset, in: &buffer)
                }
                index.start = rowEnd + 1
                index.next = last + 1
                index.number += 1
            }
            return .done
        }
    }

    /// Returns a writer of fields, valid as long as the index and the table are.
    @inline(__always)
    func writer(of index: StructuralIndex, _ escapes: UnsafeBufferPointer<EscapeTable.Entry>) -> FieldWriter {
        unsafe FieldWriter(
            index: index,
            escapes: escapes,
            writeEscaped: writeEscaped,
            writeNested: writeNested,
            added: added
        )
    }

    /// Counts records as long as each has one field for every column.
    private func countRegularRows(_ index: inout StructuralIndex, limit: Int, into buffer: inout RowBuffer) -> Stop {
        let width = keys.width
        let checksBlank = width == 1 && dialect.blankLines != .skip
        while index.next < index.completeCount, index.start < limit {
            let last = index.next + width - 1
            guard last < index.completeCount, index[last] & StructuralIndex.record != 0 else { return .record }
            var flags: UInt32 = 0
            for entry in index.next..<last { flags |= index[entry] }
            if flags & StructuralIndex.record != 0 { return .record }
            if checksBlank, isBlank(index, end: index[last]) { return .record }
            buffer.rows += 1
            index.start = StructuralIndex.offset(index[last]) + 1
            index.next = last + 1
            index.number += 1
        }
        return .done
    }

    /// Returns whether the next record of the stretch, whose first entry is `end`, has no bytes.
    @inline(__always)
    func isBlank(_ index: StructuralIndex, end: UInt32) -> Bool {
        index.contentEnd(of: end) == index.start
    }

    /// Writes one row. Returns nil if the record has fewer fields than there are columns.
    ///
    /// The contract: the record's entries are below `completeCount`, and the target has room for the row.
    @inline(__always)
    private func writeFields(
        of index: StructuralIndex,
        _ writer: FieldWriter,
        to target: UnsafeMutablePointer<UInt8>
    ) -> UnsafeMutablePointer<UInt8>? {
        var (target, start) = unsafe (target, index.start)
        var (key, end) = unsafe (keys.keys, index.fieldEnds + index.next)
        let lastKey = unsafe key + (keys.width - 1)
        while unsafe key < lastKey {
            unsafe target = WideCopy.copyShort(key.pointee.text, key.pointee.length, to: target)
            if unsafe end.pointee & StructuralIndex.record != 0 { return nil }
            unsafe target = writer.write(start, end.pointee, to: target)
            start = unsafe StructuralIndex.offset(end.pointee) + 1
            unsafe key += 1
            unsafe end += 1
        }
        unsafe target = WideCopy.copyShort(key.pointee.text, key.pointee.length, to: target)
        unsafe target = writer.write(start, end.pointee, to: target)
        return unsafe closeRow(target)
    }

    /// Writes what follows the last value, for which the target has room.
    @inline(__always)
    func closeRow(_ target: UnsafeMutablePointer<UInt8>) -> UnsafeMutablePointer<UInt8> {
        unsafe UnsafeMutableRawPointer(target).storeBytes(of: keys.rowEnd.littleEndian, as: UInt64.self)
        return unsafe target + keys.rowEndLength
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
