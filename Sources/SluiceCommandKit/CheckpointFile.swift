import Sluice
import SluiceCSV
import SluiceJSON
import SluiceSystem

/// The file of `--checkpoint`: how far a run has come, so that another can go on from there.
///
/// It is replaced as a whole, and what it says is on the disk before the run goes on: whenever the process or the machine
/// ends, there is the old checkpoint or the new one.
///
/// It also says where the messages went: `{"destination":{"queue":"https://…"},"source":…}`. To go on elsewhere would leave
/// both places without all of them.
package struct CheckpointFile {
    private let path: String
    private let destination: Destination

    package init(_ path: String, _ destination: Destination) {
        self.path = path
        self.destination = destination
    }

    /// The checkpoint in it; nil if there is no such file. What would keep a checkpoint from being written is found out
    /// here, before anything is sent. `inputs` are what the run reads.
    ///
    /// - Throws: also if it is of a run to another destination, or, as a library's is, to one that it does not name.
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
                throw .unusable("it can't be read as a checkpoint; to start anew, remove it")
            }
            guard let old = value["destination"].flatMap(Destination.init) else {
                throw .unusable(
                    "the checkpoint does not say to which queue its messages went; to start anew, remove it"
                )
            }
            if let objection = old.objection(to: destination) {
                throw .misuse("the checkpoint is of messages \(objection); to start anew, remove it")
            }
            return checkpoint
        }
    }

    /// Puts a checkpoint in place of what is there.
    package func replace(with checkpoint: Checkpoint) throws(SluiceError) {
        let file = try AtomicFile(path, besides: nil)
        var sink = file.sink
        let text = JSONWriter.object([("destination", destination.json)] + checkpoint.members)
        try sink.write(Array("\(text)\n".utf8))
        try file.commit(replaces: true)
    }

    /// Everything is delivered: there is nothing to go on with.
    package func remove() throws(SluiceError) { try AtomicFile.remove(path) }

    /// Bytes of a file that is taken for a checkpoint; its length depends on the empty spans only.
    private static var largest: Int { 1 << 26 }
}

/// Where the messages of a run go.
package struct Destination: Sendable, Hashable {
    /// The queue's URL.
    private let queue: String
    /// The bucket and the prefix for rows that fit no message, `s3://bucket/prefix`; nil if there is none.
    private let largeRows: String?

    package init(queue: String, largeRows: String?) {
        self.queue = queue
        self.largeRows = largeRows
    }

    var json: String {
        let largeRows = largeRows.map { [(name: "largeRows", json: JSONWriter.string($0))] } ?? []
        return JSONWriter.object([("queue", JSONWriter.string(queue))] + largeRows)
    }

    /// Reads that; nil if it is something else.
    init?(_ value: JSONValue) {
        guard let queue = value["queue"]?.text else { return nil }
        self.init(queue: queue, largeRows: value["largeRows"]?.text)
    }

    /// Why messages to here can't be followed by messages to another; nil if they can.
    func objection(to other: Destination) -> String? {
        if queue != other.queue { return "to \(queue), not to \(other.queue)" }
        if largeRows == other.largeRows { return nil }
        return "with large rows in \(largeRows ?? "no bucket"), not in \(other.largeRows ?? "no bucket")"
    }
}
