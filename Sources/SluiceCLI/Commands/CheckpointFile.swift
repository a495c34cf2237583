import SluiceCSV
import SluiceEngine
import SluiceJSON
import SluicePlatform

/// The file of `--checkpoint`: how far a run has come, so that another run can continue from there.
///
/// The file is replaced atomically and is on disk before the run continues. Whenever the process or the machine stops,
/// the file holds either the old checkpoint or the new one.
///
/// It also records where the messages went: `{"destination":{"queue":"https://…"},"source":…}`. Sending the rest
/// to another destination would leave both incomplete.
package struct CheckpointFile {
    private let path: String
    private let destination: Destination

    package init(_ path: String, _ destination: Destination) {
        self.path = path
        self.destination = destination
    }

    /// Returns the checkpoint in the file, or nil if the file does not exist. Also finds out, before anything is sent,
    /// whether a checkpoint can be written.
    ///
    /// - Parameter inputs: the files that the run reads; the checkpoint must be none of them.
    /// - Throws: also if the checkpoint is for another destination or, like a library's, names none.
    package func read(besides inputs: InputIdentities) throws(Failure) -> Checkpoint? {
        try Failure.naming(path) { () throws(SluiceError) in
            try AtomicFile(path, besides: inputs.all).discard()
            switch System.entry(at: path) {
            case .nothing, .brokenLink: return nil
            case .file, .directory, .other: break
            }
            guard let text = System.contents(of: path, limit: Self.largest), let value = JSONValue(parsing: text),
                let checkpoint = Checkpoint(value)
            else {
                throw .unusable("it is not a valid checkpoint; to start over, remove it")
            }
            guard let old = value["destination"].flatMap(Destination.init) else {
                throw .unusable(
                    "the checkpoint does not state which queue its messages went to; to start over, remove it"
                )
            }
            if let objection = old.objection(to: destination) {
                throw .misuse("the checkpoint is for messages \(objection); to start over, remove it")
            }
            return checkpoint
        }
    }

    /// Replaces the file with a checkpoint.
    package func replace(with checkpoint: Checkpoint) throws(SluiceError) {
        let file = try AtomicFile(path, besides: nil)
        var sink = file.sink
        let text = JSONWriter.object([("destination", destination.json)] + checkpoint.members)
        try sink.write(Array("\(text)\n".utf8))
        try file.commit(replaces: true)
    }

    /// Removes the file, after everything is delivered.
    package func remove() throws(SluiceError) { try AtomicFile.remove(path) }

    /// The most bytes of a checkpoint file. A checkpoint's length depends only on its number of empty spans.
    private static var largest: Int { 1 << 26 }
}

/// The destination of a run's messages.
package struct Destination: Sendable, Hashable {
    /// The queue's URL.
    private let queue: String
    /// The bucket and prefix for rows that fit no message, `s3://bucket/prefix`, or nil.
    private let largeRows: String?

    package init(queue: String, largeRows: String?) {
        self.queue = queue
        self.largeRows = largeRows
    }

    var json: String {
        let largeRows = largeRows.map { [(name: "largeRows", json: JSONWriter.string($0))] } ?? []
        return JSONWriter.object([("queue", JSONWriter.string(queue))] + largeRows)
    }

    /// Parses ``json``. Returns nil if the value is not a destination.
    init?(_ value: JSONValue) {
        guard let queue = value["queue"]?.text else { return nil }
        self.init(queue: queue, largeRows: value["largeRows"]?.text)
    }

    /// Returns why a run to this destination can't continue to another, or nil if it can.
    func objection(to other: Destination) -> String? {
        if queue != other.queue { return "to \(queue), not to \(other.queue)" }
        if largeRows == other.largeRows { return nil }
        return "with large rows in \(largeRows ?? "no bucket"), not in \(other.largeRows ?? "no bucket")"
    }
}
