import SluiceCSV
import SluiceJSON

/// A value in a form in which equal values are equal.
indirect enum ReferenceKey: Equatable {
    case text([UInt8])
    /// The digits of a decimal number, without needless zeros: `-12.5` is `-`, `12`, `5`.
    case number(isNegative: Bool, integer: String, fraction: String)
    case instant(seconds: Int, fraction: String)
    /// The lengths of a duration from four dates.
    case duration([ReferenceKey])
    case list([ReferenceKey])
    case members([String: ReferenceKey])

    /// Returns -1, 0 or 1; nil if the two have no order.
    func order(_ other: ReferenceKey) -> Int? {
        switch (self, other) {
        case (.number(true, let integer, let fraction), .number(true, let otherInteger, let otherFraction)):
            ReferenceKey.order(otherInteger, otherFraction, integer, fraction)
        case (.number(false, let integer, let fraction), .number(false, let otherInteger, let otherFraction)):
            ReferenceKey.order(integer, fraction, otherInteger, otherFraction)
        case (.number(let isNegative, _, _), .number): isNegative ? -1 : 1
        case (.instant(let seconds, let fraction), .instant(let otherSeconds, let otherFraction)):
            seconds != otherSeconds
                ? (seconds < otherSeconds ? -1 : 1) : ReferenceKey.order("", fraction, "", otherFraction)
        case (.duration(let lengths), .duration(let others)):
            ReferenceKey.common(zip(lengths, others).map { $0.order($1) })
        default: nil
        }
    }

    /// Compares two decimal numbers ≥ 0 as texts of equal length.
    private static func order(_ one: String, _ fraction: String, _ other: String, _ otherFraction: String) -> Int {
        let (width, places) = (max(one.count, other.count), max(fraction.count, otherFraction.count))
        let zeros = { String(repeating: "0", count: $0) }
        let text = zeros(width - one.count) + one + fraction + zeros(places - fraction.count)
        let otherText = zeros(width - other.count) + other + otherFraction + zeros(places - otherFraction.count)
        return text == otherText ? 0 : text < otherText ? -1 : 1
    }

    private static func common(_ orders: [Int?]) -> Int? {
        orders.allSatisfy { $0 == orders[0] } ? orders[0] : nil
    }
}

extension ReferenceValue {
    static func name(_ constraint: Constraint) -> String {
        switch constraint {
        case .required: "required"
        case .minLength: "minLength"
        case .maxLength: "maxLength"
        case .minimum: "minimum"
        case .maximum: "maximum"
        case .exclusiveMinimum: "exclusiveMinimum"
        case .exclusiveMaximum: "exclusiveMaximum"
        // The generators draw no pattern that goes beyond the limit.
        case .pattern: "pattern"
        case .oneOf(_, let isCategories): isCategories ? "categories" : "enum"
        }
    }

    static func isMet(
        _ constraint: Constraint,
        _ value: ReferenceTyped,
        _ text: [UInt8],
        _ type: FieldType
    ) -> Bool {
        func order(_ bound: Constraint.Bound) -> Int? { key(bound).flatMap(value.key.order) }
        func key(_ bound: Constraint.Bound) -> ReferenceKey? { (try? read(bound.text, type, ColumnRule()))?.key }
        return switch constraint {
        case .required: true
        case .minLength(let least): value.length >= least
        case .maxLength(let most): value.length <= most
        case .minimum(let bound): order(bound) == 1 || order(bound) == 0
        case .maximum(let bound): order(bound) == -1 || order(bound) == 0
        case .exclusiveMinimum(let bound): order(bound) == 1
        case .exclusiveMaximum(let bound): order(bound) == -1
        case .pattern(let pattern): text.withView { pattern.outcome(of: $0) } == .match
        case .oneOf(let choice, _): choice.bounds.contains { key($0) == value.key }
        }
    }
}
