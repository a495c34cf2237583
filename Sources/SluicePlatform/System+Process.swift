import CSluicePlatform

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Operations on this process, and running others.
extension System {
    /// The path of the program that this process runs, or nil if the system does not report it.
    package static var executablePath: String? {
        guard let path = sluice_program_path() else { return nil }
        defer { free(path) }
        return RawText.string(of: path)
    }

    package static var processNumber: Int32 { getpid() }

    /// The arguments of this process after its name, byte for byte, as strings of ``RawText``. `CommandLine.arguments`
    /// replaces bytes that are not UTF-8.
    ///
    /// Exits with 74 if they can't be read: Swift reads them from a file, which takes a descriptor. Without its
    /// arguments a command would do something that the user did not ask for.
    package static var arguments: [String] {
        guard CommandLine.argc > 0 else {
            printError("sluice: error: the arguments can't be read: \(message(for: EMFILE))")
            exit(74)
        }
        // Safe: the arguments live as long as the process, and nothing here writes to them.
        let pointers = UnsafeBufferPointer(start: CommandLine.unsafeArgv, count: Int(CommandLine.argc))
        return pointers.dropFirst().compactMap { $0.map { RawText.string(of: $0) } }
    }

    /// Replaces this process with another program, in the same environment. Returns only on failure.
    ///
    /// Path and arguments are strings of ``RawText``.
    package static func execute(_ path: String, _ arguments: [String]) {
        var pointers = arguments.map { RawText.withPath($0) { strdup($0) } }
        pointers.append(nil)
        RawText.withPath(path) { _ = execv($0, pointers) }
        for pointer in pointers { free(pointer) }
    }

    package static func exit(_ status: Int32) -> Never {
        libcExit(status)
    }

    /// Returns the contents of a file, or nil if it can't be read or has more than `limit` bytes.
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
