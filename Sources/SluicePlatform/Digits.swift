extension BinaryInteger {
    /// Returns the digits of a number ≥ 0, with zeros before them up to a width: `7.digits(width: 3)` is `007`.
    package func digits(radix: Int = 10, width: Int) -> String {
        let digits = String(self, radix: radix)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}

/// Bytes as two lower-case digits each: `[0x2c, 0x0a]` is `2c0a`.
package enum Hexadecimal {
    private static let digits = Array("0123456789abcdef".utf8)

    package static func text(_ bytes: some Sequence<UInt8>) -> String {
        var text: [UInt8] = []
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Returns all digits of a number, zeros included: that of `UInt16(0x2c)` is `002c`.
    package static func text(of number: some FixedWidthInteger & UnsignedInteger) -> String {
        let count = number.bitWidth / 4
        // Every byte is written.
        return String(unsafeUninitializedCapacity: count) { text in
            for place in 0..<count {
                text[count - 1 - place] = digits[Int(truncatingIfNeeded: number >> (4 * place)) & 15]
            }
            return count
        }
    }

    /// Returns the bytes, or nil if the text is not pairs of digits, in letters of either case.
    package static func bytes(_ text: some Collection<UInt8>) -> [UInt8]? {
        var (bytes, rest) = ([UInt8](), text[...])
        while let first = rest.popFirst() {
            guard let high = value(first), let low = rest.popFirst().flatMap(value) else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
