import SluiceSystem

/// Where a command's output goes: standard output, a device, or a file that has its name only once it is complete.
///
/// A file is written under a temporary name in the same directory and renamed by ``commit()``. Until then, an error, a
/// signal that ends the process and the end of this object remove it, so what has the final name is whole; a process that
/// is killed leaves a `.sluice-….tmp` behind.
package final class OutputFile {
    private enum Kind {
        case standardOutput
        /// A device or a pipe, which is written to as it is: there is nothing to replace or to complete.
        case direct
        /// A file that has this name while it is written.
        case temporary(String)
        case closed
    }

    private let path: String
    private let replaces: Bool
    private let descriptor: Int32
    private var kind: Kind

    /// Opens the output at a path, or standard output as `-`. A file that exists is replaced only if `replaces`.
    package init(_ path: String, replaces: Bool) throws(SluiceError) {
        self.replaces = replaces
        guard path != "-" else {
            self.path = "standard output"
            (kind, descriptor) = (.standardOutput, 1)
            return
        }
        switch System.entry(at: path) {
        case .directory: throw .cannotCreate(path, System.isADirectory)
        case .file where !replaces, .brokenLink where !replaces: throw .cannotCreate(path, System.alreadyExists)
        case .other:
            self.path = path
            (kind, descriptor) = (.direct, System.openForWriting(path))
            if descriptor < 0 { throw .cannotCreate(path, System.lastError) }
        case .file, .brokenLink, .nothing:
            // A link stays, and what it points to is replaced.
            self.path = System.resolved(path) ?? path
            let (name, descriptor) = try Self.createTemporary(for: self.path)
            (kind, self.descriptor) = (.temporary(name), descriptor)
        }
    }

    deinit { discard() }

    private static func createTemporary(for path: String) throws(SluiceError) -> (name: String, descriptor: Int32) {
        try TemporaryName.make(beside: path) { (name) throws(SluiceError) in
            let descriptor = System.create(name)
            if descriptor < 0 { return nil }
            if System.removeOnSignal(name) { return (name, descriptor) }
            let code = System.lastError
            System.close(descriptor)
            System.remove(name)
            throw .cannotCreate(path, code)
        }
    }

    /// Writes to the output; for use while this object lives.
    package var sink: DescriptorSink { DescriptorSink(descriptor: descriptor, path: path) }

    /// Completes the output: from now on it stands under its name.
    package func commit() throws(SluiceError) {
        switch kind {
        case .standardOutput, .closed: return
        case .direct: try closeWritten()
        case .temporary(let name):
            // Removes what has the temporary name, if anything still has it.
            defer {
                System.remove(name)
                System.keepFile()
            }
            try closeWritten()
            let isNamed = replaces ? System.rename(name, to: path) : System.renameIfFree(name, to: path)
            if !isNamed { throw .cannotCreate(path, System.lastError) }
        }
    }

    private func closeWritten() throws(SluiceError) {
        kind = .closed
        // What could not be written is sometimes told only now.
        if !System.closeWritten(descriptor) { throw .output(SystemFault("close", path: path, code: System.lastError)) }
    }

    /// Removes what was written, unless it is complete.
    package func discard() {
        switch kind {
        case .standardOutput, .closed: return
        case .direct: System.close(descriptor)
        case .temporary(let name):
            System.close(descriptor)
            System.remove(name)
            System.keepFile()
        }
        kind = .closed
    }
}
