#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Operations on directories. Paths and names are strings of ``RawText``.
extension System {
    /// Creates a directory, which must not exist yet. Returns whether that succeeded.
    package static func createDirectory(_ path: String) -> Bool { RawText.withPath(path) { mkdir($0, 0o777) == 0 } }

    /// Removes an empty directory.
    package static func removeDirectory(_ path: String) { RawText.withPath(path) { _ = rmdir($0) } }

    /// Returns the names in a directory except `.` and `..`, or nil if it can't be read.
    package static func names(in path: String) -> [String]? {
        guard let directory = RawText.withPath(path, { opendir($0) }) else { return nil }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            // Safe: the entry is valid until the next call, and its name ends with a zero byte.
            let name = withUnsafePointer(to: &entry.pointee.d_name) { name in
                name.withMemoryRebound(to: CChar.self, capacity: 1) { RawText.string(of: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}
