import SluiceCSV

extension Constraint {
    /// A value that others are compared with. Bounds are equal if their values are, as `1.0` and `1`.
    package struct Bound: Sendable {
        /// The value as text, in the form in which a field would hold it.
        package let text: [UInt8]
        let value: ComparableValue

        /// Returns nil if the text is not a value of that type.
        package init?(_ text: [UInt8], of type: FieldType) {
            let value = text.withView { view in
                (try? type.value(of: view, stripsLeadingZeros: false)).map(ComparableValue.init)
            }
            guard let value else { return nil }
            (self.text, self.value) = (text, value)
        }

        /// Returns -1, 0 or 1 if this is less than the other, equal or greater; nil if the two have no order.
        package func order(_ other: Bound) -> Int? { value.order(other.value) }
    }
}

extension Constraint.Bound: Hashable {
    package static func == (one: Self, other: Self) -> Bool { one.value == other.value }
    package func hash(into hasher: inout Hasher) { hasher.combine(value) }
}

extension Constraint {
    /// The values that a column may have. They are found by their hash, since lists of codes can be long.
    package struct Choice: Sendable, Hashable {
        /// The values as the schema has them, in its order.
        package let bounds: [Bound]
        private let values: Set<ComparableValue>

        package init(_ bounds: [Bound]) {
            self.bounds = bounds
            values = Set(bounds.map(\.value))
        }

        func holds(_ value: ComparableValue) -> Bool { values.contains(value) }
    }
}
