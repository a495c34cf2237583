#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// An open file with given bytes that is removed with this object.
final class TemporaryFile {
    struct Failed: Error {}

    let descriptor: Int32

    /// A path that opens the file while this object lives.
    var path: String { "/dev/fd/\(descriptor)" }

    init(_ bytes: [UInt8]) throws {
        var name = Array("/tmp/sluice-test-XXXXXX".utf8CString)
        descriptor = mkstemp(&name)
        guard descriptor >= 0 else { throw Failed() }
        unlink(name)
        guard write(descriptor, bytes, bytes.count) == bytes.count else { throw Failed() }
    }

    deinit { close(descriptor) }
}
