internal import SluicePlatform

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

extension MappedFile {
    /// Maps a regular file. Returns nil if it is empty.
    static func map(_ path: String) throws(SystemFault) -> MappedFile? {
        // The path and the status below are valid during the calls.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemFault("open", path: path, code: errno) }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw SystemFault("open", path: path, code: errno) }
        let type = status.st_mode & S_IFMT
        guard type == S_IFREG else { throw SystemFault("map", path: path, code: type == S_IFDIR ? EISDIR : ENODEV) }
        guard status.st_size > 0 else { return nil }
        guard let file = MappedFile(descriptor: descriptor, count: Int(status.st_size)) else {
            throw SystemFault("map", path: path, code: errno)
        }
        return file
    }
}
