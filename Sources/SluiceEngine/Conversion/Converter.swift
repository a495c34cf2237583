import SluiceCSV
import SluiceJSON
import SluicePlatform

/// Converts an input in order: reads rows segment by segment and writes them to an output.
///
/// A mapped file is one window, and one call of ``advance()`` converts it. Of a stream, the window holds the records that are
/// not converted yet: whole records are converted and dropped from the front, and the open record at the end stays:
///
///     append a,b⏎1,2⏎3,    converts a,b⏎1,2⏎    write                        .more: keeps 3,
///     append 4⏎5           converts 3,4⏎        write                        .more: keeps 5
///     close                converts 5           write, endSegment, finish    .done
///
/// It can start at any record: at an input's start, at a checkpoint, at a portion, or where threads gave up.
struct Converter<Out: Output>: ~Copyable {
    enum Progress: Equatable {
        /// The window holds no further whole record.
        case more
        /// The records before the offset that was asked for are converted.
        case reached(RecordPosition)
        /// The input ended.
        case done
    }

    private var reader: RowReader
    private var lines: LineFinder
    var output: Out
    private let segmentSize: UInt64
    private let meter: Meter?
    /// Offset in the input where the current segment ends.
    private var segmentEnd: UInt64
    /// Offset in the input of the first record to leave unconverted.
    private let end: UInt64
    /// The mapped file that the window is, if its pages can be returned to the system once they were read.
    private let file: MappedFile?
    /// Where the pages that are still in memory start.
    private var pages: Int

    /// Starts at the start of the input, or at the resume point, which the window must hold.
    init(
        _ driver: Driver,
        _ window: Window,
        _ output: Out,
        from resume: ResumePoint?,
        to end: UInt64 = .max,
        file: MappedFile? = nil
    ) {
        self.file = file
        self.end = end
        let options = driver.options
        segmentSize = UInt64(driver.segmentSize)
        meter = options.meter
        segmentEnd = 0
        lines = LineFinder(options.dialect, options.kernel, window: window)
        if let start = resume?.position { lines.know(start.line, of: start.offset) }
        reader = RowReader(options, window: window, from: resume)
        pages = reader.tokenizer.position
        self.output = output
        nextSegment()
    }

    /// Offset in the input of the next record.
    private var offset: UInt64 { reader.tokenizer.window.offset + UInt64(reader.tokenizer.position) }

    /// Whether only lines that take no record number were read. No segment ends before the first record.
    private var isBeforeRecords: Bool { reader.tokenizer.index.number == 1 }

    /// Converts the whole records that a stream holds, and drops them. After `more`, call it again when it holds more. Aborts
    /// where the stream is damaged.
    mutating func advance(in stream: inout StreamWindow) throws(SluiceError) -> Progress {
        slide(to: stream.window, dropped: 0)
        guard try advance() == .more else { return .done }
        let dropped = reader.tokenizer.position
        output.leave(reader.tokenizer.window, upTo: offset)
        stream.drop(dropped)
        slide(to: stream.window, dropped: dropped)
        if let fault = stream.fault { try abort(fault) }
        if stream.isDamaged { try abortAtEndOfWindow() }
        return .more
    }

    /// Converts what the window holds.
    mutating func advance() throws(SluiceError) -> Progress {
        while true {
            if isBeforeRecords, offset >= segmentEnd { nextSegment() }
            let limit = Int(min(segmentEnd, end) - reader.tokenizer.window.offset)
            let (start, number) = (offset, reader.tokenizer.index.number)
            let need = reader.run(limit: limit)
            noteRepairs()
            try output.write(reader.buffer, &lines, in: reader.tokenizer.window)
            try output.reject(reader.takeRejects(&lines), in: reader.tokenizer.window)
            meter?.addInput(bytes: offset - start, records: reader.tokenizer.index.number - number)
            // The line of the end is asked for. Counted later, released pages would be loaded again.
            if end < .max { _ = lines.line(of: offset) }
            releasePages()
            reader.clearBuffer()
            switch need {
            case .room: continue
            case .input: return .more
            case .memory: throw .outOfMemory
            case .invalid(let error): try abort(before: error)
            case .end:
                if isBeforeRecords, offset >= segmentEnd { continue }
                let number = reader.tokenizer.index.number
                if offset >= end, offset < segmentEnd { return .reached(lines.position(of: offset, number: number)) }
                try output.endSegment(before: offset, number: number, &lines, in: reader.tokenizer.window)
                if offset < segmentEnd {
                    try output.finish()
                    return .done
                }
                nextSegment()
                if offset >= end { return .reached(lines.position(of: offset, number: number)) }
            }
        }
    }

    /// Aborts after the last whole record of the window, because the bytes after the window cannot be read.
    private mutating func abortAtEndOfWindow() throws(SluiceError) -> Never {
        let (window, number) = (reader.tokenizer.window, reader.tokenizer.index.number)
        try abort(before: CSVError(.badCompression, offset: window.offset + UInt64(window.count), record: number))
    }

    /// Aborts because the input cannot be read at all. The error's offset counts stored bytes.
    mutating func abort(_ fault: CSVError) throws(SluiceError) -> Never {
        try output.abort(fault, at: offset, in: reader.tokenizer.window)
        throw .badData(fault)
    }

    /// Keeps the last 8 MiB, since an output may read the bytes of its open message again.
    private mutating func releasePages() {
        guard let file else { return }
        let (size, end) = (8 << 20, reader.tokenizer.position)
        if end - pages >= 2 * size {
            file.release(pages..<end - size)
            pages = end - size
        }
    }

    private mutating func noteRepairs() {
        let repairs = reader.takeRepairs(&lines)
        if !repairs.isEmpty { output.note(repairs) }
    }

    /// Aborts before the invalid record. `end` counts text bytes; the error's offset counts stored bytes.
    private mutating func abort(before error: CSVError) throws(SluiceError) -> Never {
        let end = min(offset, error.offset)
        let error = lines.placed(error)
        try output.abort(error, at: end, in: reader.tokenizer.window)
        throw .badData(error)
    }

    private mutating func slide(to window: Window, dropped: Int) {
        reader.slide(to: window, dropped: dropped)
        lines.slide(to: window)
    }

    private mutating func nextSegment() {
        segmentEnd = (offset / segmentSize + 1) * segmentSize
    }
}
