import CSluiceCleanup

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Which file it is, whatever its names: hard links and symbolic links to a file have its identity.
package struct FileIdentity: Sendable, Hashable {
    fileprivate let device: UInt64
    fileprivate let number: UInt64
}

/// Calls about what stands at a path, and whose it is.
///
/// Paths are strings of ``RawText``.
extension System {
    /// What stands at a path.
    package enum Entry: Sendable {
        case nothing
        case file
        case directory
        /// A device, a pipe, a socket.
        case other
        /// A symbolic link to nothing.
        case brokenLink
    }

    package static func entry(at path: String) -> Entry {
        guard let status = status(at: path) else {
            return status(at: path, followsLinks: false) == nil ? .nothing : .brokenLink
        }
        return switch status.st_mode & S_IFMT {
        case S_IFREG: .file
        case S_IFDIR: .directory
        default: .other
        }
    }

    /// The size of a regular file, or nil.
    package static func fileSize(at path: String) -> UInt64? {
        guard let status = status(at: path), status.st_mode & S_IFMT == S_IFREG else { return nil }
        return UInt64(status.st_size)
    }

    /// Which regular file a path leads to, or nil.
    package static func identity(at path: String) -> FileIdentity? { status(at: path).flatMap(identity) }

    /// Which regular file a descriptor is of, or nil.
    package static func identity(of descriptor: Int32) -> FileIdentity? { status(of: descriptor).flatMap(identity) }

    private static func identity(_ status: stat) -> FileIdentity? {
        guard status.st_mode & S_IFMT == S_IFREG else { return nil }
        return FileIdentity(device: UInt64(status.st_dev), number: UInt64(status.st_ino))
    }

    /// Whether a path, which is no link, is still that of the file or directory that is open.
    package static func isPath(_ path: String, of descriptor: Int32) -> Bool {
        guard let named = status(at: path, followsLinks: false), let open = status(of: descriptor) else { return false }
        return named.st_dev == open.st_dev && named.st_ino == open.st_ino
    }

    /// The path without symbolic links; nil if there is nothing.
    package static func resolved(_ path: String) -> String? {
        guard let resolved = RawText.withPath(path, { realpath($0, nil) }) else { return nil }
        defer { free(resolved) }
        return RawText.string(of: resolved)
    }

    /// What a symbolic link holds; nil if there is none.
    package static func target(ofLink path: String) -> String? {
        var target = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = target.withUnsafeMutableBytes { memory in
            // Safe: it writes no more than the memory's count.
            memory.withMemoryRebound(to: CChar.self) { target in
                RawText.withPath(path) { path in
                    target.baseAddress.map { readlink(path, $0, target.count) } ?? -1
                }
            }
        }
        return count < 0 ? nil : RawText.string(target[..<count])
    }

    /// Whose a file is and who may do what with it.
    package struct Permissions: Sendable {
        fileprivate let mode: mode_t
        fileprivate let owner: uid_t
        fileprivate let group: gid_t
    }

    /// The permissions of what a path leads to; nil if there is nothing.
    package static func permissions(at path: String) -> Permissions? {
        status(at: path).map { Permissions(mode: $0.st_mode & 0o7777, owner: $0.st_uid, group: $0.st_gid) }
    }

    /// Gives an open file or directory the owner and the group of another one, and says whether it has them. What it has already
    /// is not asked for: some file systems refuse all of that.
    package static func setOwner(of permissions: Permissions, to descriptor: Int32) -> Bool {
        guard let now = status(of: descriptor) else { return false }
        if now.st_uid == permissions.owner, now.st_gid == permissions.group { return true }
        return fchown(descriptor, permissions.owner, permissions.group) == 0
    }

    /// The same for the mode, which a new owner may have changed.
    package static func setMode(of permissions: Permissions, to descriptor: Int32) -> Bool {
        guard let now = status(of: descriptor) else { return false }
        return now.st_mode & 0o7777 == permissions.mode || fchmod(descriptor, permissions.mode) == 0
    }

    /// Whether a path, which is followed through no link, is that of a regular file or a directory.
    package static func isFileOrDirectory(_ path: String) -> Bool {
        guard let status = status(at: path, followsLinks: false) else { return false }
        return [S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT)
    }

    /// Whether an open file, which has no second name, or an open directory belongs to this user, or to whoever has what stands
    /// at a path, as a file does that is to replace that.
    package static func isLeftover(_ descriptor: Int32, of path: String) -> Bool {
        guard let open = status(of: descriptor) else { return false }
        switch open.st_mode & S_IFMT {
        case S_IFREG where open.st_nlink == 1: break
        case S_IFDIR: break
        default: return false
        }
        return open.st_uid == geteuid() || open.st_uid == status(at: path)?.st_uid
    }

    /// Whether a process has a lock.
    package enum Lock: Sendable {
        /// This one, until it closes the descriptor.
        case taken
        case another
        /// Nobody: files of the kind can't be locked.
        case impossible
    }

    package static func lock(_ descriptor: Int32) -> Lock {
        switch sluice_lock(descriptor) {
        case 1: .taken
        case 0: .another
        default: .impossible
        }
    }

    private static func status(at path: String, followsLinks: Bool = true) -> stat? {
        var status = stat()
        let result = RawText.withPath(path) { followsLinks ? stat($0, &status) : lstat($0, &status) }
        return result == 0 ? status : nil
    }

    private static func status(of descriptor: Int32) -> stat? {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? status : nil
    }
}
