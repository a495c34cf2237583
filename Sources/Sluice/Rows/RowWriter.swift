import SluiceCSV
import SluiceJSON

/// How `convert` writes rows.
public enum RowFormat: String, Sendable, Hashable, CaseIterable {
    /// A row a line.
    case ndjson
    /// One JSON array of all rows.
    case array
}

/// Writes rows to a sink, each on a line, or all in one array.
struct RowWriter<Sink: ByteSink>: RowConsumer {
    private(set) var sink: Sink
    private(set) var rows: UInt64 = 0
    private let format: RowFormat

    init(_ sink: Sink, format: RowFormat) {
        self.sink = sink
        self.format = format
    }

    mutating func take(_ buffer: borrowing RowBuffer) throws(SluiceError) {
        guard buffer.count > 0 else { return }
        switch format {
        case .ndjson: try sink.write(buffer.bytes)
        case .array:
            // Every row in the buffer is followed by a comma; the last one's is written only when another row comes.
            try write(rows == 0 ? "[" : ",")
            try sink.write(UnsafeRawBufferPointer(rebasing: buffer.bytes.dropLast()))
        }
        rows += UInt64(buffer.rows)
    }

    mutating func endSegment(spanEnd: UInt64) {}

    mutating func finish(size: UInt64) throws(SluiceError) {
        if format == .array { try write(rows == 0 ? "[]\n" : "]\n") }
    }

    mutating func abort(_ error: CSVError) {}

    private mutating func write(_ text: StaticString) throws(SluiceError) {
        try sink.write(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
}
