import SluicePlatform
import Synchronization

/// A directory that is removed, with the files written to it, with this object.
final class TemporaryDirectory: Sendable {
    struct Failed: Error {}

    let path: String

    init() throws {
        path = "/tmp/sluice-test-\(UInt64.random(in: 0...(.max)))"
        guard System.createDirectory(path) else { throw Failed() }
    }

    /// Writes a file, with the directories above it, and returns its path.
    func write(_ name: String, _ text: String) throws -> String {
        var directory = path
        for part in name.split(separator: "/").dropLast() {
            directory += "/\(part)"
            _ = System.createDirectory(directory)
        }
        let file = "\(path)/\(name)"
        System.remove(file)
        let descriptor = System.create(file)
        defer { System.close(descriptor) }
        guard descriptor >= 0, Array(text.utf8).withUnsafeBytes({ System.writeAll(descriptor, $0) }) else {
            throw Failed()
        }
        return file
    }

    deinit { Self.remove(path) }

    private static func remove(_ path: String) {
        for name in System.names(in: path) ?? [] where !System.remove("\(path)/\(name)") { remove("\(path)/\(name)") }
        System.removeDirectory(path)
    }
}
