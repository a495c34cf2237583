import CSluicePlatform

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Operations on files by path: creating, opening, renaming, removing. Paths are strings of ``RawText``.
///
/// Those that return a descriptor return a negative number on failure.
extension System {
    package static var alreadyExists: Int32 { EEXIST }
    package static var brokenPipe: Int32 { EPIPE }
    package static var notFound: Int32 { ENOENT }
    package static var isADirectory: Int32 { EISDIR }
    package static var isNoDirectory: Int32 { ENOTDIR }
    package static var isNoFile: Int32 { ENODEV }
    package static var isNotEmpty: Int32 { ENOTEMPTY }
    package static var tooManyLinks: Int32 { ELOOP }

    /// Creates a file, which must not exist yet, for writing. If it `isPrivate`, only its owner may open it.
    package static func create(_ path: String, isPrivate: Bool = false) -> Int32 {
        openFile(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, isPrivate ? 0o600 : 0o666)
    }

    /// Creates a file without a name, for reading and writing by this process.
    package static func createWithoutName(in directory: String) -> Int32 {
        // `mkstemp` replaces the six X.
        var path = (RawText.bytes("\(directory)/.sluice-XXXXXX") + [0]).map { CChar(truncatingIfNeeded: $0) }
        let descriptor = mkstemp(&path)
        guard descriptor >= 0 else { return descriptor }
        unlink(path)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        return descriptor
    }

    /// Opens an existing file for writing, without truncating it.
    package static func openForWriting(_ path: String) -> Int32 { openFile(path, O_WRONLY | O_CLOEXEC) }

    /// Opens a file to add to its end, or creates it. If it is to be emptied, what it held is lost.
    package static func openForAppending(_ path: String, empties: Bool) -> Int32 {
        openFile(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | (empties ? O_TRUNC : 0))
    }

    /// Removes what follows the last line feed of a file. Returns whether that succeeded.
    package static func removePartialLine(_ descriptor: Int32) -> Bool {
        guard var end = fileState(of: descriptor).map({ Int($0.size) }) else { return false }
        var block = [UInt8](repeating: 0, count: 1 << 16)
        while end > 0 {
            let start = max(0, end - block.count)
            // Safe: at most the buffer's size is read, during the call only.
            let count = block.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, end - start, off_t(start)) }
            guard count == end - start else { return false }
            if let last = block[..<count].lastIndex(of: 0x0A) {
                end = start + last + 1
                break
            }
            end = start
        }
        return ftruncate(descriptor, off_t(end)) == 0
    }

    /// Returns a second descriptor of an open file.
    package static func duplicate(_ descriptor: Int32) -> Int32 { fcntl(descriptor, F_DUPFD_CLOEXEC, 3) }

    /// Opens a file or a directory in order to lock it, without following a link and without blocking.
    package static func openToLock(_ path: String) -> Int32 {
        let flags = O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
        // Network file systems lock only what is open for writing, which a directory can't be.
        let descriptor = openFile(path, O_RDWR | flags)
        return descriptor < 0 && errno == EISDIR ? openFile(path, O_RDONLY | flags) : descriptor
    }

    static func openFile(_ path: String, _ flags: Int32, _ mode: mode_t = 0o666) -> Int32 {
        RawText.withPath(path) { path in
            libcOpen(path, flags, mode)
        }
    }

    /// Closes a descriptor that was written to, and returns whether all writes succeeded.
    package static func closeWritten(_ descriptor: Int32) -> Bool {
        libcClose(descriptor) == 0
    }

    /// Renames the file at `path` to `newPath`, replacing any file there.
    package static func rename(_ path: String, to newPath: String) -> Bool {
        withPaths(path, newPath) { path, newPath in
            libcRename(path, newPath) == 0
        }
    }

    /// Renames the file at `path` to `newPath`, unless that name is taken.
    package static func renameIfFree(_ path: String, to newPath: String) -> Bool {
        if withPaths(path, newPath, { sluice_rename_new($0, $1) == 0 }) { return true }
        guard isUnsupported else { return false }
        if withPaths(path, newPath, { link($0, $1) == 0 }) {
            remove(path)
            return true
        }
        // Without hard links, a file that another process creates there between this check and the renaming is overwritten.
        guard errno != EEXIST, entry(at: newPath) == .nothing else {
            errno = EEXIST
            return false
        }
        return rename(path, to: newPath)
    }

    /// Exchanges the files at two paths. Returns nil if this system or file system can't do that.
    package static func exchange(_ one: String, _ other: String) -> Bool? {
        if withPaths(one, other, { sluice_exchange($0, $1) == 0 }) { return true }
        return isUnsupported ? nil : false
    }

    /// Whether the last call failed because the system lacks the call, or does not support it for such a file.
    private static var isUnsupported: Bool { [EINVAL, ENOSYS, ENOTSUP, EOPNOTSUPP].contains(errno) }

    private static func withPaths<Result>(
        _ one: String,
        _ other: String,
        _ body: (UnsafePointer<CChar>, UnsafePointer<CChar>) -> Result
    ) -> Result {
        RawText.withPath(one) { one in RawText.withPath(other) { other in body(one, other) } }
    }

    /// Removes a name of a file, and returns whether it existed and could be removed.
    @discardableResult
    package static func remove(_ path: String) -> Bool { RawText.withPath(path) { unlink($0) == 0 } }

    /// Waits until the content of a file, or the names in a directory, are on disk. Returns whether they are, or true
    /// if the file does not support it.
    package static func sync(_ descriptor: Int32) -> Bool { sluice_sync(descriptor) == 0 || isUnsupported }

    /// Waits until all writes to the file system that a descriptor is on are on disk. Returns as ``sync(_:)`` does.
    package static func syncFileSystem(of descriptor: Int32) -> Bool {
        sluice_sync_file_system(descriptor) == 0 || isUnsupported
    }

    /// Registers a file, or a directory of files `00000000.json` and on, to be removed if a signal ends the process
    /// before ``keepOutput()``; one at a time. Returns whether that succeeded.
    package static func removeOnSignal(_ path: String, isDirectory: Bool = false) -> Bool {
        RawText.withPath(path) { sluice_remove_on_signal($0, isDirectory ? 1 : 0) == 0 }
    }
    package static func keepOutput() { sluice_keep_output() }

    package static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

    /// Returns the number of columns of a terminal, or nil if it does not report one.
    package static func columns(of descriptor: Int32) -> Int? {
        let columns = sluice_terminal_columns(descriptor)
        return columns > 0 ? Int(columns) : nil
    }

    /// Makes a write to a pipe without a reader, or beyond the file size limit, fail instead of ending the process.
    package static func ignoreSIGPIPE() {
        ignore(signal: SIGPIPE)
        ignore(signal: SIGXFSZ)
    }

    /// Occupies the descriptors of standard input, output and error if the process was started without them. Otherwise
    /// a file opened later would get such a number, and an error message would go into the output. Using them fails as
    /// if they were still closed.
    package static func reserveStandardDescriptors() {
        for descriptor in 0...2 as ClosedRange<Int32> where fcntl(descriptor, F_GETFD) < 0 {
            // `open` returns the lowest free number, which is this one.
            _ = openFile("/dev/null", descriptor == 0 ? O_WRONLY : O_RDONLY)
        }
    }
}
