import SluiceCSV
import SluicePlatform

/// A directory that appears under its name only once it is complete, with one file per message: `00000000.json` and on, in
/// the order of sending.
///
/// It is written under a temporary name beside the final one. An error, a signal that ends the process, or the end of this
/// object removes it; the next run to the same output removes what a killed process left. If it replaces another directory,
/// the two swap names where the system supports that, so that the name always exists.
package final class MessageDirectory {
    private let target: OutputTarget
    private let replaces: Bool
    private let temporary: String
    /// The directory itself, kept open to hold its lock.
    private let descriptor: Int32
    private var isCommitted = false
    fileprivate var count = 0

    /// Creates the temporary directory for the one at `path`, which must not exist, or be empty, or, if `replaces`, hold
    /// nothing but messages. `inputs` are not removed, even if they look like leftovers of a killed process.
    package init(_ path: String, replaces: Bool, besides inputs: Set<FileIdentity>) throws(SluiceError) {
        var path = path
        while path.utf8.count > 1, path.utf8.last == UInt8(ascii: "/") { path.unicodeScalars.removeLast() }
        target = try OutputTarget(path)
        self.replaces = replaces
        switch System.entry(at: target.path) {
        case .nothing: break
        case .directory: if let code = Self.objection(to: target.path, replaces) { throw .cannotCreate(path, code) }
        case .file, .other, .brokenLink: throw .cannotCreate(path, System.isNoDirectory)
        }
        TemporaryName.removeAbandoned(for: target, besides: inputs)
        (temporary, descriptor) = try Self.createTemporary(for: target)
        do throws(SluiceError) {
            try target.giveOwner(of: System.permissions(at: target.path), to: descriptor)
            if !System.removeOnSignal(temporary, isDirectory: true) { throw .cannotCreate(path, System.lastError) }
        } catch {
            System.removeDirectory(temporary)
            isCommitted = true
            throw error
        }
    }

    /// Returns why a directory cannot be replaced, or nil if it can.
    private static func objection(to path: String, _ replaces: Bool) -> Int32? {
        let names = System.names(in: path) ?? [""]
        if names.isEmpty { return nil }
        guard names.allSatisfy(isMessage) else { return System.isNotEmpty }
        return replaces ? nil : System.alreadyExists
    }

    private static func createTemporary(for target: OutputTarget) throws(SluiceError) -> (String, Int32) {
        try TemporaryName.make(for: target) { (name) throws(SluiceError) in
            guard System.createDirectory(name) else {
                let code = System.lastError
                return code == System.alreadyExists ? .taken : .failed(code)
            }
            let descriptor = System.openToLock(name)
            guard descriptor >= 0 else {
                let code = System.lastError
                System.removeDirectory(name)
                // Before it was open it had no lock, so another run may have removed it as abandoned.
                return code == System.notFound ? .taken : .failed(code)
            }
            if TemporaryName.claim(name, descriptor) { return .made((name, descriptor)) }
            System.close(descriptor)
            return .taken
        }
    }

    deinit {
        discard()
        System.close(descriptor)
    }

    /// Writes the messages. Valid as long as this object.
    package func sink(kernel: Kernel) -> MessageFileSink { MessageFileSink(directory: self, kernel: kernel) }

    /// Gives the directory its name, once all of it is on the disk. Only then removes the directory that it replaces.
    package func commit() throws(SluiceError) {
        defer { if isCommitted { System.keepOutput() } }
        try target.givePermissions(of: System.permissions(at: target.path), to: descriptor)
        // Sync all files at once: syncing each would take longer than writing them.
        if !System.syncFileSystem(of: descriptor) {
            throw .output(SystemFault("sync", path: target.path, code: System.lastError))
        }
        let isReplacing = replaces && System.entry(at: target.path) == .directory
        try isReplacing ? replace() : takeName()
        try target.syncDirectory()
    }

    /// Takes the name if it is free, or that of an empty directory, which is replaced.
    private func takeName() throws(SluiceError) {
        isCommitted =
            System.entry(at: target.path) == .nothing
            ? System.renameIfFree(temporary, to: target.path) : System.rename(temporary, to: target.path)
        if isCommitted { return }
        let code = System.lastError
        // Another run may have put messages there meanwhile.
        throw .cannotCreate(target.path, Self.objection(to: target.path, replaces) ?? code)
    }

    /// Takes the name of a directory of messages, and removes that directory.
    private func replace() throws(SluiceError) {
        if let code = Self.objection(to: target.path, replaces) { throw .cannotCreate(target.path, code) }
        guard let isExchanged = System.exchange(temporary, target.path) else { return try replaceInTwoSteps() }
        if !isExchanged { throw .cannotCreate(target.path, System.lastError) }
        // A file may have been added just before the exchange.
        if let code = Self.objection(to: temporary, replaces), System.exchange(temporary, target.path) == true {
            throw .cannotCreate(target.path, code)
        }
        isCommitted = true
        Self.removeMessages(in: temporary)
        System.removeDirectory(temporary)
    }

    /// Replaces the directory where names cannot be swapped: for a moment the name does not exist.
    private func replaceInTwoSteps() throws(SluiceError) {
        let (old, lock) = try Self.createTemporary(for: target)
        defer {
            System.removeDirectory(old)
            System.close(lock)
        }
        let isMoved = System.rename(target.path, to: old)
        isCommitted = System.rename(temporary, to: target.path)
        if !isCommitted {
            let code = System.lastError
            if isMoved { _ = System.rename(old, to: target.path) }
            throw .cannotCreate(target.path, code)
        }
        Self.removeMessages(in: old)
    }

    /// Removes what was written, unless it was committed.
    package func discard() {
        guard !isCommitted else { return }
        isCommitted = true
        Self.removeMessages(in: temporary)
        System.removeDirectory(temporary)
        System.keepOutput()
    }

    fileprivate func nextFile() -> String {
        defer { count += 1 }
        return "\(temporary)/\(count.digits(width: 8)).json"
    }

    static func isMessage(_ name: String) -> Bool {
        name.hasSuffix(".json") && name.utf8.count >= 13 && name.utf8.dropLast(5).allSatisfy { 0x30...0x39 ~= $0 }
    }

    /// Removes the messages in a directory, and nothing else.
    static func removeMessages(in path: String) {
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

    /// Does nothing: each file is complete once its message is sent.
    package mutating func finish() {}
}
