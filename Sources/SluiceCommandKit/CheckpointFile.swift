import Sluice
import SluiceCSV
import SluiceSystem

/// The file of `--checkpoint`: how far a run has come, so that another can go on from there.
///
/// It is replaced as a whole, and what it says is on the disk before the run goes on: whenever the process or the machine
/// ends, there is the old checkpoint or the new one.
package struct CheckpointFile {
    private let path: String

    package init(_ path: String) { self.path = path }

    /// The checkpoint in it; nil if there is no such file. What would keep a checkpoint from being written is found out
    /// here, before anything is sent. `inputs` are what the run reads.
    package func read(besides inputs: InputIdentities) throws(Failure) -> Checkpoint? {
        try Failure.naming(path) { () throws(SluiceError) in
            try AtomicFile(path, besides: inputs.all).discard()
            switch System.entry(at: path) {
            case .nothing, .brokenLink: return nil
            case .file, .directory, .other: break
            }
            guard let text = System.contents(of: path, limit: Self.largest), let checkpoint = Checkpoint(json: text)
            else {
                throw .unusable("it can't be read as a checkpoint; to start anew, remove it")
            }
            return checkpoint
        }
    }

    /// Puts a checkpoint in place of what is there.
    package func replace(with checkpoint: Checkpoint) throws(SluiceError) {
        let file = try AtomicFile(path, besides: nil)
        var sink = file.sink
        try sink.write(Array("\(checkpoint.json)\n".utf8))
        try file.commit(replaces: true)
    }

    /// Everything is delivered: there is nothing to go on with.
    package func remove() throws(SluiceError) { try AtomicFile.remove(path) }

    /// Bytes of a file that is taken for a checkpoint; its length depends on the empty spans only.
    private static var largest: Int { 1 << 26 }
}
