/// The encoding of an input's text. Anything but UTF-8 is read as a stream, and offsets count the UTF-8 it becomes.
///
/// A byte order mark of ``utf16`` does not count; in the other encodings it is a character like any other, so that at the
/// start it becomes a UTF-8 byte order mark and counts. Code units of UTF-16 that make no character (half a surrogate
/// pair, half a unit at the end) become bytes that are not UTF-8, and are treated as such: an error, or U+FFFD.
public enum Encoding: String, Sendable, Hashable, CaseIterable {
    /// The default.
    case utf8 = "utf-8"
    /// UTF-16 with a byte order mark. Without one the order would be a guess, so it is an error.
    case utf16 = "utf-16"
    /// UTF-16, little endian.
    case utf16LittleEndian = "utf-16le"
    /// UTF-16, big endian.
    case utf16BigEndian = "utf-16be"
    /// ISO 8859-1, in which every byte is the character of that number.
    case latin1
}
