import SluiceCSV

/// Passes on the messages after a checkpoint, or all of them if there is none.
///
/// If messages are made from the start of the input, those before the checkpoint are left out. They must be the ones that
/// the checkpoint counts, so that both runs together send the messages of one input:
///
///     checkpoint at 400    made 0-200, 200-400, reached 400 with the same tally    what follows is passed on
///                          made 0-200, manifest                                    refused: the input ends before it
///                          made 0-190, 190-400, reached 400 with another sum       refused: these are other bytes
struct ResumingSink<Sink: MessageSink>: MessageSink {
    private let start: Checkpoint?
    /// Whether the checkpoint was reached, or there is none.
    private var isReached: Bool
    var sink: Sink

    init(_ checkpoint: Checkpoint?, sink: Sink) {
        start = checkpoint
        isReached = checkpoint.map { $0.position == .start } ?? true
        self.sink = sink
    }

    mutating func send(_ message: Message) throws(SluiceError) {
        if isReached { return try sink.send(message) }
        if message.content == .manifest, message.range.upperBound < end { throw .checkpointPastEnd }
        if message.isLast || message.range.lowerBound >= end { throw otherBytes }
    }

    mutating func reject(_ error: CSVError) throws(SluiceError) {
        // Compare numbers: the error's offset may count stored bytes, the checkpoint's counts bytes of text.
        if error.record >= start?.position.number ?? 0 { try sink.reject(error) }
    }

    mutating func reach(_ checkpoint: Checkpoint) throws(SluiceError) {
        if isReached { return try sink.reach(checkpoint) }
        if checkpoint.offset < end { return }
        // Compare the texts: a checkpoint that was read has only the number of rejected rows.
        guard checkpoint.json == start?.json else { throw otherBytes }
        isReached = true
    }

    mutating func finish() throws(SluiceError) { try sink.finish() }

    private var end: UInt64 { start?.offset ?? 0 }

    private var otherBytes: SluiceError {
        .unusable(
            "its bytes up to \(end) are not those that the checkpoint is for; to start over, run without the checkpoint"
        )
    }
}

extension SluiceError {
    package static var checkpointPastEnd: SluiceError {
        .unusable("the checkpoint is past the input's end; to start over, run without the checkpoint")
    }
}
