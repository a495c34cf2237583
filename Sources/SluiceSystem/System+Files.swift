import CSluiceCleanup

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Calls about files by their names: creating, naming and removing what is written.
///
/// Paths are strings of ``RawText``.
extension System {
    package static var alreadyExists: Int32 { EEXIST }
    package static var brokenPipe: Int32 { EPIPE }
    package static var notFound: Int32 { ENOENT }
    package static var isADirectory: Int32 { EISDIR }
    package static var isNoDirectory: Int32 { ENOTDIR }
    package static var isNotEmpty: Int32 { ENOTEMPTY }
    package static var tooManyLinks: Int32 { ELOOP }

    /// Creates a file that must not exist, for writing; negative on failure. If it `isPrivate`, only its owner may open it.
    package static func create(_ path: String, isPrivate: Bool = false) -> Int32 {
        openFile(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, isPrivate ? 0o600 : 0o666)
    }

    /// Creates a file that has no name, for reading and writing by this process; negative on failure.
    package static func createWithoutName(in directory: String) -> Int32 {
        // `mkstemp` puts letters of its own in place of the six.
        var path = (RawText.bytes("\(directory)/.sluice-XXXXXX") + [0]).map { CChar(truncatingIfNeeded: $0) }
        let descriptor = mkstemp(&path)
        guard descriptor >= 0 else { return descriptor }
        unlink(path)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        return descriptor
    }

    /// Opens what exists for writing, as it is; negative on failure.
    package static func openForWriting(_ path: String) -> Int32 { openFile(path, O_WRONLY | O_CLOEXEC) }

    /// A second descriptor of what is open; negative on failure.
    package static func duplicate(_ descriptor: Int32) -> Int32 { fcntl(descriptor, F_DUPFD_CLOEXEC, 3) }

    /// Opens a file or a directory, but no link and without waiting for anybody, in order to lock it; negative on failure.
    package static func openToLock(_ path: String) -> Int32 {
        let flags = O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
        // Network file systems lock what is open for writing only, which a directory cannot be.
        let descriptor = openFile(path, O_RDWR | flags)
        return descriptor < 0 && errno == EISDIR ? openFile(path, O_RDONLY | flags) : descriptor
    }

    static func openFile(_ path: String, _ flags: Int32, _ mode: mode_t = 0o666) -> Int32 {
        RawText.withPath(path) { path in
            #if canImport(Glibc)
            Glibc.open(path, flags, mode)
            #elseif canImport(Musl)
            Musl.open(path, flags, mode)
            #else
            Darwin.open(path, flags, mode)
            #endif
        }
    }

    /// Closes a descriptor that was written to, and says whether all of it was taken.
    package static func closeWritten(_ descriptor: Int32) -> Bool {
        #if canImport(Glibc)
        Glibc.close(descriptor) == 0
        #elseif canImport(Musl)
        Musl.close(descriptor) == 0
        #else
        Darwin.close(descriptor) == 0
        #endif
    }

    /// Gives the file at `path` the name `newPath` in place of what stands there.
    package static func rename(_ path: String, to newPath: String) -> Bool {
        withPaths(path, newPath) { path, newPath in
            #if canImport(Glibc)
            Glibc.rename(path, newPath) == 0
            #elseif canImport(Musl)
            Musl.rename(path, newPath) == 0
            #else
            Darwin.rename(path, newPath) == 0
            #endif
        }
    }

    /// Gives the file at `path` the name `newPath`, which nothing may have.
    package static func renameIfFree(_ path: String, to newPath: String) -> Bool {
        if withPaths(path, newPath, { sluice_rename_new($0, $1) == 0 }) { return true }
        guard cannot else { return false }
        if withPaths(path, newPath, { link($0, $1) == 0 }) {
            remove(path)
            return true
        }
        // Some file systems have no hard links; there a name taken in this very moment is lost.
        guard errno != EEXIST, entry(at: newPath) == .nothing else {
            errno = EEXIST
            return false
        }
        return rename(path, to: newPath)
    }

    /// Lets two names change places. Nil: this system or file system cannot do it.
    package static func exchange(_ one: String, _ other: String) -> Bool? {
        if withPaths(one, other, { sluice_exchange($0, $1) == 0 }) { return true }
        return cannot ? nil : false
    }

    /// The last call failed because there is no such call, or not for such a file.
    private static var cannot: Bool { [EINVAL, ENOSYS, ENOTSUP, EOPNOTSUPP].contains(errno) }

    private static func withPaths<Result>(
        _ one: String,
        _ other: String,
        _ body: (UnsafePointer<CChar>, UnsafePointer<CChar>) -> Result
    ) -> Result {
        RawText.withPath(one) { one in RawText.withPath(other) { other in body(one, other) } }
    }

    /// Removes a name of a file, and says whether it was there and could be.
    @discardableResult
    package static func remove(_ path: String) -> Bool { RawText.withPath(path) { unlink($0) == 0 } }

    /// Waits until the disk has what was written to a file, or which names a directory has; says whether it does, or is of
    /// a kind that cannot be asked.
    package static func sync(_ descriptor: Int32) -> Bool { fsync(descriptor) == 0 || cannot }

    /// Waits until the disk has what was written to any file of the file system that a descriptor is on.
    package static func syncFileSystem(of descriptor: Int32) -> Bool {
        sluice_sync_file_system(descriptor) == 0 || cannot
    }

    /// Has a file, or a directory of files `00000000.json` and on, removed if a signal ends the process before ``keepOutput()``;
    /// one at a time.
    package static func removeOnSignal(_ path: String, isDirectory: Bool = false) -> Bool {
        RawText.withPath(path) { sluice_remove_on_signal($0, isDirectory ? 1 : 0) == 0 }
    }
    package static func keepOutput() { sluice_keep_output() }

    package static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

    /// How many columns a terminal has; nil if it does not say.
    package static func columns(of descriptor: Int32) -> Int? {
        let columns = sluice_terminal_columns(descriptor)
        return columns > 0 ? Int(columns) : nil
    }

    /// Lets a write to a pipe that nobody reads, or beyond the largest file allowed, fail instead of ending the process.
    package static func ignoreSIGPIPE() {
        signal(SIGPIPE, SIG_IGN)
        signal(SIGXFSZ, SIG_IGN)
    }

    /// Keeps files that are opened from getting the numbers of standard input, output or error, where the process was
    /// started without them: an error message would go into the output. Their use fails as if they were still closed.
    package static func reserveStandardDescriptors() {
        for descriptor in 0...2 as ClosedRange<Int32> where fcntl(descriptor, F_GETFD) < 0 {
            // The lowest free number is this one.
            _ = openFile("/dev/null", descriptor == 0 ? O_WRONLY : O_RDONLY)
        }
    }
}
