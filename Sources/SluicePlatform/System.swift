#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Calls of the C library under one name, whichever library it is. They are thin: callers handle errors themselves.
package enum System {
    package static var lastError: Int32 { errno }
    package static var interrupted: Int32 { EINTR }

    package static func read(_ descriptor: Int32, _ memory: UnsafeMutableRawPointer?, _ count: Int) -> Int {
        libcRead(descriptor, memory, count)
    }

    package static func write(_ descriptor: Int32, _ memory: UnsafeRawPointer?, _ count: Int) -> Int {
        libcWrite(descriptor, memory, count)
    }

    /// Writes all of the bytes. Returns whether that succeeded.
    package static func writeAll(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Bool {
        var rest = bytes
        while !rest.isEmpty {
            let count = write(descriptor, rest.baseAddress, rest.count)
            if count < 0, lastError != interrupted { return false }
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(max(0, count)))
        }
        return true
    }

    /// Returns the C library's message for an error number: `No such file or directory`.
    package static func message(for code: Int32) -> String { String(cString: strerror(code)) }

    /// Opens a file for reading, by a path of ``RawText``. Returns a negative number on failure.
    package static func open(_ path: String) -> Int32 {
        openFile(path, O_RDONLY | O_CLOEXEC)
    }

    package static func close(_ descriptor: Int32) {
        _ = libcClose(descriptor)
    }

    /// Returns whether a descriptor is that of a directory, and its size if it is a regular file, otherwise 0.
    package static func kind(of descriptor: Int32) -> (isDirectory: Bool, size: Int) {
        guard let status = status(of: descriptor) else { return (false, 0) }
        let type = status.st_mode & S_IFMT
        return (type == S_IFDIR, type == S_IFREG ? Int(status.st_size) : 0)
    }

    /// Returns the value of an environment variable that holds a path, as a string of ``RawText``.
    package static func environmentPath(_ name: String) -> String? { getenv(name).map { RawText.string(of: $0) } }

    package static func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

    /// Writes a line to standard error. Characters that a terminal would interpret are spelled out.
    package static func printError(_ line: String) { writeError(TerminalText.lines(line) + "\n") }

    /// Writes a text to standard error, unchanged.
    package static func writeError(_ text: String) {
        _ = text.utf8.withContiguousStorageIfAvailable { write(2, $0.baseAddress, $0.count) }
    }
}
