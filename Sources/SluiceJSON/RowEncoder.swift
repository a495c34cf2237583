import SluiceCSV

/// Encodes records as rows of JSON.
///
/// A row alternates keys and values, both copied in whole vectors: `{"a":"` 1 `","b":"` 2 `"}` ⏎. A value is examined only if
/// its index entry is marked dirty. Room is checked once per row, for the most that it can take: a byte of a value becomes at
/// most six (`\u0001`).
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
    /// The kernel's escaping function, if the dialect's quote is the character that JSON escapes.
    let writeEscaped: Kernel.WriteEscaped?
    let dialect: Dialect
    let skipsBlankLines: Bool
    /// Keys of surplus fields, rendered on first use.
    var extraKeys: [[UInt8]] = []
    var extraNames: Header.ExtraNames?
    /// Ragged records of stretches that became rows.
    var repairs = Repairs()

    /// Creates an encoder for an input whose header is known.
    package init(keys: KeyTable, dialect: Dialect, skipsBlankLines: Bool, kernel: Kernel) {
        self.keys = keys
        self.dialect = dialect
        self.skipsBlankLines = skipsBlankLines
        escapes = EscapeTable(quote: dialect.quote)
        unsafe writeEscaped = dialect.quote == UInt8(ascii: "\"") ? kernel.writeEscaped : nil
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
            let stop = encodeRegularRows(&index, limit: limit, offset: offset, into: &buffer)
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
            let writer = unsafe FieldWriter(index: index, escapes: table, writeEscaped: writeEscaped)
            while index.next < index.completeCount, index.start < limit {
                let last = index.next + width - 1
                guard last < index.completeCount, index[last] & StructuralIndex.record != 0 else { return .record }
                if checksBlank, isBlank(index, end: index[last]) { return .record }
                let rowEnd = StructuralIndex.offset(index[last])
                guard buffer.hasRoom(for: keys.emptyRowLength + 6 * (rowEnd - index.start)) else { return .full }
                guard let end = unsafe writeFields(of: index, writer, to: buffer.end) else { return .record }
                unsafe buffer.advance(to: end)
                buffer.rows += 1
                if buffer.isMarked { mark(index, end: rowEnd + 1, offset: offset, in: &buffer) }
                index.start = rowEnd + 1
                index.next = last + 1
                index.number += 1
            }
            return .done
        }
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
        unsafe UnsafeMutableRawPointer(target).storeBytes(of: keys.rowEnd.littleEndian, as: UInt32.self)
        return unsafe target + KeyTable.rowEndLength
    }

    @inline(__always)
    func mark(_ index: StructuralIndex, end: Int, offset: UInt64, in buffer: inout RowBuffer) {
        buffer.mark(
            RowBuffer.Mark(
                outputEnd: buffer.count,
                inputStart: offset + UInt64(index.start),
                inputEnd: offset + UInt64(end),
                number: index.number
            )
        )
    }
}
