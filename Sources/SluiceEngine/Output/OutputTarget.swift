import SluiceCSV
import SluicePlatform

/// Where an output is created: a path whose last part is no symbolic link. A link stays; the file that it leads to is
/// replaced, or created if it does not exist.
struct OutputTarget {
    let path: String
    /// The directory of the name, with `/` at its end; empty for the working directory.
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

    /// Returns the descriptor of this process that a path names: `/dev/stdout`, `/dev/fd/3`, `/proc/self/fd/3`, or a link
    /// to one. Returns nil if it names something else.
    ///
    /// An open file must not be replaced under its name: the process that opened it would continue with a file without a
    /// name.
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

    var directoryIdentity: FileIdentity? { System.identity(at: directory.isEmpty ? "." : directory) }

    /// Gives the new output the owner and the group of the one that it replaces. Throws if it can't have them, before
    /// anything is written.
    func giveOwner(of replaced: System.Permissions?, to descriptor: Int32) throws(SluiceError) {
        guard let replaced, !System.setOwner(of: replaced, to: descriptor) else { return }
        throw .output(SystemFault(SystemFault.keepingOwner, path: path, code: System.lastError))
    }

    /// Gives the new output the owner, the group and the mode of the one that it replaces.
    func givePermissions(of replaced: System.Permissions?, to descriptor: Int32) throws(SluiceError) {
        try giveOwner(of: replaced, to: descriptor)
        guard let replaced, !System.setMode(of: replaced, to: descriptor) else { return }
        throw .output(SystemFault(SystemFault.keepingOwner, path: path, code: System.lastError))
    }

    /// Syncs the names in the directory to the disk.
    func syncDirectory() throws(SluiceError) {
        let directory = directory.isEmpty ? "." : directory
        let descriptor = System.open(directory)
        // A directory that may be written but not read can't be opened.
        guard descriptor >= 0 else { return }
        defer { System.close(descriptor) }
        if !System.sync(descriptor) { throw .output(SystemFault("sync", path: directory, code: System.lastError)) }
    }

    /// Splits after the last slash. Splits bytes, because a Swift character may combine a slash with an accent that follows
    /// it.
    private static func parts(_ path: String) -> (directory: String, name: String) {
        let start = path.utf8.lastIndex(of: UInt8(ascii: "/")).map(path.utf8.index(after:)) ?? path.utf8.startIndex
        return (String(Substring(path.utf8[..<start])), String(Substring(path.utf8[start...])))
    }

    /// The limit of Linux.
    private static var mostLinks: Int { 40 }
}
