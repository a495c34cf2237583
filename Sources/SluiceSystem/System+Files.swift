import CSluiceCleanup

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Calls about files by their names: creating, naming and removing what is written.
extension System {
    package static var alreadyExists: Int32 { EEXIST }
    package static var brokenPipe: Int32 { EPIPE }
    package static var outOfMemory: Int32 { ENOMEM }
    package static var isADirectory: Int32 { EISDIR }

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
        var status = stat()
        guard stat(path, &status) == 0 else { return lstat(path, &status) == 0 ? .brokenLink : .nothing }
        return switch status.st_mode & S_IFMT {
        case S_IFREG: .file
        case S_IFDIR: .directory
        default: .other
        }
    }

    /// The size of a regular file, or nil.
    package static func fileSize(at path: String) -> UInt64? {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return UInt64(status.st_size)
    }

    /// The path without symbolic links; nil if there is nothing.
    package static func resolved(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// Creates a file that must not exist, for writing; negative on failure.
    package static func create(_ path: String) -> Int32 {
        openFile(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC)
    }

    /// Creates a file that has no name, for reading and writing by this process; negative on failure.
    package static func createWithoutName(in directory: String) -> Int32 {
        // `mkstemp` puts letters of its own in place of the six.
        var path = Array("\(directory)/.sluice-XXXXXX".utf8CString)
        let descriptor = mkstemp(&path)
        guard descriptor >= 0 else { return descriptor }
        unlink(path)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        return descriptor
    }

    /// Opens what exists for writing, as it is; negative on failure.
    package static func openForWriting(_ path: String) -> Int32 { openFile(path, O_WRONLY | O_CLOEXEC) }

    private static func openFile(_ path: String, _ flags: Int32) -> Int32 {
        #if canImport(Glibc)
        Glibc.open(path, flags, 0o666)
        #elseif canImport(Musl)
        Musl.open(path, flags, 0o666)
        #else
        Darwin.open(path, flags, 0o666)
        #endif
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

    /// Waits until the disk has what was written to a file, or which names a directory has; says whether it does.
    package static func sync(_ descriptor: Int32) -> Bool { fsync(descriptor) == 0 }

    /// Gives the file at `path` the name `newPath` in place of what stands there.
    package static func rename(_ path: String, to newPath: String) -> Bool {
        #if canImport(Glibc)
        Glibc.rename(path, newPath) == 0
        #elseif canImport(Musl)
        Musl.rename(path, newPath) == 0
        #else
        Darwin.rename(path, newPath) == 0
        #endif
    }

    /// Gives the file at `path` the name `newPath`, which nothing may have.
    package static func renameIfFree(_ path: String, to newPath: String) -> Bool {
        if link(path, newPath) == 0 {
            unlink(path)
            return true
        }
        // Some file systems have no hard links; there a name taken in this very moment is lost.
        guard errno != EEXIST, entry(at: newPath) == .nothing else {
            errno = EEXIST
            return false
        }
        return rename(path, to: newPath)
    }

    package static func remove(_ path: String) { unlink(path) }

    /// Has the file removed if a signal ends the process before ``keepFile()``; one file at a time.
    package static func removeOnSignal(_ path: String) -> Bool { sluice_remove_on_signal(path) == 0 }
    package static func keepFile() { sluice_keep_file() }

    package static var processID: Int32 { getpid() }
    package static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

    /// Lets a write to a pipe that nobody reads, or beyond the largest file allowed, fail instead of ending the process.
    package static func letWritesFail() {
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
