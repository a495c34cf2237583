#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Calls about directories.
extension System {
    /// Creates a directory that must not exist.
    package static func createDirectory(_ path: String) -> Bool { mkdir(path, 0o777) == 0 }

    /// Removes an empty directory.
    package static func removeDirectory(_ path: String) { rmdir(path) }

    /// The names in a directory but `.` and `..`; nil if it cannot be read.
    package static func names(in path: String) -> [String]? {
        guard let directory = opendir(path) else { return nil }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            // Safe: the entry lives until the next call, and its name ends with a zero byte.
            let name = withUnsafePointer(to: &entry.pointee.d_name) { name in
                name.withMemoryRebound(to: CChar.self, capacity: 1) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}
