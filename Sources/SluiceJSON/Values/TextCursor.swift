import SluiceCSV

/// Reads a text from its start to its end, in steps that succeed or leave the cursor where it is.
struct TextCursor {
    let text: ByteView
    private(set) var position = 0

    /// The text must stay valid as long as the cursor is used.
    init(_ text: ByteView) { self.text = text }

    var isAtEnd: Bool { position == text.count }

    /// The next byte; nil at the end.
    var next: UInt8? { position < text.count ? text[position] : nil }

    /// Skips a character of ASCII. Returns false if another one is next.
    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    /// Skips these bytes. Returns false if others are next, or if there are none to skip.
    mutating func take(_ bytes: [UInt8]) -> Bool {
        guard !bytes.isEmpty, text.count - position >= bytes.count else { return false }
        for index in bytes.indices where text[position + index] != bytes[index] { return false }
        position += bytes.count
        return true
    }

    /// Skips a word of ASCII, in letters of either case.
    mutating func takeWord(_ word: String) -> Bool {
        guard text.count - position >= word.utf8.count else { return false }
        for (index, letter) in word.utf8.enumerated() where !ASCII.equalLetters(text[position + index], letter) {
            return false
        }
        position += word.utf8.count
        return true
    }

    /// Skips all bytes up to the first for which the condition is false. Returns them.
    @discardableResult
    mutating func take(while condition: (UInt8) -> Bool) -> ByteView {
        let start = position
        while position < text.count, condition(text[position]) { position += 1 }
        return text[start..<position]
    }

    /// Skips all digits from here on. Returns them.
    mutating func takeDigits() -> [UInt8] { take(while: ASCII.isDigit).array }

    /// Skips exactly `count` digits and returns their number. Returns nil if there are fewer.
    mutating func takeNumber(_ count: Int) -> Int? {
        guard text.count - position >= count else { return nil }
        var number = 0
        for index in position..<position + count {
            guard ASCII.isDigit(text[index]) else { return nil }
            number = number * 10 + Int(text[index] & 15)
        }
        position += count
        return number
    }

    mutating func skip(_ count: Int) { position += count }
}

/// Classes of ASCII characters.
enum ASCII {
    static func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }

    static func isLetter(_ byte: UInt8) -> Bool { UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20 }

    static func isHexDigit(_ byte: UInt8) -> Bool {
        isDigit(byte) || UInt8(ascii: "a")...UInt8(ascii: "f") ~= byte | 0x20
    }

    /// Space, tab, line feed, vertical tab, form feed and carriage return.
    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || 0x09...0x0D ~= byte }

    /// Whether a byte is that letter, in either case.
    static func equalLetters(_ byte: UInt8, _ letter: UInt8) -> Bool {
        byte == letter || (isLetter(letter) && byte | 0x20 == letter | 0x20)
    }
}
