/// What a Table Schema says of an input's columns.
package struct TableSchema: Sendable, Hashable {
    package struct Field: Sendable, Hashable {
        /// The column's name in the header.
        package var name: [UInt8]
        package var rule = ColumnRule()
        /// The member's name in rows, if it differs.
        package var outputName: [UInt8]?
        /// Whether rows leave the column out. It is checked all the same.
        package var isDropped = false

        package init(name: [UInt8]) { self.name = name }
    }

    /// How the header's columns must match the fields.
    package enum Match: String, Sendable, Hashable, CaseIterable {
        case exact, equal, subset, superset, partial
    }

    package var fields: [Field]
    package var match = Match.exact
    /// Those of columns without a field.
    package var missingValues: [[UInt8]] = [[]]
    /// The canonical text, from which the schema can be read again. It has only what matters for rows.
    package var text = ""
    /// SHA-256 of the canonical text, as hexadecimal digits.
    package var digest = ""
    /// The constraints that the schema has and that are not checked.
    package var unchecked: [Unchecked] = []

    package struct Unchecked: Sendable, Hashable {
        /// The name of the constraint.
        package var constraint: String
        /// How often the schema has it.
        package var count: Int

        package init(constraint: String, count: Int) { (self.constraint, self.count) = (constraint, count) }
    }

    package init(fields: [Field]) { self.fields = fields }
}
