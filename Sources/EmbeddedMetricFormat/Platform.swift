#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// What a factory takes from the operating system, unless it is given something else.
enum Platform {
    /// Milliseconds since 1970.
    static func millisecondsSinceEpoch() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }

    /// Writes a line to standard output in one call, so that lines of several threads do not mix.
    static func writeLine(_ line: String) {
        Array((line + "\n").utf8).withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = write(1, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                // If it fails, the line is lost: there is nowhere to report the error.
                if count <= 0 && errno != EINTR { return }
                rest = rest.dropFirst(max(0, count))
            }
        }
    }
}
