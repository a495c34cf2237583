/// Words of a command as a shell reads them.
enum ShellText {
    /// `O'Neil` → `'O'\''Neil'`; a word without special characters stays as it is.
    static func quoted(_ word: String) -> String {
        let isPlain = !word.isEmpty && word.utf8.allSatisfy { plain.contains($0) || $0 >= 0x80 }
        if isPlain { return word }
        return "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }

    /// The words of an option. A value that looks like an option is tied to its name.
    static func option(_ name: String, _ value: String) -> [String] {
        value.hasPrefix("-") ? [quoted("--\(name)=\(value)")] : ["--\(name)", quoted(value)]
    }

    private static let plain = Set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./:=,%+@-".utf8
    )
}
