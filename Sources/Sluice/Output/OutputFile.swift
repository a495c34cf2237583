import SluiceCSV
import SluiceSystem

/// Where a command's output goes: standard output, a device, or a file that has its name only once it is complete.
///
/// Until ``commit()``, an error, a signal that ends the process and the end of this object remove a file, so what has the
/// final name is whole. What a process leaves behind that is killed, the next run to the same output removes.
package final class OutputFile {
    private enum Kind {
        case standardOutput
        /// A device, a pipe or what is open already, which is written to as it is: there is nothing to replace or to complete.
        case direct(Int32)
        case file(AtomicFile)
        case closed
    }

    private let path: String
    private let replaces: Bool
    private var kind: Kind
    /// Writes to the output; for use while this object lives.
    package let sink: DescriptorSink

    /// Opens the output at a path, or standard output as `-`. A file that exists is replaced only if `replaces`. `inputs` are not
    /// removed, though they look like what a killed process left behind.
    package init(_ path: String, replaces: Bool, besides inputs: Set<FileIdentity>) throws(SluiceError) {
        self.replaces = replaces
        self.path = path == "-" ? "standard output" : path
        guard path != "-" else {
            (kind, sink) = (.standardOutput, DescriptorSink(descriptor: 1, path: self.path))
            return
        }
        if let number = OutputTarget.descriptor(at: path) {
            let descriptor = System.duplicate(number)
            if descriptor < 0 { throw .cannotCreate(path, System.lastError) }
            (kind, sink) = (.direct(descriptor), DescriptorSink(descriptor: descriptor, path: path))
            return
        }
        switch System.entry(at: path) {
        case .directory: throw .cannotCreate(path, System.isADirectory)
        case .file where !replaces: throw .cannotCreate(path, System.alreadyExists)
        case .other:
            let descriptor = System.openForWriting(path)
            if descriptor < 0 { throw .cannotCreate(path, System.lastError) }
            (kind, sink) = (.direct(descriptor), DescriptorSink(descriptor: descriptor, path: path))
        case .file, .brokenLink, .nothing:
            let file = try AtomicFile(path, isRemovedOnSignal: true, besides: inputs)
            (kind, sink) = (.file(file), file.sink)
        }
    }

    deinit { discard() }

    /// Completes the output: from now on it stands under its name.
    package func commit() throws(SluiceError) {
        let kind = kind
        self.kind = .closed
        switch kind {
        case .standardOutput, .closed: return
        case .direct(let descriptor):
            let isSynced = System.sync(descriptor)
            let code = System.lastError
            // What could not be written is sometimes told only now.
            let isClosed = System.closeWritten(descriptor)
            if !isSynced { throw .output(SystemFault("sync", path: path, code: code)) }
            if !isClosed { throw .output(SystemFault("close", path: path, code: System.lastError)) }
        case .file(let file): try file.commit(replaces: replaces)
        }
    }

    /// Removes what was written, unless it is complete.
    package func discard() {
        switch kind {
        case .standardOutput, .closed: return
        case .direct(let descriptor): System.close(descriptor)
        case .file(let file): file.discard()
        }
        kind = .closed
    }
}
