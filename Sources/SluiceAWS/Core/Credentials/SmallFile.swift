import SluicePlatform

/// Reading of settings and token files.
enum SmallFile {
    /// Returns a file's text without leading and trailing white space, or nil if it cannot be read or exceeds 1 MiB.
    static func text(at path: String) -> String? {
        System.contents(of: path, limit: 1 << 20).map { String(decoding: $0, as: UTF8.self).trimmed() }
    }
}
