import SluiceSystem

/// Where a command's output goes: standard output, a device, or a file that has its name only once it is complete.
///
/// A file is written under a temporary name in the same directory and renamed by ``commit()``. Until then, an error, a
/// signal that ends the process and the end of this object remove it, so what has the final name is whole; a process that
/// is killed leaves a `.sluice-….tmp` behind.
package final class OutputFile {
    private let path: String
    private let replaces: Bool
    private let descriptor: Int32
    /// The name that the file has while it is written.
    private var temporary: String?

    /// Opens the output at a path, or standard output as `-`. A file that exists is replaced only if `replaces`.
    package init(_ path: String, replaces: Bool) throws(SluiceError) {
        self.replaces = replaces
        guard path != "-" else {
            self.path = "standard output"
            descriptor = 1
            return
        }
        switch System.entry(at: path) {
        case .directory: throw Self.cannotCreate(path, System.isADirectory)
        case .file where !replaces, .brokenLink where !replaces: throw Self.cannotCreate(path, System.alreadyExists)
        case .other:
            // A device or a pipe is written to; there is nothing to replace or to complete.
            self.path = path
            descriptor = System.openForWriting(path)
            if descriptor < 0 { throw Self.cannotCreate(path, System.lastError) }
        case .file, .brokenLink, .nothing:
            // A link stays, and what it points to is replaced.
            self.path = System.resolved(path) ?? path
            let (name, descriptor) = try Self.createTemporary(for: self.path)
            temporary = name
            self.descriptor = descriptor
        }
    }

    deinit { discard() }

    private static func cannotCreate(_ path: String, _ code: Int32) -> SluiceError {
        .output(SystemFault("create", path: path, code: code))
    }

    private static func createTemporary(for path: String) throws(SluiceError) -> (name: String, descriptor: Int32) {
        let directory = path.lastIndex(of: "/").map { path[...$0] } ?? ""
        var attempt = 0
        while true {
            let name = "\(directory).sluice-\(System.processID)-\(attempt).tmp"
            let descriptor = System.create(name)
            if descriptor >= 0 {
                if System.removeOnSignal(name) { return (name, descriptor) }
                let code = System.lastError
                System.close(descriptor)
                System.remove(name)
                throw cannotCreate(path, code)
            }
            guard System.lastError == System.alreadyExists else { throw cannotCreate(path, System.lastError) }
            attempt += 1
        }
    }

    /// Writes to the output; for use while this object lives.
    package var sink: DescriptorSink { DescriptorSink(descriptor: descriptor, path: path) }

    /// Completes the output: from now on it stands under its name.
    package func commit() throws(SluiceError) {
        guard let temporary else { return }
        guard System.closeWritten(descriptor) else {
            let code = System.lastError
            forget()
            throw .output(SystemFault("close", path: path, code: code))
        }
        let isNamed = replaces ? System.rename(temporary, to: path) : System.renameIfFree(temporary, to: path)
        let code = System.lastError
        if isNamed {
            self.temporary = nil
            System.keepFile()
        } else {
            forget()
            throw Self.cannotCreate(path, code)
        }
    }

    /// Removes what was written, if it has not got its name.
    package func discard() {
        guard temporary != nil else { return }
        System.close(descriptor)
        forget()
    }

    private func forget() {
        guard let temporary else { return }
        System.remove(temporary)
        System.keepFile()
        self.temporary = nil
    }
}
