/// Base64 with padding (RFC 4648, section 4), encoded two characters at a time.
package enum Base64 {
    /// `Man` → `TWFu`, `Ma` → `TWE=`.
    package static func encoded(_ bytes: [UInt8]) -> [UInt8] {
        let whole = bytes.count / 3 * 3
        return [UInt8](unsafeUninitializedCapacity: (bytes.count + 2) / 3 * 4) { text, count in
            var position = 0
            while position < whole {
                let group = Int(bytes[position]) << 16 | Int(bytes[position + 1]) << 8 | Int(bytes[position + 2])
                write(pairs[group >> 12], pairs[group & 0xFFF], to: &text, &count)
                position += 3
            }
            guard whole < bytes.count else { return }
            let second = whole + 1 < bytes.count ? Int(bytes[whole + 1]) : 0
            let group = Int(bytes[whole]) << 16 | second << 8
            write(pairs[group >> 12], pairs[group & 0xFFF], to: &text, &count)
            text[count - 1] = UInt8(ascii: "=")
            if whole + 1 == bytes.count { text[count - 2] = UInt8(ascii: "=") }
        }
    }

    private static func write(
        _ first: (UInt8, UInt8),
        _ second: (UInt8, UInt8),
        to text: inout UnsafeMutableBufferPointer<UInt8>,
        _ count: inout Int
    ) {
        (text[count], text[count + 1], text[count + 2], text[count + 3]) = (first.0, first.1, second.0, second.1)
        count += 4
    }

    /// The two characters for each value of 12 bits.
    private static let pairs: [(UInt8, UInt8)] = {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        return (0..<4096).map { (digits[$0 >> 6], digits[$0 & 63]) }
    }()
}
