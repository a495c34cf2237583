import CSluicePlatform

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Identifies a file independently of its names: all hard links and symbolic links to a file have its identity.
package struct FileIdentity: Sendable, Hashable {
    fileprivate let device: UInt64
    fileprivate let number: UInt64
}

/// Operations on the type, identity, owner and lock of a file. Paths are strings of ``RawText``.
extension System {
    /// The type of file at a path.
    package enum Entry: Sendable {
        case nothing
        case file
        case directory
        /// A device, a pipe, a socket.
        case other
        /// A symbolic link whose target does not exist.
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

    /// Returns the size of a regular file, or nil if there is none.
    package static func fileSize(at path: String) -> UInt64? { fileState(at: path)?.size }

    /// Returns the identity of the regular file at a path, or nil if there is none.
    package static func identity(at path: String) -> FileIdentity? { status(at: path).flatMap(identity) }

    /// Returns the identity of an open regular file, or nil if it is something else.
    package static func identity(of descriptor: Int32) -> FileIdentity? { status(of: descriptor).flatMap(identity) }

    private static func identity(_ status: stat) -> FileIdentity? {
        guard status.st_mode & S_IFMT == S_IFREG else { return nil }
        // Darwin's number of a device has a sign.
        return FileIdentity(device: UInt64(truncatingIfNeeded: status.st_dev), number: UInt64(status.st_ino))
    }

    /// Whether a path, which must not be a link, still names the open file or directory.
    package static func isPath(_ path: String, of descriptor: Int32) -> Bool {
        guard let named = status(at: path, followsLinks: false), let open = status(of: descriptor) else { return false }
        return named.st_dev == open.st_dev && named.st_ino == open.st_ino
    }

    /// Returns the path with symbolic links resolved, or nil if nothing exists there.
    package static func resolved(_ path: String) -> String? {
        guard let resolved = RawText.withPath(path, { realpath($0, nil) }) else { return nil }
        defer { free(resolved) }
        return RawText.string(of: resolved)
    }

    /// Returns the target of a symbolic link, or nil if there is no link at the path.
    package static func target(ofLink path: String) -> String? {
        var target = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = target.withUnsafeMutableBytes { memory in
            // Safe: it writes at most `target.count` bytes.
            memory.withMemoryRebound(to: CChar.self) { target in
                RawText.withPath(path) { path in
                    target.baseAddress.map { readlink(path, $0, target.count) } ?? -1
                }
            }
        }
        return count < 0 ? nil : RawText.string(target[..<count])
    }

    /// The mode, owner and group of a file.
    package struct Permissions: Sendable {
        fileprivate let mode: mode_t
        fileprivate let owner: uid_t
        fileprivate let group: gid_t
    }

    /// Returns the permissions of the file that a path leads to, or nil if there is none.
    package static func permissions(at path: String) -> Permissions? {
        status(at: path).map { Permissions(mode: $0.st_mode & 0o7777, owner: $0.st_uid, group: $0.st_gid) }
    }

    /// Gives an open file or directory the owner and group of another one, and returns whether it has them. Makes no
    /// call if it has them already: some file systems refuse every such call.
    package static func setOwner(of permissions: Permissions, to descriptor: Int32) -> Bool {
        guard let now = status(of: descriptor) else { return false }
        if now.st_uid == permissions.owner, now.st_gid == permissions.group { return true }
        return fchown(descriptor, permissions.owner, permissions.group) == 0
    }

    /// Gives an open file or directory the mode of another one, and returns whether it has it. Call it after
    /// ``setOwner(of:to:)``, which may change the mode.
    package static func setMode(of permissions: Permissions, to descriptor: Int32) -> Bool {
        guard let now = status(of: descriptor) else { return false }
        return now.st_mode & 0o7777 == permissions.mode || fchmod(descriptor, permissions.mode) == 0
    }

    /// Whether a path is that of a regular file or a directory. Follows no link.
    package static func isFileOrDirectory(_ path: String) -> Bool {
        guard let status = status(at: path, followsLinks: false) else { return false }
        return [S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT)
    }

    /// Whether an open file or directory may be the unfinished output of an earlier run that was to replace the file at
    /// `path`. It must belong to this user or to the owner of the file at `path`, and a regular file must have no
    /// second name.
    package static func isLeftover(_ descriptor: Int32, of path: String) -> Bool {
        guard let open = status(of: descriptor) else { return false }
        switch open.st_mode & S_IFMT {
        case S_IFREG where open.st_nlink == 1: break
        case S_IFDIR: break
        default: return false
        }
        return open.st_uid == geteuid() || open.st_uid == status(at: path)?.st_uid
    }

    /// The result of an attempt to lock a file.
    package enum Lock: Sendable {
        /// This process has the lock, until it closes the descriptor.
        case taken
        case another
        /// No process has it: files of this type can't be locked.
        case impossible
    }

    package static func lock(_ descriptor: Int32) -> Lock {
        switch sluice_lock(descriptor) {
        case 1: .taken
        case 0: .another
        default: .impossible
        }
    }

    static func status(at path: String, followsLinks: Bool = true) -> stat? {
        var status = stat()
        let result = RawText.withPath(path) { followsLinks ? stat($0, &status) : lstat($0, &status) }
        return result == 0 ? status : nil
    }

    static func status(of descriptor: Int32) -> stat? {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? status : nil
    }
}
