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
    /// SHA-256 of the schema's canonical text, as hexadecimal digits.
    package var digest = ""

    package init(fields: [Field]) { self.fields = fields }
}
