import SluiceCSV

/// Passes on what comes behind a checkpoint, or everything if there is none.
struct SinkBehind<Sink: MessageSink>: MessageSink {
    private let start: SegmentEntry?
    var sink: Sink

    init(_ checkpoint: Checkpoint?, sink: Sink) {
        start = checkpoint?.entry
        self.sink = sink
    }

    mutating func send(_ message: Message) throws(SluiceError) {
        // The last message covers all of the input.
        if message.records == nil || !isBefore(message.range.lowerBound) { try sink.send(message) }
    }

    mutating func reject(_ error: CSVError) throws(SluiceError) {
        // Its offset may count other bytes than the checkpoint does.
        if error.record >= start?.record ?? 0 { try sink.reject(error) }
    }

    mutating func reach(_ checkpoint: Checkpoint) throws(SluiceError) {
        if checkpoint.offset != start?.offset, !isBefore(checkpoint.offset) { try sink.reach(checkpoint) }
    }

    mutating func finish() throws(SluiceError) { try sink.finish() }

    private func isBefore(_ offset: UInt64) -> Bool { start.map { offset < $0.offset } ?? false }
}
