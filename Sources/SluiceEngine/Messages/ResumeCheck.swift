import SluiceCSV

/// Checks what is made before a checkpoint when an input is read again from its start. It must be what the checkpoint counts, so
/// that both runs together send the messages of one input:
///
///     checkpoint at 400    made 0-200, 200-400, reached 400 with the same tally    what follows is sent
///                          made 0-200, manifest                                    refused: the input ends before it
///                          made 0-190, 190-400, reached 400 with another sum       refused: these are other bytes
struct ResumeCheck {
    private let checkpoint: Checkpoint

    /// Returns nil at the start of an input: nothing comes before it.
    init?(_ checkpoint: Checkpoint) {
        if checkpoint.position == .start { return nil }
        self.checkpoint = checkpoint
    }

    /// Checks a message, which is left out.
    func check(_ message: Message) throws(SluiceError) {
        if message.content == .manifest, message.range.upperBound < checkpoint.offset { throw .checkpointPastEnd }
        if message.isLast || message.range.lowerBound >= checkpoint.offset { throw otherBytes }
    }

    /// Whether a row that was left out comes before the checkpoint. Compares numbers: the error's offset may count stored
    /// bytes, the checkpoint's counts bytes of text.
    func covers(_ error: CSVError) -> Bool { error.record < checkpoint.position.number }

    /// Returns whether the checkpoint is reached.
    func isReached(at reached: Checkpoint) throws(SluiceError) -> Bool {
        if reached.offset < checkpoint.offset { return false }
        // Compare the texts: a checkpoint that was read has only the number of rejected rows.
        guard reached.json == checkpoint.json else { throw otherBytes }
        return true
    }

    private var otherBytes: SluiceError {
        .unusable(
            "its bytes up to \(checkpoint.offset) are not those that the checkpoint is for; to start over, run without the "
                + "checkpoint"
        )
    }
}

extension SluiceError {
    package static var checkpointPastEnd: SluiceError {
        .unusable("the checkpoint is past the input's end; to start over, run without the checkpoint")
    }
}
