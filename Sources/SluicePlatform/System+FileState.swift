#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

extension System {
    /// The size and modification time of a regular file, which show whether it has changed.
    package struct FileState: Sendable, Hashable {
        package var size: UInt64
        /// The modification time in seconds since 1970, and the nanoseconds of that second.
        package var seconds: Int64
        package var nanoseconds: Int64

        /// The modification time: `2026-11-26T12:00:00.123456789Z`, or the seconds as a number if it is before 1970.
        package var modified: String {
            let digits = nanoseconds.digits(width: 9)
            return seconds < 0 ? "\(seconds).\(digits)" : "\(Timestamp(seconds: seconds).extended).\(digits)Z"
        }

        fileprivate init?(_ status: stat) {
            guard status.st_mode & S_IFMT == S_IFREG else { return nil }
            size = UInt64(status.st_size)
            #if canImport(Darwin)
            let time = status.st_mtimespec
            #else
            let time = status.st_mtim
            #endif
            seconds = Int64(time.tv_sec)
            nanoseconds = Int64(time.tv_nsec)
        }
    }

    /// Returns the state of an open regular file, or nil if it is something else.
    package static func fileState(of descriptor: Int32) -> FileState? { status(of: descriptor).flatMap(FileState.init) }

    /// Returns the state of the regular file at a path, or nil if there is something else or nothing.
    package static func fileState(at path: String) -> FileState? { status(at: path).flatMap(FileState.init) }

    /// Whether a file with a size of 0 has bytes nevertheless, as those of /proc do.
    package static func hasBytes(_ descriptor: Int32) -> Bool {
        var byte: UInt8 = 0
        return pread(descriptor, &byte, 1, 0) > 0
    }
}
