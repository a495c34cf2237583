import SluiceCSV

/// Rows of a plan that kernels leave to ``PlannedRow``.
extension RowEncoder {
    /// Encodes the next record of a stretch, which has `count` fields and is not blank, or is a row all the same. Returns nil if
    /// that succeeded; the caller then advances the index.
    mutating func encodePlannedRow(
        _ index: StructuralIndex,
        count: Int,
        offset: UInt64,
        into buffer: inout RowBuffer
    ) -> Stop? {
        let record = index.bytes[index.start..<StructuralIndex.offset(index[index.next + count - 1])]
        guard reserve(for: record, fields: count) else { return .noMemory }
        let fields = IndexedFields(index, count: count, origin: offset, quote: dialect.kernelQuote)
        guard build(fields, start: offset + UInt64(index.start), number: index.number) else { return .invalid }
        return appendPlannedRow(to: &buffer) ? nil : .full
    }

    /// Encodes a record that was read byte by byte.
    mutating func encodePlannedRow(
        _ record: SlowRecordParser,
        in window: Window,
        number: UInt64,
        into buffer: inout RowBuffer
    ) -> Stop {
        guard reserve(for: record, in: window) else { return .noMemory }
        let fields = ParsedFields(record, in: window, dialect)
        guard build(fields, start: window.offset + UInt64(record.start), number: number) else { return .invalid }
        if appendPlannedRow(to: &buffer) { return .done }
        if buffer.count > 0 { return .full }
        guard buffer.grow(for: memory.row.count) else { return .noMemory }
        return appendPlannedRow(to: &buffer) ? .done : .full
    }

    /// Returns the first error in the values of a record's fields before `field`, counted from 1. The record is invalid there.
    package mutating func fault(
        before field: Int,
        of record: SlowRecordParser,
        in window: Window,
        number: UInt64
    ) -> CSVError? {
        guard let planned, reserve(for: record, in: window) else { return nil }
        let fields = ParsedFields(record, in: window, dialect)
        let start = PlannedRow.Record(number: number, offset: window.offset + UInt64(record.start), line: 0)
        do throws(CSVError) {
            try planned.check(fields, upTo: field - 1, of: start, in: &memory)
            return nil
        } catch {
            return error
        }
    }

    private mutating func reserve(for record: SlowRecordParser, in window: Window) -> Bool {
        reserve(for: window.bytes[record.start..<record.next], fields: record.fields.count)
    }

    /// Builds the row of a record. Returns false, with ``fault`` set, if it is invalid.
    private mutating func build(_ fields: some RecordFields, start: UInt64, number: UInt64) -> Bool {
        let line = texts.plan?.needsLines == true ? lines.line(of: start) ?? 0 : 0
        let record = PlannedRow.Record(number: number, offset: start, line: line)
        do throws(CSVError) {
            try planned?.build(fields, of: record, separator: texts.separator, in: &memory)
            memory.finish(isEscaped: texts.isEscaped)
            return true
        } catch {
            fault = error
            return false
        }
    }

    /// Appends the row that was built. Returns false if there is no room.
    private mutating func appendPlannedRow(to buffer: inout RowBuffer) -> Bool {
        guard buffer.hasRoom(for: memory.row.count) else { return false }
        buffer.append(memory.row)
        buffer.added += memory.added
        buffer.rows += 1
        return true
    }
}
