/// Converts arguments and file names, whose bytes need not be UTF-8, to a `String` and back without loss.
///
/// A name on a POSIX system is a sequence of bytes, but most of the libraries here take strings. A byte that is not
/// part of a well-formed character becomes two noncharacters, which Unicode reserves for internal use: one of
/// U+FDD0…FDDF for its upper four bits, and one of U+FDE0…FDEF for its lower four.
///
///     61 E9 2E 63 73 76    "a\u{FDDE}\u{FDE9}.csv"
///
/// A name may contain these noncharacters itself. Their bytes are replaced in the same way, so two different names
/// never give the same string. ``System`` turns the pairs back into bytes wherever it passes a path to the system.
package enum RawText {
    /// Returns the string for bytes. ``bytes(_:)`` reverses it.
    package static func string(_ bytes: some Sequence<UInt8>) -> String {
        let bytes = Array(bytes)
        var scalars = String.UnicodeScalarView()
        var (parser, rest, position) = (Unicode.UTF8.ForwardParser(), bytes.makeIterator(), 0)
        while true {
            let length: Int
            switch parser.parseScalar(from: &rest) {
            case .emptyInput: return String(scalars)
            case .valid(let units):
                length = units.count
                let scalar = Unicode.UTF8.decode(units)
                if !isMark(scalar) {
                    scalars.append(scalar)
                    position += length
                    continue
                }
            case .error(let count): length = count
            }
            for byte in bytes[position..<position + length] { scalars.append(contentsOf: marks(for: byte)) }
            position += length
        }
    }

    /// Returns the bytes that a string stands for; without such pairs, they are its UTF-8.
    package static func bytes(_ text: String) -> [UInt8] {
        guard isRaw(text) else { return Array(text.utf8) }
        var (bytes, scalars) = ([UInt8](), Array(text.unicodeScalars)[...])
        while let scalar = scalars.popFirst() {
            if let next = scalars.first, let byte = byte(scalar, next) {
                bytes.append(byte)
                scalars.removeFirst()
            } else {
                bytes += UTF8.encode(scalar).map(Array.init) ?? []
            }
        }
        return bytes
    }

    /// Whether a string may stand for bytes that are not UTF-8.
    package static func isRaw(_ text: String) -> Bool { text.unicodeScalars.contains(where: isMark) }

    /// Calls `body` with the bytes of a path as the system takes them, ended by a zero byte.
    static func withPath<Result>(_ path: String, _ body: (UnsafePointer<CChar>) -> Result) -> Result {
        if !isRaw(path) { return path.withCString(body) }
        // Safe: the pointer is valid during the call, and `body` uses it only then.
        return (bytes(path) + [0]).withUnsafeBytes { bytes in
            bytes.withMemoryRebound(to: CChar.self) { text in
                guard let path = text.baseAddress else { return "".withCString(body) }
                return body(path)
            }
        }
    }

    /// Returns the string for a zero-terminated text of the C library.
    static func string(of text: UnsafePointer<CChar>) -> String {
        // Safe: all bytes up to the zero byte belong to the text.
        var (count, bytes) = (0, [UInt8]())
        while text[count] != 0 {
            bytes.append(UInt8(truncatingIfNeeded: text[count]))
            count += 1
        }
        return string(bytes)
    }

    static func isMark(_ scalar: Unicode.Scalar) -> Bool { 0xFDD0...0xFDEF ~= scalar.value }

    private static func marks(for byte: UInt8) -> [Unicode.Scalar] {
        [0xFDD0 + UInt32(byte >> 4), 0xFDE0 + UInt32(byte & 15)].compactMap(Unicode.Scalar.init)
    }

    static func byte(_ upper: Unicode.Scalar, _ lower: Unicode.Scalar) -> UInt8? {
        guard 0xFDD8...0xFDDF ~= upper.value, 0xFDE0...0xFDEF ~= lower.value else { return nil }
        return UInt8((upper.value - 0xFDD0) << 4 | (lower.value - 0xFDE0))
    }
}
