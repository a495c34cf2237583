extension FixedWidthInteger {
    /// Creates the integer that a field's value is: decimal digits, with a sign before them or not. Nil for anything else,
    /// spaces included, and beyond the type's range.
    ///
    /// - Complexity: O(*n*).
    public init?(_ field: borrowing CSVField) {
        guard let number = DecimalText(field).integer(as: Self.self) else { return nil }
        self = number
    }
}

extension Int {
    /// Creates the integer that a field's value is: decimal digits, with a sign before them or not. Nil for anything else,
    /// spaces included, and beyond the type's range.
    ///
    /// - Complexity: O(*n*).
    public init?(_ field: borrowing CSVField) {
        guard let number = DecimalText(field).integer(as: Int.self) else { return nil }
        self = number
    }
}

extension Double {
    /// Creates the number nearest to what a field's value states, or nil if it is no number.
    ///
    /// The result is that of `Double(String(field))`, correctly rounded in every case, whatever the locale.
    ///
    /// - Complexity: O(*n*).
    public init?(_ field: borrowing CSVField) {
        if let exact = DecimalText(field).exactDouble {
            self = exact
        } else if let number = Double(String(field)) {
            self = number
        } else {
            return nil
        }
    }
}

extension Float {
    /// Creates the number nearest to what a field's value states, or nil if it is no number. See `Double(field)`.
    ///
    /// - Complexity: O(*n*).
    public init?(_ field: borrowing CSVField) {
        guard let number = Float(String(field)) else { return nil }
        self = number
    }
}

/// The bytes of a number in decimal digits.
private struct DecimalText {
    private let bytes: UnsafeBufferPointer<UInt8>

    /// Valid as long as the field.
    init(_ field: borrowing CSVField) { bytes = UnsafeBufferPointer(start: field.start, count: field.count) }

    func integer<Number: FixedWidthInteger>(as _: Number.Type) -> Number? {
        let sign = bytes.first ?? 0
        let isNegative = sign == UInt8(ascii: "-")
        var position = isNegative || sign == UInt8(ascii: "+") ? 1 : 0
        guard position < bytes.count else { return nil }
        // Up to 18 digits fit a word whatever they are.
        guard bytes.count <= 18 else { return longInteger(from: position, isNegative) }
        var value: Int64 = 0
        while position < bytes.count {
            let digit = bytes[position] &- 0x30
            guard digit < 10 else { return nil }
            value = value &* 10 &+ Int64(digit)
            position += 1
        }
        return Number(exactly: isNegative ? -value : value)
    }

    private func longInteger<Number: FixedWidthInteger>(from start: Int, _ isNegative: Bool) -> Number? {
        var value: Number = 0
        for byte in bytes[start...] {
            let digit = byte &- 0x30
            guard digit < 10 else { return nil }
            let (tens, isTooLarge) = value.multipliedReportingOverflow(by: 10)
            let (sum, isBeyond) =
                isNegative
                ? tens.subtractingReportingOverflow(Number(digit)) : tens.addingReportingOverflow(Number(digit))
            if isTooLarge || isBeyond { return nil }
            value = sum
        }
        return value
    }

    /// The number, if it is short enough that one division of two exact numbers gives it: digits below 2^53, and at most 22
    /// of them after the point. Then the quotient is correctly rounded.
    ///
    ///     -12.75    1275 and 2 digits    -(1275 / 100)
    var exactDouble: Double? {
        var position = bytes.first == UInt8(ascii: "-") ? 1 : 0
        let isNegative = position == 1
        var (digits, value) = (0, Int64(0))
        var point: Int?
        guard bytes.count <= 17 else { return nil }
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "."), point == nil, digits > 0 {
                point = position
            } else {
                let digit = byte &- 0x30
                guard digit < 10 else { return nil }
                value = value &* 10 &+ Int64(digit)
                digits += 1
            }
            position += 1
        }
        let decimals = point.map { bytes.count - 1 - $0 } ?? 0
        guard digits > 0, digits <= 15, point == nil || decimals > 0 else { return nil }
        let number = Double(value) / Self.powers[decimals]
        return isNegative ? -number : number
    }

    /// The powers of ten up to 10^15, all exact.
    private static let powers: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
    ]
}
