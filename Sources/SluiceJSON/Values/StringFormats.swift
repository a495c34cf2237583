import SluiceCSV

/// Checks texts that are strings of a certain form.
extension FieldType.StringFormat {
    func allows(_ text: ByteView) -> Bool {
        switch self {
        case .any: true
        case .email: Self.isEmail(text)
        case .uri: URIReader.isURI(text)
        case .binary: Self.isBase64(text)
        case .uuid: Self.isUUID(text)
        }
    }

    /// An address as HTML defines it for forms: a local part of certain characters, then host labels of at most 63.
    private static func isEmail(_ text: ByteView) -> Bool {
        var cursor = TextCursor(text)
        let local = cursor.take { isLetterOrDigit($0) || ".!#$%&'*+/=?^_`{|}~-".utf8.contains($0) }
        guard local.count > 0, cursor.take("@") else { return false }
        repeat {
            let label = cursor.take { isLetterOrDigit($0) || $0 == UInt8(ascii: "-") }
            guard 1...63 ~= label.count, label[0] != UInt8(ascii: "-"), label[label.count - 1] != UInt8(ascii: "-")
            else {
                return false
            }
        } while cursor.take(".")
        return cursor.isAtEnd
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool { ASCII.isLetter(byte) || ASCII.isDigit(byte) }

    /// Base64 with its padding, without line ends (RFC 4648, section 4).
    private static func isBase64(_ text: ByteView) -> Bool {
        guard text.count % 4 == 0 else { return false }
        var cursor = TextCursor(text)
        cursor.take { isLetterOrDigit($0) || $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "/") }
        let padding = text.count - cursor.position
        cursor.take { $0 == UInt8(ascii: "=") }
        return cursor.isAtEnd && padding <= 2
    }

    /// Hexadecimal digits in groups of 8, 4, 4, 4 and 12 (RFC 9562).
    private static func isUUID(_ text: ByteView) -> Bool {
        guard text.count == 36 else { return false }
        let hyphens = [8, 13, 18, 23]
        return (0..<36).allSatisfy {
            hyphens.contains($0) ? text[$0] == UInt8(ascii: "-") : ASCII.isHexDigit(text[$0])
        }
    }
}

/// Checks the syntax of a URI (RFC 3986): a scheme and what follows it.
///
///     https://user@host.example:443/path?query#fragment
///     mailto:a@example.org
private enum URIReader {
    static func isURI(_ text: ByteView) -> Bool {
        var cursor = TextCursor(text)
        guard let first = cursor.next, ASCII.isLetter(first) else { return false }
        cursor.take { ASCII.isLetter($0) || ASCII.isDigit($0) || "+-.".utf8.contains($0) }
        guard cursor.take(":") else { return false }
        if cursor.take(Array("//".utf8)) {
            guard takeAuthority(&cursor), cursor.isAtEnd || "/?#".utf8.contains(cursor.next ?? 0) else { return false }
        }
        guard takeCharacters(&cursor, "/:@") else { return false }
        if cursor.take("?") { guard takeCharacters(&cursor, "/:@?") else { return false } }
        if cursor.take("#") { guard takeCharacters(&cursor, "/:@?") else { return false } }
        return cursor.isAtEnd
    }

    /// Takes `user@host:port`, where the host may be an address in brackets.
    private static func takeAuthority(_ cursor: inout TextCursor) -> Bool {
        var user = cursor
        if takeCharacters(&user, ":"), user.take("@") { cursor = user }
        if cursor.take("[") {
            let address = cursor.take { $0 != UInt8(ascii: "]") }
            guard cursor.take("]"), isAddress(address) else { return false }
        } else {
            guard takeCharacters(&cursor, "") else { return false }
        }
        if cursor.take(":") { cursor.take(while: ASCII.isDigit) }
        return true
    }

    /// An address of IPv6 by its characters, or one of a later version: `v1.x`.
    private static func isAddress(_ text: ByteView) -> Bool {
        let bytes = text.array
        if bytes.first.map({ $0 | 0x20 }) == UInt8(ascii: "v") {
            var cursor = TextCursor(text)
            cursor.skip(1)
            guard cursor.take(while: ASCII.isHexDigit).count > 0, cursor.take(".") else { return false }
            let start = cursor.position
            return takeCharacters(&cursor, ":") && cursor.isAtEnd && cursor.position > start && !bytes.contains(0x25)
        }
        return bytes.count >= 2 && bytes.allSatisfy { ASCII.isHexDigit($0) || ":.".utf8.contains($0) }
            && bytes.contains(UInt8(ascii: ":"))
    }

    /// Takes unreserved characters, sub-delimiters, percent-encoded bytes and those given. Returns false after a `%` without
    /// two digits.
    private static func takeCharacters(_ cursor: inout TextCursor, _ more: String) -> Bool {
        while true {
            cursor.take {
                ASCII.isLetter($0) || ASCII.isDigit($0) || "-._~!$&'()*+,;=".utf8.contains($0) || more.utf8.contains($0)
            }
            guard cursor.take("%") else { return true }
            guard cursor.take(while: ASCII.isHexDigit).count >= 2 else { return false }
        }
    }
}
