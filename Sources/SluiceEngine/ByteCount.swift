/// A number of bytes as people write it: `262144`, `256KiB`, `1 MiB`, `250 kB`.
///
/// Units with an i are powers of 1024, those without are powers of 1000; case does not matter. A bare `K` or `M` is
/// refused, because its meaning differs from program to program.
package enum ByteCount {
    /// Returns the number, or nil if the text is no such number or it exceeds 64 bits.
    package static func parse(_ text: String) -> UInt64? {
        let digits = text.utf8.prefix { 0x30...0x39 ~= $0 }
        guard let number = UInt64(String(Substring(digits))) else { return nil }
        var unit = Substring(text.utf8.dropFirst(digits.count))
        // A space may stand between a number and its unit, not after a number alone.
        if unit.utf8.first == 0x20, unit.utf8.count > 1 { unit = unit.dropFirst() }
        guard let factor = factors[unit.lowercased()] else { return nil }
        let (product, isTooLarge) = number.multipliedReportingOverflow(by: factor)
        return isTooLarge ? nil : product
    }

    /// Returns the number, or nil also if it is outside the range.
    package static func parse(_ text: String, in range: ClosedRange<Int>) -> Int? {
        parse(text).flatMap { Int(exactly: $0) }.flatMap { range.contains($0) ? $0 : nil }
    }

    /// Returns what such an option takes: `a number of bytes from 4096 to 1048576, such as 65536 or 64KiB`.
    package static func expectation(_ range: ClosedRange<Int>) -> String {
        "a number of bytes from \(range.lowerBound) to \(range.upperBound), such as 65536 or 64KiB"
    }

    private static let factors: [String: UInt64] = [
        "": 1, "b": 1, "kb": 1000, "mb": 1_000_000, "gb": 1_000_000_000, "tb": 1_000_000_000_000,
        "kib": 1 << 10, "mib": 1 << 20, "gib": 1 << 30, "tib": 1 << 40,
    ]
}
