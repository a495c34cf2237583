import SluiceCSV
import SluiceJSON

/// How `convert` writes rows.
public enum RowFormat: String, Sendable, Hashable, CaseIterable {
    /// One row per line.
    case ndjson
    /// One JSON array of all rows.
    case array
}

/// The place of one input in an output that several inputs make together.
package struct OutputPart: Sendable {
    /// Rows from the inputs before this one.
    package var rowsBefore: UInt64 = 0
    /// Whether no input follows.
    package var isLast = true
}

/// Writes rows to a sink, each on a line, or all in one array.
struct RowWriter<Sink: ByteSink>: Output where Sink.Failure == SluiceError {
    typealias Fork = NoFork

    var sink: Sink
    /// The input's file, if it has one.
    private let file: (any InputFile)?
    private(set) var rows: UInt64 = 0
    private let format: RowFormat
    private let part: OutputPart
    private var rejects: RejectKeeper?
    /// Where the last segment ended.
    private var end = RecordPosition.start
    private let meter: Meter?

    init(
        _ sink: Sink,
        of file: (any InputFile)?,
        format: RowFormat,
        part: OutputPart,
        rejects: RejectKeeper?,
        meter: Meter?
    ) {
        self.sink = sink
        self.file = file
        self.format = format
        self.part = part
        self.rejects = rejects
        self.meter = meter
    }

    private var isBeforeFirstRow: Bool { part.rowsBefore + rows == 0 }

    var needsLines: Bool { rejects?.needsLines ?? false }

    mutating func write(
        _ buffer: borrowing RowBuffer,
        _ lines: inout LineFinder,
        in window: Window
    ) throws(SluiceError) {
        // Rows that were only counted have no bytes.
        if buffer.count > 0 { try write(buffer.bytes) }
        rows += UInt64(buffer.rows)
        meter?.addRows(buffer.rows)
    }

    private mutating func write(_ bytes: UnsafeRawBufferPointer) throws(SluiceError) {
        switch format {
        case .ndjson: try put(bytes)
        case .array:
            // In the buffer a comma follows every row. Write the last one only when another row comes.
            try write(isBeforeFirstRow ? "[" : ",")
            try put(UnsafeRawBufferPointer(rebasing: bytes.dropLast()))
        }
    }

    mutating func note(_ repairs: Repairs) { meter?.add(repairs) }

    mutating func leave(_ window: Window, upTo offset: UInt64) {}

    mutating func reject(_ rejects: [Reject], in window: Window) throws(SluiceError) { try self.rejects?.take(rejects) }

    mutating func endSegment(before next: RecordPosition, in window: Window) throws(SluiceError) {
        end = next
        if needsLines, let error = rejects?.reach(next, in: window) { throw .badData(error) }
    }

    mutating func finish() throws(SluiceError) {
        if let error = rejects?.excess(atEnd: end) { throw .badData(error) }
        if format == .array, part.isLast { try write(isBeforeFirstRow ? "[]\n" : "]\n") }
    }

    mutating func abort(_ error: CSVError, at end: UInt64, in window: Window) {}

    private mutating func write(_ text: StaticString) throws(SluiceError) {
        try put(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// The only use of the sink. Writes nothing if rows may be of zeros that the input never contained.
    private mutating func put(_ bytes: UnsafeRawBufferPointer) throws(SluiceError) {
        if file?.isTruncated == true { throw .inputChanged }
        try sink.write(bytes)
    }
}
