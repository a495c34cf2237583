import SluiceCSV
import SluiceJSON

/// A conversion in order, by one thread, from any record on: the whole of a stream, or what is left of a file.
struct SequentialRun<Consumer: RowConsumer>: ~Copyable {
    enum Progress {
        case more
        case done
    }

    private(set) var pump: RowPump
    private var lines: LineFinder
    var consumer: Consumer
    private let segmentSize: UInt64
    private let meter: Meter?
    /// Offset in the input where the current segment ends.
    private var segmentEnd: UInt64

    /// Starts in the segment that holds the pump's position.
    init(_ pump: consuming RowPump, consumer: Consumer, segmentSize: Int, meter: Meter?) {
        self.segmentSize = UInt64(segmentSize)
        self.meter = meter
        segmentEnd = 0
        let tokenizer = (pump.tokenizer.dialect, pump.tokenizer.kernel)
        lines = LineFinder(tokenizer.0, tokenizer.1, window: pump.tokenizer.window)
        self.pump = pump
        self.consumer = consumer
        nextSegment()
    }

    /// Offset in the input of the next record.
    var offset: UInt64 { pump.tokenizer.window.offset + UInt64(pump.tokenizer.position) }

    /// The next record; the line is 0 where nobody keeps it, since to count costs time.
    private mutating func entry() -> RecordPosition {
        let line = Consumer.keepsPlaces ? lines.line(of: offset) ?? 0 : 0
        return RecordPosition(offset: offset, number: pump.tokenizer.tile.number, line: line)
    }

    /// The next record.
    mutating func position() -> RecordPosition {
        RecordPosition(offset: offset, number: pump.tokenizer.tile.number, line: lines.line(of: offset) ?? 0)
    }

    /// Converts what the window holds. `more`: call again with a window that holds more.
    mutating func advance() throws(SluiceError) -> Progress {
        while true {
            let limit = Int(segmentEnd - pump.tokenizer.window.offset)
            let (start, number) = (offset, pump.tokenizer.tile.number)
            let pause = pump.run(limit: limit)
            noteRepairs()
            try consumer.take(pump.buffer, &lines, in: pump.tokenizer.window)
            meter?.addInput(bytes: offset - start, records: pump.tokenizer.tile.number - number)
            pump.clearBuffer()
            switch pause {
            case .full: continue
            case .more: return .more
            case .noMemory: throw .outOfMemory
            case .failed(let error): try fail(error)
            case .end:
                try consumer.endSegment(before: entry(), in: pump.tokenizer.window)
                if offset < segmentEnd {
                    try consumer.finish(size: offset)
                    return .done
                }
                nextSegment()
            }
        }
    }

    /// Converts up to the first record behind the header, if the window holds it, and returns what rows have for keys.
    mutating func readHeader() throws(SluiceError) -> KeyTable? {
        while true {
            let pause = pump.readHeader(limit: Int(segmentEnd - pump.tokenizer.window.offset))
            noteRepairs()
            switch pause {
            case .full, .more, .noMemory: return nil
            case .failed(let error): try fail(error)
            case .end where pump.keys == nil && offset < segmentEnd: return nil
            case .end:
                if offset >= segmentEnd {
                    try consumer.endSegment(before: entry(), in: pump.tokenizer.window)
                    nextSegment()
                }
                if let keys = pump.keys { return keys }
            }
        }
    }

    /// Ends for want of the bytes behind the window, after all records that are whole in it.
    mutating func abort(_ code: CSVError.Code) throws(SluiceError) -> Never {
        let window = pump.tokenizer.window
        try fail(CSVError(code, offset: window.offset + UInt64(window.count), record: pump.tokenizer.tile.number))
    }

    /// Ends before anything of the input, for that reason, which counts bytes as they are stored.
    mutating func abort(_ fault: CSVError) throws(SluiceError) -> Never {
        try consumer.abort(fault, at: offset, in: pump.tokenizer.window)
        throw .badData(fault)
    }

    private mutating func noteRepairs() {
        let repairs = pump.takeRepairs(&lines)
        if !repairs.isEmpty { consumer.note(repairs) }
    }

    /// Ends before the record at fault. The rows before it count bytes of text, the error those that are stored.
    private mutating func fail(_ error: CSVError) throws(SluiceError) -> Never {
        let end = min(offset, error.offset)
        let error = lines.placed(error)
        try consumer.abort(error, at: end, in: pump.tokenizer.window)
        throw .badData(error)
    }

    /// Drops what is converted from the stream whose window it runs on.
    mutating func dropConverted(from stream: inout StreamWindow) {
        let dropped = pump.tokenizer.position
        consumer.leave(pump.tokenizer.window, upTo: offset)
        stream.drop(dropped)
        slide(to: stream.window, dropped: dropped)
    }

    /// Goes on with a window that holds more.
    mutating func goOn(in window: Window) { slide(to: window, dropped: 0) }

    private mutating func slide(to window: Window, dropped: Int) {
        pump.slide(to: window, dropped: dropped)
        lines.slide(to: window)
    }

    private mutating func nextSegment() {
        segmentEnd = (offset / segmentSize + 1) * segmentSize
    }
}
