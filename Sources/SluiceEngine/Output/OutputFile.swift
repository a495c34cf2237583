import SluiceCSV
import SluicePlatform

/// A command's output: standard output, a device, or a file that appears under its name only once it is complete.
///
/// Before ``commit()``, an error, a signal that ends the process, or the end of this object removes the file. So a file
/// with the final name is whole. The next run to the same output removes what a killed process left.
package final class OutputFile {
    private enum Kind {
        case standardOutput
        /// A device, a pipe or an open descriptor, which is written to directly: nothing is replaced or renamed.
        case direct(Int32)
        case file(AtomicFile)
        case closed
    }

    private let path: String
    private let replaces: Bool
    private var kind: Kind
    /// Writes to the output. Valid as long as this object.
    package let sink: DescriptorSink

    /// Opens the output at a path, or standard output as `-`. An existing file is replaced only if `replaces`. `inputs` are
    /// not removed, even if they look like leftovers of a killed process. Only one output of a process can be removed on a signal.
    package init(
        _ path: String,
        replaces: Bool,
        besides inputs: Set<FileIdentity>,
        isRemovedOnSignal: Bool = true
    ) throws(SluiceError) {
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
            let file = try AtomicFile(path, isRemovedOnSignal: isRemovedOnSignal, besides: inputs)
            (kind, sink) = (.file(file), file.sink)
        }
    }

    deinit { discard() }

    /// Whether two outputs would be the same file, which need not exist, or both standard output.
    package static func areSame(_ one: String, _ other: String) -> Bool {
        if [one, other].allSatisfy({ $0 == "-" || OutputTarget.descriptor(at: $0) == 1 }) { return true }
        // Two outputs can go to one device or terminal.
        if System.entry(at: one) == .other || System.entry(at: other) == .other { return false }
        if [one, other].contains("-") {
            let identity = System.identity(at: one == "-" ? other : one)
            return identity != nil && identity == System.identity(of: 1)
        }
        guard let one = try? OutputTarget(one), let other = try? OutputTarget(other) else { return false }
        return one.name == other.name && one.directoryIdentity == other.directoryIdentity
    }

    /// Completes the output. A file gets its name.
    package func commit() throws(SluiceError) {
        let kind = kind
        self.kind = .closed
        switch kind {
        case .standardOutput, .closed: return
        case .direct(let descriptor):
            let isSynced = System.sync(descriptor)
            let code = System.lastError
            // Some systems report failed writes only here.
            let isClosed = System.closeWritten(descriptor)
            if !isSynced { throw .output(SystemFault("sync", path: path, code: code)) }
            if !isClosed { throw .output(SystemFault("close", path: path, code: System.lastError)) }
        case .file(let file): try file.commit(replaces: replaces)
        }
    }

    /// Removes the file, unless it was committed.
    package func discard() {
        switch kind {
        case .standardOutput, .closed: return
        case .direct(let descriptor): System.close(descriptor)
        case .file(let file): file.discard()
        }
        kind = .closed
    }
}
