import SluiceCLI
import SluiceEngine

/// How far `sluice send` has come, and the file of `--checkpoint` that records it.
///
/// What it records, the queue has confirmed, and the file of rejected records has on disk.
final class SendProgress {
    private let file: CheckpointFile?
    private let rejects: RejectFile?
    /// The objects that are done; nil for a run of what is named.
    var done: CheckpointFile.DoneObjects?

    /// - Parameter file: nil if progress is not recorded.
    init(_ file: CheckpointFile?, _ rejects: RejectFile?) {
        self.file = file
        self.rejects = rejects
    }

    /// Whether progress within an input is recorded.
    var isRecorded: Bool { file != nil }

    /// Records a place within an input.
    func reach(_ checkpoint: Checkpoint) throws(SluiceError) { try record(checkpoint) }

    /// Notes that the queue has the last message of an input. Nothing is left to resume, unless objects follow.
    func endInput() throws(SluiceError) { if done == nil { try file?.remove() } }

    /// Records that an object is done.
    func end(_ key: String, failed: Bool, hasRejects: Bool) throws(SluiceError) {
        done?.lastKey = key
        done?.count += 1
        if failed { done?.failed += 1 }
        if hasRejects { done?.haveRejects = true }
        try record(nil)
    }

    /// Notes that all objects are done.
    func endObjects() throws(SluiceError) { try file?.remove() }

    private func record(_ checkpoint: Checkpoint?) throws(SluiceError) {
        guard let file else { return }
        try rejects?.sync()
        try file.replace(with: CheckpointFile.Progress(checkpoint, after: done ?? CheckpointFile.DoneObjects()))
    }
}
