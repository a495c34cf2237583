import SluiceCSV
import SluiceSystem

/// A directory with one file a message, `00000000.json` and on in the order of sending, that has its name only once it is
/// complete.
///
/// It is written under a temporary name beside the final one. An error and the end of this object remove it; a process
/// that is ended from outside leaves a `.sluice-….tmp` behind.
package final class MessageDirectory {
    private let path: String
    private let replaces: Bool
    private let temporary: String
    private var isCommitted = false
    fileprivate var count = 0

    /// Opens an output that is to stand at `path`: where nothing is, or an empty directory, or, if `replaces`, one that
    /// holds nothing but messages.
    package init(_ path: String, replaces: Bool) throws(SluiceError) {
        let named = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        // A link stays, and what it points to is replaced.
        let path = System.resolved(named) ?? named
        self.path = path
        self.replaces = replaces
        switch System.entry(at: path) {
        case .nothing: break
        case .directory:
            let names = System.names(in: path) ?? [""]
            let isFree = names.isEmpty || (replaces && names.allSatisfy(Self.isMessage))
            if !isFree { throw .cannotCreate(path, System.alreadyExists) }
        case .file, .other, .brokenLink: throw .cannotCreate(path, System.alreadyExists)
        }
        temporary = try Self.createTemporary(for: path)
    }

    private static func createTemporary(for path: String) throws(SluiceError) -> String {
        try TemporaryName.make(beside: path) { System.createDirectory($0) ? $0 : nil }
    }

    deinit { discard() }

    /// Writes the messages; for use while this object lives.
    package func sink(kernel: Kernel) -> MessageFileSink { MessageFileSink(directory: self, kernel: kernel) }

    /// Gives the directory its name. What stood there is removed only when that has succeeded.
    package func commit() throws(SluiceError) {
        let old = try Self.createTemporary(for: path)
        let isMoved = replaces && System.rename(path, to: old)
        defer {
            if isCommitted { Self.empty(old) }
            System.removeDirectory(old)
        }
        // An empty directory gives way; one in which somebody has put something meanwhile does not.
        isCommitted = System.rename(temporary, to: path)
        if !isCommitted {
            let code = System.lastError
            if isMoved { _ = System.rename(old, to: path) }
            throw .cannotCreate(path, code)
        }
    }

    /// Removes what was written, if it has not got its name.
    package func discard() {
        guard !isCommitted else { return }
        Self.empty(temporary)
        System.removeDirectory(temporary)
    }

    fileprivate func nextFile() -> String {
        let digits = String(count)
        count += 1
        return "\(temporary)/\(String(repeating: "0", count: max(0, 8 - digits.count)))\(digits).json"
    }

    private static func isMessage(_ name: String) -> Bool {
        name.hasSuffix(".json") && name.utf8.count >= 13 && name.utf8.dropLast(5).allSatisfy { 0x30...0x39 ~= $0 }
    }

    private static func empty(_ path: String) {
        for name in System.names(in: path) ?? [] where isMessage(name) { System.remove("\(path)/\(name)") }
    }
}

/// Writes each message into a file of its own.
package struct MessageFileSink: MessageSink {
    fileprivate let directory: MessageDirectory
    fileprivate let kernel: Kernel

    package mutating func send(_ message: Message) throws(SluiceError) {
        let path = directory.nextFile()
        let descriptor = System.create(path)
        if descriptor < 0 { throw .cannotCreate(path, System.lastError) }
        var lines = MessageLineSink(DescriptorSink(descriptor: descriptor, path: path), kernel: kernel)
        do throws(SluiceError) {
            try lines.send(message)
        } catch {
            System.close(descriptor)
            throw error
        }
        if !System.closeWritten(descriptor) {
            throw .output(SystemFault("close", path: path, code: System.lastError))
        }
    }

    package mutating func reject(_ error: CSVError) {}

    /// Does nothing: each file is complete when the next message comes.
    package mutating func finish() {}
}
