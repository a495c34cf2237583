import SluiceCSV

/// Passes on what comes behind a checkpoint.
struct SinkBehind<Sink: MessageSink>: MessageSink {
    private let start: UInt64
    private(set) var sink: Sink

    init(_ checkpoint: Checkpoint, sink: Sink) {
        start = checkpoint.offset
        self.sink = sink
    }

    mutating func send(_ message: Message) throws(SluiceError) {
        // The last message covers all of the input.
        if message.range.lowerBound >= start || message.records == nil { try sink.send(message) }
    }

    mutating func reject(_ error: CSVError) throws(SluiceError) {
        if error.offset >= start { try sink.reject(error) }
    }

    mutating func reach(_ checkpoint: Checkpoint) throws(SluiceError) {
        if checkpoint.offset > start { try sink.reach(checkpoint) }
    }
}
