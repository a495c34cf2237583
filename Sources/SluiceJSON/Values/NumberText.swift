/// A number as digits, which can be written as JSON without a change to any of them.
///
///     "-1,234.50e3" with groups    minus, 1234, 50, e3    → -1234.50e3
///     ".5"                         0, 5                   → 0.5
struct NumberText: Sendable, Hashable {
    var isNegative = false
    /// At least one digit; a zero only if it is the only digit.
    var integer: [UInt8]
    var fraction: [UInt8] = []
    /// As written, such as `e+5`, or empty.
    var exponent: [UInt8] = []

    /// Appends the number as JSON.
    func append(to json: inout [UInt8]) {
        if isNegative { json.append(UInt8(ascii: "-")) }
        json += integer
        if !fraction.isEmpty {
            json.append(UInt8(ascii: "."))
            json += fraction
        }
        json += exponent
    }

    /// Whether an integer is beyond ±(2^53 - 1).
    var isBigInteger: Bool {
        if integer.count != Self.largestSafe.count { return integer.count > Self.largestSafe.count }
        return Self.largestSafe.lexicographicallyPrecedes(integer)
    }

    private static let largestSafe = Array("9007199254740991".utf8)
}

/// A number's value, in a form that equal numbers share: `1`, `1.0`, `0.1e1` are the digit 1 with the exponent 0.
struct ExactNumber: Sendable, Hashable {
    /// -1, 0 or 1.
    let sign: Int
    /// The power of ten of the first digit.
    let exponent: WholeNumber
    /// The digits without zeros at either end; none for zero.
    let digits: [UInt8]

    /// - Complexity: O(*n*) in the number of digits.
    init(_ number: NumberText) {
        let all = number.integer + number.fraction
        let zeros = all.prefix { $0 == UInt8(ascii: "0") }.count
        guard zeros < all.count else {
            (sign, exponent, digits) = (0, WholeNumber(0), [])
            return
        }
        let end = all.lastIndex { $0 != UInt8(ascii: "0") }.map { $0 + 1 } ?? all.count
        sign = number.isNegative ? -1 : 1
        digits = Array(all[zeros..<end])
        exponent = WholeNumber(number.integer.count - 1 - zeros) + Self.exponent(number.exponent)
    }

    private static func exponent(_ text: [UInt8]) -> WholeNumber {
        let isNegative = text.dropFirst().first == UInt8(ascii: "-")
        let magnitude = WholeNumber(digits: text.filter(ASCII.isDigit))
        return isNegative ? -magnitude : magnitude
    }

    /// The number as a text that equal numbers share.
    var text: String { "\(sign) \(String(decoding: digits, as: UTF8.self)) \(exponent)" }
}

extension ExactNumber: Comparable {
    static func < (smaller: ExactNumber, larger: ExactNumber) -> Bool {
        if smaller.sign != larger.sign { return smaller.sign < larger.sign }
        let (near, far) = smaller.sign < 0 ? (larger, smaller) : (smaller, larger)
        if near.exponent != far.exponent { return near.exponent < far.exponent }
        return near.digits.lexicographicallyPrecedes(far.digits)
    }
}
