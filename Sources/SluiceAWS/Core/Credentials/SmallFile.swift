import SluicePlatform

/// Reading of settings and token files.
enum SmallFile {
    /// Returns a file's text without leading and trailing white space, or nil if it cannot be read or exceeds 1 MiB.
    static func text(at path: String) -> String? {
        guard let bytes = System.contents(of: path, limit: 1 << 20) else { return nil }
        var text = String(decoding: bytes, as: UTF8.self)[...]
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
