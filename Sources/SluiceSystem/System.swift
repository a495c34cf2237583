#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The C library's calls under one name, whichever library it is; thin, so that callers say what they mean by errors.
package enum System {
    package static var lastError: Int32 { errno }
    package static var interrupted: Int32 { EINTR }

    package static func read(_ descriptor: Int32, _ memory: UnsafeMutableRawPointer?, _ count: Int) -> Int {
        #if canImport(Glibc)
        Glibc.read(descriptor, memory, count)
        #elseif canImport(Musl)
        Musl.read(descriptor, memory, count)
        #else
        Darwin.read(descriptor, memory, count)
        #endif
    }

    package static func write(_ descriptor: Int32, _ memory: UnsafeRawPointer?, _ count: Int) -> Int {
        #if canImport(Glibc)
        Glibc.write(descriptor, memory, count)
        #elseif canImport(Musl)
        Musl.write(descriptor, memory, count)
        #else
        Darwin.write(descriptor, memory, count)
        #endif
    }

    /// What the C library says about an error number: `No such file or directory`.
    package static func message(for code: Int32) -> String { String(cString: strerror(code)) }

    /// Opens a file, by a path of ``RawText``, for reading; negative on failure.
    package static func open(_ path: String) -> Int32 {
        openFile(path, O_RDONLY | O_CLOEXEC)
    }

    package static func close(_ descriptor: Int32) {
        #if canImport(Glibc)
        _ = Glibc.close(descriptor)
        #elseif canImport(Musl)
        _ = Musl.close(descriptor)
        #else
        _ = Darwin.close(descriptor)
        #endif
    }

    /// Whether it is a directory, and its size if it is a regular file, otherwise 0.
    package static func kind(of descriptor: Int32) -> (isDirectory: Bool, size: Int) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return (false, 0) }
        let type = status.st_mode & S_IFMT
        return (type == S_IFDIR, type == S_IFREG ? Int(status.st_size) : 0)
    }

    /// The value of a variable of the environment, which is a path.
    package static func environmentPath(_ name: String) -> String? { getenv(name).map { RawText.string(of: $0) } }

    package static func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

    /// Writes a line to standard error, spelled out where a terminal would take it for more than text.
    package static func printError(_ line: String) { writeError(TerminalText.lines(line) + "\n") }

    /// Writes a text to standard error as it is.
    package static func writeError(_ text: String) {
        _ = text.utf8.withContiguousStorageIfAvailable { write(2, $0.baseAddress, $0.count) }
    }
}
