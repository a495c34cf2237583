/// A condition on the values of a column, as Table Schema 2.0 defines it.
package enum Constraint: Sendable, Hashable {
    case required
    /// Lengths of strings in code points, of arrays, lists and objects in elements.
    case minLength(Int), maxLength(Int)
    case minimum(Bound), maximum(Bound), exclusiveMinimum(Bound), exclusiveMaximum(Bound)
    case pattern(TextPattern)
    /// The constraint `enum`, or the property `categories`.
    case oneOf(Choice, isCategories: Bool)
}
