import Sluice
import SluiceCSV
import SluiceSystem

/// The file of `--checkpoint`: how far a run has come, so that another can go on from there.
///
/// It is replaced as a whole, and what it says is on the disk before the run goes on: whenever the process or the machine
/// ends, there is the old checkpoint or the new one. A process that is killed leaves `FILE.tmp` behind at most, which the
/// next one replaces.
package struct CheckpointFile {
    private let path: String
    private var temporary: String { path + ".tmp" }
    private var directory: String { path.lastIndex(of: "/").map { String(path[...$0]) } ?? "." }

    package init(_ path: String) { self.path = path }

    /// The checkpoint in it; nil if there is no such file. What would keep a checkpoint from being written is found out
    /// here, before anything is sent.
    package func read() throws(Failure) -> Checkpoint? {
        try Failure.naming(path) { () throws(SluiceError) in
            try write([])
            System.remove(temporary)
            if case .nothing = System.entry(at: path) { return nil }
            guard let text = System.contents(of: path, limit: Self.largest), let checkpoint = Checkpoint(json: text)
            else {
                throw .unusable("it can't be read as a checkpoint; to start anew, remove it")
            }
            return checkpoint
        }
    }

    /// Puts a checkpoint in place of what is there.
    package func replace(with checkpoint: Checkpoint) throws(SluiceError) {
        try write(Array("\(checkpoint.json)\n".utf8))
        guard System.rename(temporary, to: path) else { throw fault("create", path) }
        try syncDirectory()
    }

    /// Everything is delivered: there is nothing to go on with.
    package func remove() throws(SluiceError) {
        System.remove(path)
        try syncDirectory()
    }

    /// Has a text on the disk under the temporary name.
    private func write(_ text: [UInt8]) throws(SluiceError) {
        System.remove(temporary)
        let descriptor = System.create(temporary)
        if descriptor < 0 { throw fault("create", temporary) }
        do throws(SluiceError) {
            var sink = DescriptorSink(descriptor: descriptor, path: temporary)
            try sink.write(text)
            guard System.sync(descriptor) else { throw fault("sync", temporary) }
        } catch {
            System.close(descriptor)
            throw error
        }
        guard System.closeWritten(descriptor) else { throw fault("close", temporary) }
    }

    /// A new name is on the disk when its directory is.
    private func syncDirectory() throws(SluiceError) {
        let descriptor = System.open(directory)
        defer { System.close(descriptor) }
        guard descriptor >= 0, System.sync(descriptor) else { throw fault("sync", directory) }
    }

    private func fault(_ operation: String, _ path: String) -> SluiceError {
        .output(SystemFault(operation, path: path, code: System.lastError))
    }

    /// Bytes of a file that is taken for a checkpoint; its length depends on the empty spans only.
    private static var largest: Int { 1 << 26 }
}
