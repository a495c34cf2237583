/// Bytes that need not be UTF-8, in a `String` and back without loss: arguments and names of files.
///
/// A name on a POSIX system is a sequence of bytes, and most of the libraries here take strings. A byte that is part of no
/// well-formed character stands in the string as two noncharacters, which Unicode reserves for internal use: one of
/// U+FDD0…FDDF for the upper four bits of the byte, one of U+FDE0…FDEF for the lower.
///
///     61 E9 2E 63 73 76    "a\u{FDDE}\u{FDE9}.csv"
///
/// A name may hold these noncharacters themselves. Their bytes are replaced in the same way, so two different names are
/// never the same string. ``System`` turns the pairs back into bytes wherever it gives a path to the system.
package enum RawText {
    /// The string for bytes, which are those of ``bytes(_:)`` again.
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

    /// The bytes that a string stands for; of one without such pairs, its UTF-8.
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
        // Valid during the call only, as `body` expects of a path.
        return (bytes(path) + [0]).withUnsafeBytes { bytes in
            bytes.withMemoryRebound(to: CChar.self) { text in
                guard let path = text.baseAddress else { return "".withCString(body) }
                return body(path)
            }
        }
    }

    /// The string for a text of the C library, which ends with a zero byte.
    static func string(of text: UnsafePointer<CChar>) -> String {
        // Safe: all bytes up to the zero byte are the text's.
        var (count, bytes) = (0, [UInt8]())
        while text[count] != 0 {
            bytes.append(UInt8(truncatingIfNeeded: text[count]))
            count += 1
        }
        return string(bytes)
    }

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool { 0xFDD0...0xFDEF ~= scalar.value }

    private static func marks(for byte: UInt8) -> [Unicode.Scalar] {
        [0xFDD0 + UInt32(byte >> 4), 0xFDE0 + UInt32(byte & 15)].compactMap(Unicode.Scalar.init)
    }

    static func byte(_ upper: Unicode.Scalar, _ lower: Unicode.Scalar) -> UInt8? {
        guard 0xFDD8...0xFDDF ~= upper.value, 0xFDE0...0xFDEF ~= lower.value else { return nil }
        return UInt8((upper.value - 0xFDD0) << 4 | (lower.value - 0xFDE0))
    }
}
