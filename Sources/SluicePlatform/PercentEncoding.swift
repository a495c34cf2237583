/// Percent-encoding (RFC 3986) as AWS requires it: all but letters, digits and `-._~` is encoded, in upper-case hexadecimal.
package enum PercentEncoding {
    /// Encodes `a b/é` as `a%20b%2F%C3%A9`, or as `a%20b/%C3%A9` if slashes are kept.
    package static func encoded(_ bytes: some Sequence<UInt8>, keepsSlashes: Bool = false) -> String {
        var result: [UInt8] = []
        for byte in bytes {
            if isUnreserved[Int(byte)] || (keepsSlashes && byte == UInt8(ascii: "/")) {
                result.append(byte)
            } else {
                result += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    package static func encoded(_ text: String, keepsSlashes: Bool = false) -> String {
        encoded(text.utf8, keepsSlashes: keepsSlashes)
    }

    /// Decodes `a%20b%2F%C3%A9` to `a b/é`. Returns nil if a `%` is not followed by two digits, or the result is not UTF-8.
    ///
    /// - Parameter plus: The byte that `+` means: a space in HTML form data.
    package static func decoded(_ text: some Sequence<UInt8>, plus: UInt8 = UInt8(ascii: "+")) -> String? {
        var (bytes, rest) = ([UInt8](), Array(text)[...])
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): bytes.append(plus)
            case UInt8(ascii: "%"):
                guard rest.count >= 2, let decoded = Hexadecimal.bytes(rest.prefix(2)) else { return nil }
                bytes += decoded
                rest = rest.dropFirst(2)
            default: bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static let digits = Array("0123456789ABCDEF".utf8)
    private static let isUnreserved: [Bool] = {
        let unreserved = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8)
        return (0...255).map { unreserved.contains($0) }
    }()
}
