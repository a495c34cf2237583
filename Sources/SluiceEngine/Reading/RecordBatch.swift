import CSluiceKernels
import SluiceCSV
import SluicePlatform

/// The records of a stretch of input, in memory that does not change as long as anyone can see it.
///
/// A batch has an entry for every field, as a ``StructuralIndex`` has: where it ends, shifted left, and flags. A field starts
/// after the entry before it, so there is one before the first. Entries refer to the stretch's bytes, in which most values
/// stand as they are. Other records, with doubled quotes, escapes or fields that are added or left out, are written once more,
/// as RFC 4180 has them but without doubling quotes, and their entries refer to the copy:
///
///     stretch    a,b⏎"x ""y""",c⏎    the first record's entries: -1, 1, 3
///     copy       "x "y"",c,          the second record's entries: -1, 7 quoted, 9
///
/// So every value is a range of bytes, inside quotes or not, and reading one costs two loads.
///
/// A reader fills a batch again only if no record refers to it. Otherwise it takes another one. So a record can be kept; it
/// keeps its batch, of usually 60 KiB.
@usableFromInline final class RecordBatch: @unchecked Sendable {
    // Sendable because only a reader that holds the only reference changes it.

    /// What the input's first record named.
    @usableFromInline private(set) var columns: CSVColumns
    private(set) var rows = GrowingBuffer<sluice_record>()
    private var ends = GrowingBuffer<UInt32>()
    /// The values of copied records.
    private var copied = GrowingBuffer<UInt8>()
    /// Texts as they stand in the input, of unquoted fields in which they have escape characters, by the fields' entries.
    private var escapedTexts: [Int: [UInt8]] = [:]
    /// The stretch, if the input's own memory changes.
    private var ownBytes = GrowingBuffer<UInt8>()
    /// The stretch, in ``ownBytes`` or in the file.
    private var bytes = ByteView.empty
    /// Keeps the bytes mapped.
    private var file: MappedFile?
    /// The place of the stretch's first byte, and the number of the first record.
    private var start = RecordPosition.start
    /// Counts lines.
    private let dialect: Dialect
    private let kernel: Kernel
    /// The error of the record after the last one, which a reader throws when all were returned.
    var failure: SluiceError?

    init(_ columns: CSVColumns, _ dialect: Dialect, _ kernel: Kernel) {
        (self.columns, self.dialect, self.kernel) = (columns, dialect, kernel)
    }

    /// Returns an empty batch of the same kind.
    func successor() -> RecordBatch { RecordBatch(columns, dialect, kernel) }

    /// The number of records.
    var count: Int { rows.count }

    /// Empties the batch, for records from that place on.
    func begin(at start: RecordPosition, _ columns: CSVColumns) {
        self.start = start
        self.columns = columns
        (failure, file) = (nil, nil)
        bytes = ByteView.empty
        rows.clear()
        ends.clear()
        copied.clear()
        ownBytes.clear()
        if !escapedTexts.isEmpty { escapedTexts.removeAll(keepingCapacity: true) }
    }

    /// Takes the entries of an index and its bytes, or a copy of the bytes if no file keeps them.
    func take(_ index: StructuralIndex, in file: MappedFile?) throws(SluiceError) {
        let count = index.completeCount
        try ends.append(Self.end(before: 0))
        try ends.append(UnsafeBufferPointer(start: index.fieldEnds, count: count))
        bytes = index.bytes
        self.file = file
        guard file == nil else { return }
        let used = min(StructuralIndex.offset(index[count - 1]) + 1, bytes.count)
        try ownBytes.append(bytes[0..<used].buffer)
        bytes = ByteView(base: ownBytes.base, count: used)
    }

    /// Adds the plain records at the index's position, and moves it past them.
    func addPlainRecords(_ index: inout StructuralIndex, width: Int) throws(SluiceError) {
        try rows.reserve((index.completeCount - index.next) / width)
        let ordinal = UInt32(truncatingIfNeeded: index.number &- start.number)
        // The entries were taken, and there is room for a record for each of them.
        let found = sluice_plain_records(
            ends.base + 1 + index.next,
            index.completeCount - index.next,
            width,
            UInt32(index.start),
            ordinal,
            rows.base + rows.count
        )
        guard found > 0 else { return }
        for row in rows.count..<rows.count + found { rows.base[row].first += UInt32(index.next + 1) }
        rows.add(found)
        index.next += found * width
        index.start = StructuralIndex.offset(index[index.next - 1]) + 1
        index.number += UInt64(found)
    }

    /// Adds a record of `given` fields at the index's position, with as many fields as it is to have.
    func add(_ index: StructuralIndex, given: Int, count: Int, quote: UInt8) throws(SluiceError) {
        try beginCopy(count: count, offset: index.start, number: index.number)
        for field in 0..<count {
            guard field < given else {
                try endField(isQuoted: false)
                continue
            }
            let first = field == 0 ? index.start : StructuralIndex.offset(index[index.next + field - 1]) + 1
            let end = index[index.next + field]
            let isQuoted = end & StructuralIndex.quoted != 0
            let inset = isQuoted ? 1 : 0
            let text = index.bytes[first + inset..<index.contentEnd(of: end) - inset]
            try beginField(isQuoted)
            if isQuoted, end & StructuralIndex.dirty != 0 {
                try append(text, halving: quote)
            } else {
                try copied.append(text.buffer)
            }
            try endField(isQuoted: isQuoted)
        }
    }

    /// Adds a record that was read byte by byte.
    func add(
        _ record: SlowRecordParser,
        in window: Window,
        _ dialect: Dialect,
        count: Int,
        number: UInt64
    ) throws(SluiceError) {
        let offset = Int(window.offset + UInt64(record.start) - start.offset)
        try beginCopy(count: count, offset: offset, number: number)
        var value: [UInt8] = []
        for field in 0..<count {
            guard field < record.fields.count else {
                try endField(isQuoted: false)
                continue
            }
            value.removeAll(keepingCapacity: true)
            record.fields[field].appendValue(in: window, dialect, to: &value)
            let isQuoted = record.fields[field].isQuoted
            try beginField(isQuoted)
            try value.withUnsafeBufferPointer { (value) throws(SluiceError) in try copied.append(value) }
            let raw = record.fields[field].raw(in: window)
            if dialect.escape != nil, !isQuoted, raw.count != value.count { escapedTexts[ends.count] = raw.array }
            try endField(isQuoted: isQuoted)
        }
    }

    private func beginCopy(count: Int, offset: Int, number: UInt64) throws(SluiceError) {
        try rows.append(
            sluice_record(
                first: UInt32(ends.count + 1),
                count: UInt32(count),
                offset: UInt32(offset),
                ordinal: UInt32(truncatingIfNeeded: number &- start.number),
                copied: 1
            )
        )
        try ends.append(Self.end(before: copied.count))
    }

    /// An entry of what ends before an offset: a field starts there.
    private static func end(before offset: Int) -> UInt32 {
        UInt32(truncatingIfNeeded: offset - 1) << StructuralIndex.shift
    }

    private func beginField(_ isQuoted: Bool) throws(SluiceError) {
        if isQuoted { try copied.append(UInt8(ascii: "\"")) }
    }

    private func endField(isQuoted: Bool) throws(SluiceError) {
        if isQuoted { try copied.append(UInt8(ascii: "\"")) }
        let flag = isQuoted ? StructuralIndex.quoted : 0
        try ends.append(UInt32(copied.count) << StructuralIndex.shift | flag)
        try copied.append(UInt8(ascii: ","))
    }

    private func append(_ text: ByteView, halving quote: UInt8) throws(SluiceError) {
        var position = 0
        while position < text.count {
            let end = min(text.firstIndex(of: quote, from: position) + 1, text.count)
            try copied.append(text[position..<end].buffer)
            // The second of two quotes is left out.
            position = end + 1
        }
    }
}

extension RecordBatch {
    /// Returns a batch of one record alone, or nil if there is not enough memory.
    func detached(_ row: Int) -> RecordBatch? {
        let batch = RecordBatch(columns, dialect, kernel)
        let position = RecordPosition(offset: offset(of: row), number: number(of: row), line: line(of: row))
        batch.begin(at: position, columns)
        do throws(SluiceError) { try batch.add(copyOf: record(row)) } catch { return nil }
        return batch
    }

    private func add(copyOf record: CSVRecord) throws(SluiceError) {
        try beginCopy(count: record.count, offset: 0, number: start.number)
        for field in record {
            try beginField(field.isQuoted)
            try copied.append(UnsafeBufferPointer(start: field.start, count: field.count))
            try endField(isQuoted: field.isQuoted)
        }
    }

    /// The records, where they are in memory. Valid as long as nothing is added.
    var found: RecordRows {
        RecordRows(rows: rows.base, count: rows.count, ends: ends.base, bytes: bytes.base, copied: copied.base)
    }

    /// Returns the record at a position below ``count``.
    func record(_ row: Int) -> CSVRecord { found.record(row, of: self) }

    /// Returns the text of a record's field with the escape characters that its value lacks, or nil if it has none.
    func escapedText(of column: Int, in record: CSVRecord) -> [UInt8]? {
        escapedTexts.isEmpty ? nil : escapedTexts[record.ends + column - UnsafePointer(ends.base)]
    }

    /// The number of a record in the input.
    func number(of row: Int) -> UInt64 { start.number + UInt64(rows.base[row].ordinal) }

    /// The offset of a record's first byte in the input.
    func offset(of row: Int) -> UInt64 { start.offset + UInt64(rows.base[row].offset) }

    /// The physical line of a record's first byte.
    func line(of row: Int) -> UInt64 { line(at: Int(rows.base[row].offset)) }

    /// The place of a field's first byte, a quote included. If the batch has a copy of the record, which does not state where fields
    /// were, or the record has no such field, it is that of the record.
    func place(of field: Int, in row: Int) -> RecordPosition {
        let record = rows.base[row]
        var offset = Int(record.offset)
        if record.copied == 0, field < Int(record.count) {
            offset = CSVField.start(after: ends.base[Int(record.first) + field - 1], 0)
        }
        return RecordPosition(offset: start.offset + UInt64(offset), number: number(of: row), line: line(at: offset))
    }

    /// The physical line of a byte of the stretch, counted from the stretch's.
    private func line(at offset: Int) -> UInt64 {
        let offset = min(offset, bytes.count)
        let next = offset < bytes.count ? bytes[offset] : nil
        return start.line + UInt64(kernel.lineEnds(bytes[0..<offset], next: next, dialect: dialect))
    }
}

/// The addresses of a batch's records, which a reader keeps at hand.
struct RecordRows {
    private let rows: UnsafePointer<sluice_record>
    let count: Int
    private let ends: UnsafePointer<UInt32>
    private let bytes: UnsafePointer<UInt8>
    private let copied: UnsafePointer<UInt8>

    fileprivate init(
        rows: UnsafePointer<sluice_record>,
        count: Int,
        ends: UnsafePointer<UInt32>,
        bytes: UnsafePointer<UInt8>,
        copied: UnsafePointer<UInt8>
    ) {
        (self.rows, self.count, self.ends) = (rows, count, ends)
        (self.bytes, self.copied) = (bytes, copied)
    }

    /// No records.
    init() {
        let (rows, ends, bytes) = (
            GrowingBuffer<sluice_record>().base, GrowingBuffer<UInt32>().base, ByteView.empty.base
        )
        self.init(rows: rows, count: 0, ends: ends, bytes: bytes, copied: bytes)
    }

    /// Returns the record at a position below ``count`` of the batch that they are of.
    @inline(__always)
    func record(_ row: Int, of batch: RecordBatch) -> CSVRecord {
        let found = rows[row]
        let base = found.copied != 0 ? copied : bytes
        return CSVRecord(batch: batch, base: base, ends: ends + Int(found.first), count: found.count, row: row)
    }

    /// Makes a record of the batch the one at a position below ``count``. It need not be counted among the batch's owners again.
    @inline(__always)
    func move(_ record: inout CSVRecord, to row: Int) {
        let found = rows[row]
        let base = found.copied != 0 ? copied : bytes
        record.move(base: base, ends: ends + Int(found.first), count: found.count, row: row)
    }
}

extension ByteView {
    /// No bytes.
    fileprivate static var empty: ByteView { ByteView(UnsafeBufferPointer(start: nil, count: 0)) }
}
