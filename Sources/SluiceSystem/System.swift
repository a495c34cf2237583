#if canImport(Glibc)
package import Glibc
#elseif canImport(Musl)
package import Musl
#else
package import Darwin
#endif

/// The C library's calls under one name, whichever library it is; thin, so that callers say what they mean by errors.
package enum System {
    package static var lastError: Int32 { errno }
    package static var interrupted: Int32 { EINTR }
    package static var brokenPipe: Int32 { EPIPE }

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
}
