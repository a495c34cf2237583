import SluiceCSV
import SluiceSystem

/// Where an output is to stand: a path whose last part is no symbolic link. Links stay; what they lead to is replaced, or
/// created where they lead to nothing.
struct OutputTarget {
    let path: String
    /// What the name stands in, with `/` at its end; empty: the directory that the process works in.
    let directory: String
    let name: String

    init(_ path: String) throws(SluiceError) {
        var target = path
        for _ in 0..<Self.mostLinks {
            guard let link = System.target(ofLink: target) else {
                self.init(ofNoLink: System.resolved(target) ?? target)
                if name.isEmpty { throw .cannotCreate(path, System.isADirectory) }
                return
            }
            target = link.utf8.first == UInt8(ascii: "/") ? link : Self.parts(target).directory + link
        }
        throw .cannotCreate(path, System.tooManyLinks)
    }

    /// The descriptor of this process that a path names: `/dev/stdout`, `/dev/fd/3`, `/proc/self/fd/3`, or a link to one. Nil:
    /// it names something else.
    ///
    /// What is open is not to be replaced by its name: who opened it reads or writes on, in what has no name any more.
    static func descriptor(at path: String) -> Int32? {
        var target = path
        for _ in 0..<mostLinks {
            let (directory, name) = parts(target)
            switch directory {
            case "/dev/":
                if let number = ["stdin": 0, "stdout": 1, "stderr": 2][name] { return Int32(number) }
            case "/dev/fd/", "/proc/self/fd/", "/proc/thread-self/fd/", "/proc/\(System.processNumber)/fd/":
                return Int32(name)
            default: break
            }
            guard let link = System.target(ofLink: target) else { return nil }
            target = link.utf8.first == UInt8(ascii: "/") ? link : directory + link
        }
        return nil
    }

    private init(ofNoLink path: String) {
        self.path = path
        (directory, name) = Self.parts(path)
    }

    /// Gives what is to stand there the owner and the group of what stands there. What can't have them replaces nothing, which is
    /// found out before it is written.
    func giveOwner(of replaced: System.Permissions?, to descriptor: Int32) throws(SluiceError) {
        guard let replaced, !System.setOwner(of: replaced, to: descriptor) else { return }
        throw .output(SystemFault(SystemFault.keepingOwner, path: path, code: System.lastError))
    }

    /// The same with its mode.
    func givePermissions(of replaced: System.Permissions?, to descriptor: Int32) throws(SluiceError) {
        try giveOwner(of: replaced, to: descriptor)
        guard let replaced, !System.setMode(of: replaced, to: descriptor) else { return }
        throw .output(SystemFault(SystemFault.keepingOwner, path: path, code: System.lastError))
    }

    /// Has the disk know which names the directory has.
    func syncDirectory() throws(SluiceError) {
        let directory = directory.isEmpty ? "." : directory
        let descriptor = System.open(directory)
        // A directory may be written to by those who may not read it, and so not open it.
        guard descriptor >= 0 else { return }
        defer { System.close(descriptor) }
        if !System.sync(descriptor) { throw .output(SystemFault("sync", path: directory, code: System.lastError)) }
    }

    /// Cuts after the last slash. A character of Swift may hold a slash and an accent that follows it, so bytes are cut.
    private static func parts(_ path: String) -> (directory: String, name: String) {
        let start = path.utf8.lastIndex(of: UInt8(ascii: "/")).map(path.utf8.index(after:)) ?? path.utf8.startIndex
        return (String(Substring(path.utf8[..<start])), String(Substring(path.utf8[start...])))
    }

    /// As Linux has it.
    private static var mostLinks: Int { 40 }
}
