import SluicePlatform

/// Quotes the words of a command for a shell.
enum ShellQuoting {
    /// Spells out characters that a terminal would interpret: `$'a\033'`, which bash, zsh and ksh read.
    private static func spelledOut(_ word: String) -> String {
        let text = RawText.bytes(word).map { byte in
            if plain.contains(byte) || byte == 0x20 { return String(UnicodeScalar(byte)) }
            return "\\" + byte.digits(radix: 8, width: 3)
        }
        return "$'\(text.joined())'"
    }

    /// Quotes a word: `O'Neil` → `'O'\''Neil'`. A word without special characters stays as it is.
    static func quoted(_ word: String) -> String {
        // Outside ASCII too there are characters that a terminal does not show, such as line separators.
        if TerminalText.name(word) != word { return spelledOut(word) }
        if !word.isEmpty, word.utf8.allSatisfy({ plain.contains($0) || $0 >= 0x80 }) { return word }
        return "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }

    /// Returns the words of an option, unquoted: two, or `--name=value` if the value looks like an option.
    static func option(_ name: String, _ value: String) -> [String] {
        value.hasPrefix("-") ? ["--\(name)=\(value)"] : ["--\(name)", value]
    }

    private static let plain = Set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./:=,%+@-".utf8
    )
}
