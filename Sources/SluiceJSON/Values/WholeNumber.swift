import SluicePlatform

/// An integer of any size, with the few operations that values are compared with. Each takes time linear in its digits.
struct WholeNumber: Sendable, Hashable {
    private var isNegative = false
    /// The magnitude in base 10^9, lowest limb first, without zeros at its end: 12 billion is `[0, 12]`, zero is empty. In this
    /// base a decimal text is converted without a multiplication of all limbs for each digit.
    private var limbs: [Int] = []

    private static let base = 1_000_000_000

    init(_ number: Int) {
        isNegative = number < 0
        var rest = number.magnitude
        while rest > 0 {
            limbs.append(Int(rest % UInt(Self.base)))
            rest /= UInt(Self.base)
        }
    }

    /// The number of decimal digits in ASCII; zero if there are none.
    init(digits: [UInt8]) {
        var end = digits.count
        while end > 0 {
            let start = max(0, end - 9)
            limbs.append(digits[start..<end].reduce(0) { $0 * 10 + Int($1 & 15) })
            end = start
        }
        trim()
    }

    private mutating func trim() {
        while limbs.last == 0 { limbs.removeLast() }
        if limbs.isEmpty { isNegative = false }
    }

    static prefix func - (number: WholeNumber) -> WholeNumber {
        var negated = number
        negated.isNegative = !number.isNegative && !number.limbs.isEmpty
        return negated
    }

    static func + (one: WholeNumber, other: WholeNumber) -> WholeNumber {
        if one.isNegative == other.isNegative { return sum(one, other, sign: 1) }
        return isSmaller(one.limbs, other.limbs) ? sum(other, one, sign: -1) : sum(one, other, sign: -1)
    }

    /// Returns the number with the sign of `one` and the sum or difference of the magnitudes.
    private static func sum(_ one: WholeNumber, _ other: WholeNumber, sign: Int) -> WholeNumber {
        var (result, carry) = (one, 0)
        for place in 0..<max(one.limbs.count, other.limbs.count) {
            if place == result.limbs.count { result.limbs.append(0) }
            let limb = result.limbs[place] + sign * (place < other.limbs.count ? other.limbs[place] : 0) + carry
            carry = limb < 0 ? -1 : limb / base
            result.limbs[place] = limb - carry * base
        }
        if carry > 0 { result.limbs.append(carry) }
        result.trim()
        return result
    }

    /// Multiplies by a factor from 0 to 10^9.
    static func * (number: WholeNumber, factor: Int) -> WholeNumber {
        var (result, carry) = (number, 0)
        for place in number.limbs.indices {
            let product = number.limbs[place] * factor + carry
            result.limbs[place] = product % base
            carry = product / base
        }
        if carry > 0 { result.limbs.append(carry) }
        result.trim()
        return result
    }

    /// Divides a number ≥ 0 by a divisor from 1 to 10^9.
    func quotientAndRemainder(dividingBy divisor: Int) -> (quotient: WholeNumber, remainder: Int) {
        var (result, remainder) = (self, 0)
        for place in limbs.indices.reversed() {
            let part = remainder * Self.base + limbs[place]
            result.limbs[place] = part / divisor
            remainder = part % divisor
        }
        result.trim()
        return (result, remainder)
    }
}

extension WholeNumber: Comparable {
    static func < (smaller: WholeNumber, larger: WholeNumber) -> Bool {
        if smaller.isNegative != larger.isNegative { return smaller.isNegative }
        return smaller.isNegative ? isSmaller(larger.limbs, smaller.limbs) : isSmaller(smaller.limbs, larger.limbs)
    }

    private static func isSmaller(_ one: [Int], _ other: [Int]) -> Bool {
        if one.count != other.count { return one.count < other.count }
        return one.reversed().lexicographicallyPrecedes(other.reversed())
    }
}

extension WholeNumber: CustomStringConvertible {
    var description: String {
        guard let first = limbs.last else { return "0" }
        let rest = limbs.dropLast().reversed().map { $0.digits(width: 9) }.joined()
        return (isNegative ? "-" : "") + "\(first)" + rest
    }
}
