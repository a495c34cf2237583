import SluiceSystem

/// Files of settings and tokens.
enum SmallFile {
    /// A file's text without white space at its ends; nil if it cannot be read, or is larger than such a file can be.
    static func text(at path: String) -> String? {
        guard let bytes = System.contents(of: path, limit: 1 << 20) else { return nil }
        var text = String(decoding: bytes, as: UTF8.self)[...]
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
