import SluiceCSV

/// Passes on what comes after a checkpoint, or everything if there is none.
///
/// Where messages are made from the input's start, those before the checkpoint, which are left out, must be the ones that it
/// counts, so that a run with it gives all messages of one input:
///
///     checkpoint at 400    made 0-200, 200-400, reached 400 with the same tally    what follows is passed on
///                          made 0-200, manifest                                    refused: the input ends before it
///                          made 0-190, 190-400, reached 400 with another sum       refused: these are other bytes
struct ResumingSink<Sink: MessageSink>: MessageSink {
    private let start: Checkpoint?
    /// The checkpoint is reached, or there is none.
    private var isBehind: Bool
    var sink: Sink

    init(_ checkpoint: Checkpoint?, sink: Sink) {
        start = checkpoint
        isBehind = checkpoint.map { $0.position == .start } ?? true
        self.sink = sink
    }

    mutating func send(_ message: Message) throws(SluiceError) {
        if isBehind { return try sink.send(message) }
        if message.content == .manifest, message.range.upperBound < end { throw .checkpointBehindEnd }
        if message.records == nil || message.range.lowerBound >= end { throw otherBytes }
    }

    mutating func reject(_ error: CSVError) throws(SluiceError) {
        // Its offset may count other bytes than the checkpoint does.
        if error.record >= start?.position.number ?? 0 { try sink.reject(error) }
    }

    mutating func reach(_ checkpoint: Checkpoint) throws(SluiceError) {
        if isBehind { return try sink.reach(checkpoint) }
        if checkpoint.offset < end { return }
        // One that was read has its rejected rows as a number only, so the texts are what can be compared.
        guard checkpoint.json == start?.json else { throw otherBytes }
        isBehind = true
    }

    mutating func finish() throws(SluiceError) { try sink.finish() }

    private var end: UInt64 { start?.offset ?? 0 }

    private var otherBytes: SluiceError {
        .unusable(
            "its bytes up to \(end) are not those that the checkpoint was made of; to start anew, run without the checkpoint"
        )
    }
}

extension SluiceError {
    package static var checkpointBehindEnd: SluiceError {
        .unusable("the checkpoint is behind the input's end; to start anew, run without the checkpoint")
    }
}
