import SluiceSystem

/// Words of a command as a shell reads them.
enum ShellQuoting {
    /// What a terminal would not just show: `$'a\033'`, which bash, zsh and ksh read.
    private static func spelledOut(_ word: String) -> String {
        let text = RawText.bytes(word).map { byte in
            if plain.contains(byte) || byte == 0x20 { return String(UnicodeScalar(byte)) }
            let digits = String(byte, radix: 8)
            return "\\" + String(repeating: "0", count: 3 - digits.utf8.count) + digits
        }
        return "$'\(text.joined())'"
    }

    /// `O'Neil` → `'O'\''Neil'`; a word without special characters stays as it is.
    static func quoted(_ word: String) -> String {
        let isPlain = !word.isEmpty && word.utf8.allSatisfy { plain.contains($0) || $0 >= 0x80 }
        if isPlain { return word }
        if TerminalText.name(word) != word { return spelledOut(word) }
        return "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }

    /// The words of an option, not quoted. A value that looks like an option is tied to its name.
    static func option(_ name: String, _ value: String) -> [String] {
        value.hasPrefix("-") ? ["--\(name)=\(value)"] : ["--\(name)", value]
    }

    private static let plain = Set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./:=,%+@-".utf8
    )
}
