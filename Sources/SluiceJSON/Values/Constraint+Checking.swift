import SluiceCSV

extension Constraint {
    /// The constraint's name in Table Schema.
    package var name: String {
        switch self {
        case .required: "required"
        case .minLength: "minLength"
        case .maxLength: "maxLength"
        case .minimum: "minimum"
        case .maximum: "maximum"
        case .exclusiveMinimum: "exclusiveMinimum"
        case .exclusiveMaximum: "exclusiveMaximum"
        case .pattern: "pattern"
        case .oneOf(_, let isCategories): isCategories ? "categories" : "enum"
        }
    }

    /// Whether a value that is not a missing one meets the constraint. A bound is broken by a value that has no order with it.
    func isMet(by value: TypedValue, _ comparable: @autoclosure () -> ComparableValue) -> Bool {
        switch self {
        case .required: true
        case .minLength(let least): value.length >= least
        case .maxLength(let most): value.length <= most
        case .minimum(let bound): comparable().order(bound.value).map { $0 >= 0 } ?? false
        case .maximum(let bound): comparable().order(bound.value).map { $0 <= 0 } ?? false
        case .exclusiveMinimum(let bound): comparable().order(bound.value).map { $0 > 0 } ?? false
        case .exclusiveMaximum(let bound): comparable().order(bound.value).map { $0 < 0 } ?? false
        case .oneOf(let choice, _): choice.holds(comparable())
        case .pattern: true
        }
    }
}
