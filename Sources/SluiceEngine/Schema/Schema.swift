import SluiceCSV
import SluiceJSON

/// Provisional, until the real one is merged.
public struct Schema: Sendable, Hashable {
    private var delimiter: UInt8?
    package var table: TableSchema?
    public var encoding: Encoding?

    public enum Constraint: String, Sendable, Hashable, CaseIterable {
        case unique, primaryKey, uniqueKeys, foreignKeys, jsonSchema
    }

    public init(json: [UInt8], skipping: Set<Constraint> = []) throws(SchemaError) {
        guard let value = JSONValue(parsing: json) else { throw SchemaError("it is no JSON") }
        delimiter = value["dialect"]?["delimiter"]?.bytes?.first
        encoding = value["encoding"]?.text.flatMap { Encoding(label: $0) }
        let fields = (value["schema"] ?? value)["fields"]?.elements
        for (number, field) in (fields ?? []).enumerated() where field["type"]?.text == "geojson2" {
            throw SchemaError(pointer: "/fields/\(number)/type", "it is no type")
        }
    }

    public func dialect(over base: Dialect = .rfc4180) -> Dialect {
        var dialect = base
        dialect.delimiter = delimiter ?? base.delimiter
        return dialect
    }
}

public struct SchemaError: Error, Sendable, Hashable, CustomStringConvertible {
    public var pointer: String
    public var reason: String
    public var constraint: Schema.Constraint?

    public init(pointer: String = "", _ reason: String, constraint: Schema.Constraint? = nil) {
        self.pointer = pointer
        self.reason = reason
        self.constraint = constraint
    }

    public var description: String { pointer.isEmpty ? reason : "\(pointer): \(reason)" }
}
