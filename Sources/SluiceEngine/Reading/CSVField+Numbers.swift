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

/// The bytes of a number in decimal digits, of which 9 are readable, however many there are.
struct DecimalText {
    private let bytes: UnsafeBufferPointer<UInt8>

    /// Valid as long as the bytes.
    @inline(__always)
    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// Valid as long as the field.
    @inline(__always)
    init(_ field: borrowing CSVField) { self.init(UnsafeBufferPointer(start: field.start, count: field.count)) }

    @inline(__always)
    func integer<Number: FixedWidthInteger>(as _: Number.Type) -> Number? {
        if let short = shortInteger { Number(exactly: short) } else { longInteger() }
    }

    /// The integer, if it has up to eight digits and no plus sign.
    @inline(__always)
    var shortInteger: Int64? {
        guard let start = bytes.baseAddress, !bytes.isEmpty else { return nil }
        let sign = start[0] == UInt8(ascii: "-") ? 1 : 0
        guard let value = Self.value(start + sign, count: bytes.count - sign) else { return nil }
        return sign == 0 ? value : -value
    }

    /// Returns the number that up to eight digits are, or nil. They are read as one word, in which neighbours are added up:
    ///
    ///     "123"      one byte for each, the last one highest      00 00 00 00 00 01 02 03
    ///                ten times each other one, and the next       0000 0000 0001 0023
    ///                a hundred times, ten thousand times          00000000 00000123
    @inline(__always)
    private static func value(_ digits: UnsafePointer<UInt8>, count: Int) -> Int64? {
        guard count > 0, count <= 8 else { return nil }
        // What stands after the digits is shifted out, zeros are shifted in.
        let unused = UInt64(truncatingIfNeeded: 64 &- 8 &* count)
        var word = UInt64(littleEndian: UnsafeRawPointer(digits).loadUnaligned(as: UInt64.self)) &<< unused
        word ^= 0x3030_3030_3030_3030 &<< unused
        // A byte above 9 has the highest bit, or gets it.
        guard (word | (word &+ 0x7676_7676_7676_7676)) & 0x8080_8080_8080_8080 == 0 else { return nil }
        word = (word &* (10 << 8 + 1)) &>> 8 & 0x00FF_00FF_00FF_00FF
        word = (word &* (100 << 16 + 1)) &>> 16 & 0x0000_FFFF_0000_FFFF
        word = (word &* (10000 << 32 + 1)) &>> 32
        return Int64(truncatingIfNeeded: word)
    }

    @inline(never)
    private func longInteger<Number: FixedWidthInteger>() -> Number? {
        let sign = bytes.first ?? 0
        let isNegative = sign == UInt8(ascii: "-")
        let digits = UnsafeBufferPointer(rebasing: bytes.dropFirst(isNegative || sign == UInt8(ascii: "+") ? 1 : 0))
        guard let start = digits.baseAddress, !digits.isEmpty else { return nil }
        if digits.count <= 16 {
            // Two words, or one after a plus sign.
            let upper = max(digits.count - 8, 0)
            guard let low = Self.value(start + upper, count: digits.count - upper),
                let high = upper == 0 ? 0 : Self.value(start, count: upper)
            else { return nil }
            let value = high * 100_000_000 + low
            return Number(exactly: isNegative ? -value : value)
        }
        var value: Number = 0
        for byte in digits {
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
