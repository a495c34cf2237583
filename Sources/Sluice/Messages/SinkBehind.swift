import SluiceCSV

/// Passes on what comes behind a checkpoint, or everything if there is none.
struct SinkBehind<Sink: MessageSink>: MessageSink {
    private let start: UInt64?
    var sink: Sink

    init(_ checkpoint: Checkpoint?, sink: Sink) {
        start = checkpoint?.offset
        self.sink = sink
    }

    mutating func send(_ message: Message) throws(SluiceError) {
        // The last message covers all of the input.
        if start.map({ message.range.lowerBound >= $0 }) ?? true || message.records == nil { try sink.send(message) }
    }

    mutating func reject(_ error: CSVError) throws(SluiceError) {
        if start.map({ error.offset >= $0 }) ?? true { try sink.reject(error) }
    }

    mutating func reach(_ checkpoint: Checkpoint) throws(SluiceError) {
        if start.map({ checkpoint.offset > $0 }) ?? true { try sink.reach(checkpoint) }
    }
}
