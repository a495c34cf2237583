import SluiceCSV
import SluiceJSON

/// What the values of a column are, found out value by value, with the types that a schema checks.
package struct ReferenceProfile: Equatable {
    package var kinds: [ColumnProfile.Kind: UInt64] = [:]
    package var distinct: Set<[UInt8]> = []
    package var shortest: UInt64 = 0
    package var longest: UInt64 = 0
    package var characters: UInt64 = 0
    package var least: [UInt8]?
    package var greatest: [UInt8]?

    package init(_ values: [[UInt8]]) {
        for value in values {
            kinds[Self.kind(of: value), default: 0] += 1
            if value.isEmpty { continue }
            distinct.insert(value)
            let length = UInt64(String(decoding: value, as: UTF8.self).unicodeScalars.count)
            shortest = shortest == 0 ? length : min(shortest, length)
            longest = max(longest, length)
            characters += length
        }
        let type = type
        let ranked = values.filter { value in
            switch Self.kind(of: value) {
            case .empty: false
            case .missing: type == .text
            default: true
            }
        }
        for value in ranked {
            if least.map({ Self.isBefore(value, $0, type) }) ?? true { least = value }
            if greatest.map({ Self.isBefore($0, value, type) }) ?? true { greatest = value }
        }
    }

    /// The first type that every value has.
    package var type: ColumnProfile.Kind {
        let types: [ColumnProfile.Kind] = [.integer, .number, .date, .time, .datetime, .boolean]
        let found = Set(kinds.keys).subtracting([.empty, .missing])
        if found.isEmpty { return .text }
        return types.first { found == [$0] || $0 == .number && found == [.integer, .number] } ?? .text
    }

    private static func isBefore(_ one: [UInt8], _ other: [UInt8], _ type: ColumnProfile.Kind) -> Bool {
        guard type == .integer || type == .number else { return one.lexicographicallyPrecedes(other) }
        guard let one = Constraint.Bound(one, of: number), let other = Constraint.Bound(other, of: number) else {
            return false
        }
        return one.order(other) == -1
    }

    private static let number = FieldType.number(FieldType.NumberForm())

    package static func kind(of value: [UInt8]) -> ColumnProfile.Kind {
        let text = String(decoding: value, as: UTF8.self)
        if value.isEmpty { return .empty }
        if missing.contains(text) { return .missing }
        if ["true", "True", "TRUE", "false", "False", "FALSE"].contains(text) { return .boolean }
        if text.first != "+", !isBig(text), value.count <= 64 {
            if accepts(.integer(FieldType.NumberForm()), value) { return .integer }
            if accepts(number, value) { return .number }
        }
        if accepts(.date(.iso), value) { return .date }
        if accepts(.time(.iso), value) { return .time }
        return accepts(.datetime(.iso), value) ? .datetime : .text
    }

    private static let missing: Set = [
        "NA", "N/A", "n/a", "#N/A", "<NA>", "NaN", "nan", "NULL", "Null", "null", "None", "NaT", "#NA", "n.a.", "N.A.",
        "\\N", "-", "--", "?", ".",
    ]

    /// Whether a number may be beyond 2^53, or has an exponent that no double has.
    private static func isBig(_ text: String) -> Bool {
        let parts = text.lowercased().split(separator: "e", maxSplits: 1, omittingEmptySubsequences: false)
        let mantissa = parts[0].drop { $0 == "-" }
        let digits = mantissa.prefix { $0 != "." }
        if let number = UInt64(digits) {
            if number > 1 << 53 - 1 { return true }
        } else if digits.count > 18 {
            return true
        }
        guard parts.count == 2 else { return false }
        let exponent = parts[1].drop { $0 == "+" || $0 == "-" }
        guard exponent.count <= 3, let power = Int(parts[1].hasPrefix("+") ? String(exponent) : String(parts[1])) else {
            return true
        }
        return mantissa.contains { $0 != "0" && $0 != "." } && power + digits.count > 15
    }

    private static func accepts(_ type: FieldType, _ value: [UInt8]) -> Bool {
        var rule = ColumnRule()
        rule.type = type
        var json: [UInt8] = []
        return value.withView { view in
            (try? rule.write(FieldText(value: view, comparedValue: view, isQuoted: false), to: &json)) ?? false
        }
    }
}

/// Texts that are values of several types, or nearly.
package struct ProfileGenerator {
    private var random: SplitMix64

    package init(seed: UInt64) { random = SplitMix64(seed: seed) }

    private static let usual = [
        "0", "7", "12", "-5", "+5", "007", "9007199254740991", "9007199254740992", "-9007199254740991", "12345678",
        "123456789", "1.5", "-0.25", ".5", "5.", "-.5", ".", "1e3", "1E-7", "1e15", "1e16", "0e99", "1.50e+2", "00.5",
        "0.12345678901234567890", "0.12345678901234567891", "2024-02-29", "2023-02-29", "1999-12-31", "0000-01-01",
        "12:30:00",
        "24:00:00", "23:59:60", "2024-02-29T12:30:00", "2024-02-29T12:30:00Z", "2024-02-29T12:30:00.25+02:00",
        "2024-02-29T24:00:00", "9999-12-31T24:00:00", "2024-02-29T12:30:00+14:01", "2024-02-29 12:30:00", "true",
        "False",
        "TRUE", "yes", "NA", "N/A", "null", "-", "--", "?", "", "", "x", "Rome", "a, b", "say \"x\"", "é", "Ångström",
        "a text of more than sixteen bytes",
        "a text of more than sixteen bytes, and of more than sixty-four bytes too: it is long",
        "two\nlines", "\u{FFFE}", "日本", "1,5",
    ]

    package mutating func value() -> String {
        var text = Array(random.pick(from: Self.usual, or: "").unicodeScalars)
        if random.oneIn(5) {
            let place = Int.random(in: 0...text.count, using: &random)
            text.insert(random.pick("0", "9", ".", "-", "e", ":", "T", "Z", "+", "é"), at: place)
        } else if random.oneIn(6), !text.isEmpty {
            text.remove(at: Int.random(in: 0..<text.count, using: &random))
        }
        var result = String.UnicodeScalarView()
        result.append(contentsOf: text)
        return String(result)
    }

    /// Returns columns of values of the same length. A column is often of one type.
    package mutating func columns() -> [[String]] {
        let rows = random.pick(0, 1, 2, 5, 20, 60)
        return (0..<random.pick(1, 2, 3, 5)).map { _ in
            let few = (0..<random.pick(1, 2, 3, 8)).map { _ in value() }
            return (0..<rows).map { _ in random.pick(from: few, or: "") }
        }
    }

    /// Returns a file with these columns under a dialect, quoted where it must be.
    package mutating func file(_ columns: [[String]], _ dialect: Dialect) -> [UInt8] {
        let (delimiter, quote) = (Unicode.Scalar(dialect.delimiter), Unicode.Scalar(dialect.quote))
        let end = random.pick("\n", "\r\n")
        var text =
            dialect.header == .firstRecord
            ? columns.indices.map { "name \($0)" }.joined(separator: "\(delimiter)") + end : ""
        for row in (columns.first ?? []).indices {
            let fields = columns.map { column in
                let value = column[row]
                let mustQuote = value.unicodeScalars.contains {
                    $0 == delimiter || $0 == quote || $0 == "\n" || $0 == "\r"
                }
                guard mustQuote || (columns.count == 1 && value.isEmpty) || random.oneIn(8) else { return value }
                return "\(quote)"
                    + value.split(separator: Character(quote), omittingEmptySubsequences: false)
                    .joined(separator: "\(quote)\(quote)") + "\(quote)"
            }
            text += fields.joined(separator: "\(delimiter)") + end
        }
        return Array(text.utf8)
    }
}
