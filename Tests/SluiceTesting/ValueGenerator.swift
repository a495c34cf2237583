// Random rules of columns, and texts that are values of their types or nearly so.

import SluiceCSV
import SluiceJSON

package struct ValueGenerator: Sendable {
    var random: SplitMix64

    /// Makes a generator; equal seeds give equal rules and texts.
    package init(seed: UInt64) { random = SplitMix64(seed: seed) }

    /// Returns a rule for a column of any type.
    package mutating func rule() -> ColumnRule {
        var rule = ColumnRule()
        rule.type = type()
        rule.stripsLeadingZeros = random.oneIn(4)
        rule.bigIntegers = random.pick(.number, .number, .string, .error)
        rule.keepsQuotedEmpty = random.oneIn(4)
        let words = ["", "NA", "-", "0", "-999", "\\N"].map { Array($0.utf8) }
        rule.missingValues = random.pick([[]], [], [random.pick(from: words, or: [])], words)
        if random.oneIn(3) {
            rule.constraints = (0..<random.pick(1, 1, 2, 3)).compactMap { _ in constraint(rule.type) }
        }
        return rule
    }

    /// Returns a text for a field under a rule, which is well-formed UTF-8.
    package mutating func text(for rule: ColumnRule) -> [UInt8] {
        let text =
            switch Int.random(in: 0..<12, using: &random) {
            case 0: String(decoding: random.pick(from: rule.missingValues, or: []), as: UTF8.self)
            case 1: valid(type())
            case 2: random.pick(" ", "\t", "") + valid(rule.type) + random.pick(" ", "\t ", "\n")
            case 3...5: mutated(valid(rule.type))
            default: valid(rule.type)
            }
        return Array(text.utf8)
    }

    /// Whether a field is in quotes.
    package mutating func isQuoted() -> Bool { random.oneIn(2) }

    private mutating func constraint(_ type: FieldType) -> Constraint? {
        func bound() -> Constraint.Bound? { Constraint.Bound(Array(valid(type).utf8), of: type) }
        switch type {
        case .string where random.oneIn(3):
            return (try? TextPattern(Array(random.pick("[a-z]*", "^.{0,3}$", #"\p{L}+"#, ".*@.*").utf8))).map {
                .pattern($0)
            }
        case .string, .array, .object, .list:
            if random.oneIn(2) {
                return random.oneIn(2) ? .minLength(random.pick(0, 1, 2)) : .maxLength(random.pick(0, 1, 2, 5))
            }
        case .boolean, .geoJSON, .geoPoint: break
        default:
            guard random.oneIn(3), let bound = bound() else { break }
            return random.pick(.minimum(bound), .maximum(bound), .exclusiveMinimum(bound), .exclusiveMaximum(bound))
        }
        if random.oneIn(4) { return .required }
        let bounds = (0..<random.pick(1, 2, 5, 20)).compactMap { _ in bound() }
        return bounds.isEmpty ? nil : .oneOf(Constraint.Choice(bounds), isCategories: random.oneIn(4))
    }

    /// Returns a text with some characters changed, inserted or deleted.
    private mutating func mutated(_ text: String) -> String {
        var scalars = Array(text.unicodeScalars)
        for _ in 0..<random.pick(1, 1, 2) {
            let place = Int.random(in: 0...scalars.count, using: &random)
            let other = random.pick(from: Self.troubleMakers, or: "0")
            switch Int.random(in: 0..<4, using: &random) {
            case 0 where place < scalars.count: scalars[place] = other
            case 1 where place < scalars.count: scalars.remove(at: place)
            case 2 where place < scalars.count: scalars.insert(scalars[place], at: place)
            default: scalars.insert(other, at: place)
            }
        }
        return String(String.UnicodeScalarView(scalars))
    }

    private static let troubleMakers = Array(
        "0123456789+-.,:;/eETZzPpMS%()[]{}\"'\\ \t\n\u{A0}#@=~·\u{2212}\u{2013}\u{FF0D}\u{FF08}\u{663}\u{FFFE}\u{FFFF}\u{301}é€😀"
            .unicodeScalars
    )

    private mutating func type() -> FieldType {
        switch Int.random(in: 0..<20, using: &random) {
        case 0: .text
        case 1: .string(random.pick(from: FieldType.StringFormat.allCases, or: .any))
        case 2...4: .integer(form())
        case 5...7: .number(form())
        case 8: .boolean(words())
        case 9: .date(format(Self.datePatterns))
        case 10: .time(format(Self.timePatterns))
        case 11...12: .datetime(format(Self.dateTimePatterns))
        case 13: random.pick(.year, .yearMonth)
        case 14: .duration
        case 15: random.pick(.object, .array)
        case 16: .geoJSON(isTopology: random.oneIn(3))
        case 17...18: list()
        default: .geoPoint(random.pick(from: FieldType.GeoPointFormat.allCases, or: .text))
        }
    }

    private mutating func form() -> FieldType.NumberForm {
        var form = FieldType.NumberForm()
        if random.oneIn(2) { return form }
        form.isBare = random.oneIn(2)
        let (decimal, group) = random.pick((".", ","), (",", "."), (".", ""), (",", ""), ("·", "\u{A0}"), (".", " "))
        (form.decimalCharacter, form.groupCharacter) = (Array(decimal.utf8), Array(group.utf8))
        return form
    }

    private mutating func words() -> FieldType.BooleanWords {
        var words = FieldType.BooleanWords()
        if random.oneIn(2) { return words }
        words.trueValues = ["ja", "✓"].map { Array($0.utf8) }
        words.falseValues = ["nein", ""].map { Array($0.utf8) }
        return words
    }

    private mutating func list() -> FieldType {
        let items: [FieldType] = [
            .text, .integer(.init()), .number(.init()), .boolean(.init()), .date(.iso), .time(.iso), .datetime(.iso),
        ]
        return .list(delimiter: Array(random.pick(",", ";", "||", "→").utf8), item: random.pick(from: items, or: .text))
    }

    private mutating func format(_ patterns: [String]) -> FieldType.TimeFormat {
        guard random.oneIn(2), let pattern = TimePattern(Array(random.pick(from: patterns, or: "").utf8)) else {
            return .iso
        }
        return .pattern(pattern)
    }

    private static let datePatterns = [
        "%d.%m.%Y", "%m/%d/%y", "%Y%m%d", "%d%m%Y", "%j/%Y", "%Y-%j", "%d %b %Y", "%B %d, %Y", "%y%m%d", "%d%b%y",
        "%%%Y %m  %d",
    ]
    private static let timePatterns = [
        "%H:%M", "%I:%M %p", "%H%M%S", "%I.%M.%S%p", "%H:%M:%S.%f", "%H", "%H:%M:%S%z", "%S%f%M%H",
    ]
    private static let dateTimePatterns = [
        "%d/%m/%Y %H:%M:%S", "%Y-%m-%dT%H:%M:%S%z", "%d.%m.%y %H:%M", "%d%m%Y%H%M%S%f", "%b %d %Y %I:%M%p %Z",
        "%Y-%m-%d %H:%M:%S.%f%z",
    ]
}
