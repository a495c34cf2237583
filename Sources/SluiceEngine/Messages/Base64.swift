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

extension Base64 {
    /// `TWFu` → `Man`. Returns nil if the text is not base64 with padding.
    package static func decoded(_ text: [UInt8]) -> [UInt8]? {
        guard text.count % 4 == 0 else { return nil }
        let padding = text.reversed().prefix(2).prefix { $0 == UInt8(ascii: "=") }.count
        let (digits, values) = (text.count - padding, Self.values)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 4 * 3)
        for start in stride(from: 0, to: text.count, by: 4) {
            var group: UInt32 = 0
            for place in start..<start + 4 {
                let value = place < digits ? values[Int(text[place])] : 0
                guard value < 64 else { return nil }
                group = group << 6 | UInt32(value)
            }
            bytes.append(UInt8(group >> 16))
            bytes.append(UInt8(truncatingIfNeeded: group >> 8))
            bytes.append(UInt8(truncatingIfNeeded: group))
        }
        bytes.removeLast(padding)
        return bytes
    }

    /// The value of each digit; 64 for bytes that are no digits.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 64, count: 256)
        let digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        for (value, digit) in digits.utf8.enumerated() { values[Int(digit)] = UInt8(value) }
        return values
    }()
}
