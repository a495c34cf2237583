#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Calls about this process and others, and the time.
extension System {
    /// The file that this process runs; nil if the system does not say.
    package static var executablePath: String? { resolved("/proc/self/exe") }

    /// Becomes another program, with the same environment. Returns only if that failed.
    package static func execute(_ path: String, _ arguments: [String]) {
        var pointers = arguments.map { strdup($0) }
        pointers.append(nil)
        execv(path, pointers)
        for pointer in pointers { free(pointer) }
    }

    package static func exit(_ status: Int32) -> Never {
        #if canImport(Glibc)
        Glibc.exit(status)
        #elseif canImport(Musl)
        Musl.exit(status)
        #else
        Darwin.exit(status)
        #endif
    }

    /// All of a file; nil if it cannot be read or has more than `limit` bytes.
    package static func contents(of path: String, limit: Int) -> [UInt8]? {
        let descriptor = open(path)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var contents: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while contents.count <= limit {
            let count = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
            if count == 0 { return contents }
            if count < 0, lastError != interrupted { return nil }
            if count > 0 { contents += buffer[..<count] }
        }
        return nil
    }
}
