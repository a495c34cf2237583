import SluiceCSV
import SluiceJSON
import SluicePlatform

/// What a file says of a CSV input: its dialect, its encoding, and the types, names and constraints of its columns.
///
/// It is a Table Schema, a Data Resource or a Data Package with one resource, all of version 2.0 of the
/// [Data Package standard](https://datapackage.org). With
///
///     {"encoding":"windows-1252","dialect":{"delimiter":";"},
///      "schema":{"fields":[{"name":"id","type":"integer"},{"name":"price","type":"number","decimalChar":","}]}}
///
/// the record `7;2,50` becomes the row `{"id":7,"price":2.50}`:
///
///     let schema = try Schema(json: bytes)
///     let converter = CSVConverter(schema: schema)
///
/// Whatever the standard defines and Sluice can't do is an error with its place, not ignored. Other properties are ignored,
/// such as titles and those of other programs.
public struct Schema: Sendable, Hashable {
    /// The columns; nil if the file describes only dialect and encoding.
    package internal(set) var table: TableSchema?
    /// The encoding, if the file states it.
    public internal(set) var encoding: Encoding?
    /// The constraints that are not checked.
    public internal(set) var skipped: [Skipped] = []
    var settings = DialectSettings()

    /// Creates a schema that states nothing.
    init() {}

    /// The most bytes of a schema: 64 MiB.
    public static let largest = 1 << 26

    /// Whether there is enough memory to read a schema: each JSON value takes some 200 bytes, as itself and as what it means.
    package static func fits(_ json: [UInt8]) -> Bool {
        let values = json.count { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: ":") }
        return json.count < 1 << 16 || System.hasMemory(for: 4 * json.count + 300 * values)
    }

    /// Reads a schema. Time and memory are proportional to the text.
    ///
    /// - Parameters:
    ///   - json: A Table Schema, a Data Resource or a Data Package, in UTF-8.
    ///   - skipping: Constraints that the schema may have although they are not checked. See ``skipped``.
    public init(json: [UInt8], skipping: Set<Constraint> = []) throws(SchemaError) {
        var reader = SchemaReader(skipping: skipping)
        try reader.readFile(SchemaNode(json: json))
        self = reader.schema
        table?.unchecked = Constraint.allCases.compactMap { constraint in
            let count = skipped.count { $0.constraint == constraint }
            return count == 0 ? nil : TableSchema.Unchecked(constraint: constraint.rawValue, count: count)
        }
        if let text = table?.canonicalText {
            table?.text = text
            table?.digest = Hexadecimal.text(SHA256.digest(Array(text.utf8)))
        }
    }

    /// A constraint that is not checked: it needs memory that grows with the input, or a library of its own.
    public enum Constraint: String, Sendable, Hashable, CaseIterable {
        case unique, primaryKey, uniqueKeys, foreignKeys, jsonSchema
    }

    /// A constraint of the schema that is not checked.
    public struct Skipped: Sendable, Hashable {
        /// The kind of constraint.
        public var constraint: Constraint
        /// Its place, as a JSON pointer.
        public var pointer: String

        /// Creates a note.
        public init(constraint: Constraint, pointer: String) { (self.constraint, self.pointer) = (constraint, pointer) }
    }

    /// Returns `base` with what the schema states of the dialect.
    public func dialect(over base: Dialect = .rfc4180) -> Dialect {
        var dialect = base
        settings.apply(to: &dialect)
        return dialect
    }

    /// Sets the shape's columns. A null sequence of the dialect needs no columns.
    package func apply(to shape: inout RowShape) {
        shape.schema = table
        if table == nil, let text = settings.nullSequence { shape.nullTexts = [text] }
    }
}
