/// What rows are made of: which columns, under which names, as which values.
///
/// A shape is what options and a schema say. With an input's header it becomes a plan. The default shape gives one string for
/// every column.
package struct RowShape: Sendable, Hashable {
    package var schema: TableSchema?
    /// Types of columns by name, without a schema or instead of what it says.
    package var types: [NamedType] = []
    /// Texts that stand for no value, in all columns; nil for those of the schema.
    package var nullTexts: [[UInt8]]?
    /// What becomes of empty values; nil: as the other options say.
    package var emptyForm: EmptyForm?
    package var nullForm = NullForm.null
    /// Whether `""`, in quotes, is a string even if the empty text is a missing value.
    package var keepsQuotedEmpty = false
    /// The columns of rows, in order; nil for all.
    package var selected: [[UInt8]]?
    package var dropped: [[UInt8]] = []
    package var renamed: [Renaming] = []
    /// Separates the names of nested objects: `.` makes `a.b` a member of `a`. Empty for no nesting.
    package var nestSeparator: [UInt8] = []
    package var added: [AddedColumn] = []
    package var stripsLeadingZeros = false
    package var bigIntegers: ColumnRule.BigIntegers?

    package init() {}

    /// Whether rows are those of an input without options on rows.
    package var isPlain: Bool { self == RowShape() }
}

extension RowShape {
    package struct NamedType: Sendable, Hashable {
        package var name: [UInt8]
        package var type: FieldType

        package init(name: [UInt8], type: FieldType) { (self.name, self.type) = (name, type) }
    }

    package struct Renaming: Sendable, Hashable {
        package var old: [UInt8]
        package var new: [UInt8]

        package init(old: [UInt8], new: [UInt8]) { (self.old, self.new) = (old, new) }
    }

    package enum EmptyForm: String, Sendable, Hashable, CaseIterable { case string, null, omit }

    package enum NullForm: String, Sendable, Hashable, CaseIterable { case null, omit }

    /// A member at the end of each row that no column holds.
    package struct AddedColumn: Sendable, Hashable {
        package enum Value: Sendable, Hashable {
            case source, record, line, offset, modified
            case literal([UInt8])
        }

        package var name: [UInt8]
        package var value: Value

        package init(name: [UInt8], value: Value) { (self.name, self.value) = (name, value) }
    }

    /// What rows can hold of their input.
    package struct InputFacts: Sendable, Hashable {
        /// The attribute `sluice.source`.
        package var source = ""
        /// The time in it; empty if there is none.
        package var modified = ""

        package init(source: String = "", modified: String = "") { (self.source, self.modified) = (source, modified) }
    }
}
