import SluicePlatform

/// Formats numbers and their units for people.
package enum Measure {
    /// Formats a number ≥ 0 with that many digits after the point: `1.50`.
    static func fixed(_ value: Double, digits: Int) -> String {
        let scale = (0..<digits).reduce(1.0) { scale, _ in scale * 10 }
        // Larger numbers, which no run reaches, have no such digits in a Double.
        guard value.isFinite, value * scale < 1e18 else { return "0" }
        let number = UInt64((max(0, value) * scale).rounded())
        guard digits > 0 else { return String(number) }
        let padded = number.digits(width: digits + 1)
        return padded.dropLast(digits) + "." + padded.suffix(digits)
    }

    /// Formats a count with its noun: `1 row`, `2 rows`.
    package static func count(_ number: some BinaryInteger, _ noun: String) -> String {
        number == 1 ? "1 \(noun)" : "\(number) \(noun)s"
    }

    /// Formats a number of bytes in powers of 1000: `999 B`, `1.5 MB`.
    static func bytes(_ count: UInt64) -> String {
        guard count >= 1000 else { return "\(count) B" }
        var value = Double(count)
        var unit = ""
        for next in ["kB", "MB", "GB", "TB", "PB"] where value >= 999.95 || unit.isEmpty {
            value /= 1000
            unit = next
        }
        return "\(fixed(value, digits: 1)) \(unit)"
    }

    static func megabytesPerSecond(_ bytes: UInt64, in time: Duration) -> Double {
        let seconds = time.inSeconds
        return seconds > 0 ? Double(bytes) / seconds / 1_000_000 : 0
    }

    /// Formats a number of seconds: `59 s`, `2 min 5 s`, `1 h 0 min`.
    static func time(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds < 1e9 else { return "long" }
        let seconds = Int(seconds.rounded(.up))
        if seconds < 60 { return "\(seconds) s" }
        if seconds < 3600 { return "\(seconds / 60) min \(seconds % 60) s" }
        return "\(seconds / 3600) h \(seconds / 60 % 60) min"
    }
}

extension Duration {
    var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
