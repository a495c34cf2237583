/// A condition on the values of a column, as Table Schema 2.0 defines it.
package enum Constraint: Sendable, Hashable {
    case required
    /// Lengths of strings in code points, of arrays, lists and objects in elements.
    case minLength(Int), maxLength(Int)
    case minimum(Bound), maximum(Bound), exclusiveMinimum(Bound), exclusiveMaximum(Bound)
    case pattern(TextPattern)
    case oneOf([Bound], isCategories: Bool)

    /// A value that others are compared with.
    package struct Bound: Sendable, Hashable {
        /// The value as text, in the form in which a field would hold it.
        package let text: [UInt8]

        /// Returns nil if the text is not a value of that type.
        package init?(_ text: [UInt8], of type: FieldType) {
            self.text = text
        }
    }
}
