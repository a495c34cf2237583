import SluiceCSV

/// A duration as XML Schema writes it, such as `P1Y2M3DT4H5M6.7S` or `-PT90S`.
///
/// Months have no fixed length, so not all durations can be ordered: `P1M` is longer than `P27D` and shorter than `P32D`, and
/// neither than `P30D`. XML Schema compares them by adding them to four dates, at which months follow each other in all
/// relevant orders: a duration is longer if it ends later from each of them.
struct DurationText: Sendable, Hashable {
    /// Years, months, days, hours, minutes, seconds: their digits, or none.
    private var digits: [[UInt8]] = []
    private var fraction: [UInt8] = []
    private var isNegative: Bool

    init(_ text: ByteView) throws(Mismatch) {
        var cursor = TextCursor(text)
        isNegative = cursor.take("-")
        guard cursor.take("P") else { throw .other }
        var number = cursor.takeDigits()
        readParts("YMD", &cursor, &number)
        if number.isEmpty, cursor.take("T") {
            number = cursor.takeDigits()
            if number.isEmpty { throw .other }
            readParts("HM", &cursor, &number)
            if !number.isEmpty, cursor.take(".") {
                fraction = cursor.takeDigits()
                guard !fraction.isEmpty, cursor.next == UInt8(ascii: "S") else { throw .other }
            }
            readParts("S", &cursor, &number)
        }
        let isSomething = digits.contains { !$0.isEmpty }
        guard number.isEmpty, cursor.isAtEnd, isSomething else { throw .other }
        digits += [[UInt8]](repeating: [], count: 6 - digits.count)
    }

    /// Reads parts, of which any may be missing, in order: `number` are the digits of the next one.
    private mutating func readParts(_ letters: String, _ cursor: inout TextCursor, _ number: inout [UInt8]) {
        for letter in letters.unicodeScalars {
            guard !number.isEmpty, cursor.take(letter) else {
                digits.append([])
                continue
            }
            digits.append(number)
            number = cursor.takeDigits()
        }
    }
}

extension DurationText {
    /// How long a duration is from each of the four dates.
    struct Lengths: Sendable, Hashable {
        /// -1, 0 or 1.
        let sign: Int
        let seconds: [WholeNumber]
        /// The digits of a second's fraction, without zeros at their end.
        let fraction: [UInt8]
    }

    /// The months at whose start XML Schema's four dates lie.
    private static let references = [(1696, 9), (1697, 2), (1903, 3), (1903, 7)]

    /// - Complexity: O(*n*) in the number of digits.
    var lengths: Lengths {
        let parts = digits.map(WholeNumber.init(digits:))
        let months = parts[0] * 12 + parts[1]
        let rest = parts[2] * 86_400 + parts[3] * 3600 + parts[4] * 60 + parts[5]
        let fraction = Array(fraction[..<(fraction.lastIndex { $0 != UInt8(ascii: "0") }.map { $0 + 1 } ?? 0)])
        let isZero = months == WholeNumber(0) && rest == WholeNumber(0) && fraction.isEmpty
        return Lengths(
            sign: isZero ? 0 : isNegative ? -1 : 1,
            seconds: Self.references.map { days(in: months, from: $0) * 86_400 + rest },
            fraction: fraction
        )
    }

    /// Returns the days from the first of a month to that so many months later or, if the duration is negative, before.
    private func days(in months: WholeNumber, from start: (year: Int, month: Int)) -> WholeNumber {
        // The calendar repeats itself every 400 years.
        let (cycles, rest) = months.quotientAndRemainder(dividingBy: 400 * 12)
        let first = start.year * 12 + start.month - 1
        let other = first + (isNegative ? -rest : rest)
        let days = Self.day(other) - Self.day(first)
        return cycles * 146_097 + WholeNumber(abs(days))
    }

    private static func day(_ month: Int) -> Int {
        // Some four centuries before the first reference date are the earliest; all are in years ≥ 1.
        CalendarDate.days(beforeMonth: month % 12 + 1, of: month / 12)
    }
}

extension DurationText.Lengths {
    /// Returns -1 if this is certainly shorter, 0 if both are equally long from every date, 1 if it is certainly longer; else
    /// nil.
    func order(_ other: DurationText.Lengths) -> Int? {
        if sign != other.sign { return sign < other.sign ? -1 : 1 }
        let orders = Set(zip(seconds, other.seconds).map { order($0, $1, other.fraction) })
        return orders.count == 1 ? orders.first.map { $0 * sign } : nil
    }

    private func order(_ one: WholeNumber, _ other: WholeNumber, _ otherFraction: [UInt8]) -> Int {
        if one != other { return one < other ? -1 : 1 }
        if fraction == otherFraction { return 0 }
        return fraction.lexicographicallyPrecedes(otherFraction) ? -1 : 1
    }
}
