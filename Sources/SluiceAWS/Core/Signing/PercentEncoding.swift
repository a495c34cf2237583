/// Percent-encoding (RFC 3986) as AWS requires it: all but letters, digits and `-._~` is encoded, in upper-case hexadecimal.
package enum PercentEncoding {
    /// Encodes `a b/é` as `a%20b%2F%C3%A9`, or as `a%20b/%C3%A9` if slashes are kept.
    package static func encoded(_ text: String, keepsSlashes: Bool = false) -> String {
        var result: [UInt8] = []
        for byte in text.utf8 {
            if isUnreserved(byte) || (keepsSlashes && byte == UInt8(ascii: "/")) {
                result.append(byte)
            } else {
                result += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// Returns `name=value` pairs, encoded, sorted by their encoded form, and joined with `&`.
    package static func query(_ items: [(name: String, value: String)]) -> String {
        items.map { (encoded($0.name), encoded($0.value)) }
            .sorted { $0.0 == $1.0 ? less($0.1, $1.1) : less($0.0, $1.0) }
            .map { "\($0.0)=\($0.1)" }
            .joined(separator: "&")
    }

    /// Compares by bytes, which may differ from the order of `String`.
    static func less(_ first: String, _ second: String) -> Bool {
        first.utf8.lexicographicallyPrecedes(second.utf8)
    }

    private static let digits = Array("0123456789ABCDEF".utf8)

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"): true
        default: false
        }
    }
}
