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
        let fields = IndexedFields(index, count: count, origin: offset, quote: dialect.quote)
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
        let fields = ParsedFields(record, in: window, quote: dialect.quote)
        guard build(fields, start: window.offset + UInt64(record.start), number: number) else { return .invalid }
        if appendPlannedRow(to: &buffer) { return .done }
        if buffer.count > 0 { return .full }
        guard let size = planned?.json.count, buffer.grow(for: (texts.isEscaped ? 2 : 1) * size) else {
            return .noMemory
        }
        return appendPlannedRow(to: &buffer) ? .done : .full
    }

    /// Returns the first error in the values of a record's fields before `field`, counted from 1. The record is invalid there.
    package mutating func fault(
        before field: Int,
        of record: SlowRecordParser,
        in window: Window,
        number: UInt64
    ) -> CSVError? {
        guard planned != nil else { return nil }
        let fields = ParsedFields(record, in: window, quote: dialect.quote)
        let start = PlannedRow.Record(number: number, offset: window.offset + UInt64(record.start), line: 0)
        do throws(CSVError) {
            try planned?.check(fields, upTo: field - 1, of: start)
            return nil
        } catch {
            return error
        }
    }

    /// Builds the row of a record. Returns false, with ``fault`` set, if it is invalid.
    private mutating func build(_ fields: some RecordFields, start: UInt64, number: UInt64) -> Bool {
        let line = texts.plan?.needsLines == true ? lines.line(of: start) ?? 0 : 0
        let record = PlannedRow.Record(number: number, offset: start, line: line)
        do throws(CSVError) {
            try planned?.build(fields, of: record, separator: texts.separator)
            return true
        } catch {
            fault = error
            return false
        }
    }

    /// Appends the row that was built. Returns false if there is no room.
    private mutating func appendPlannedRow(to buffer: inout RowBuffer) -> Bool {
        guard let json = planned?.json else { return true }
        let escaped = texts.isEscaped ? JSONWriter.escaped(json) : json
        guard buffer.hasRoom(for: escaped.count) else { return false }
        buffer.append(escaped)
        buffer.added += escaped.count - json.count
        buffer.rows += 1
        return true
    }
}
