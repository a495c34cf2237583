import SluiceEngine
import SluiceJSON
import SluicePlatform

/// Which schema applies to an object: that of the longest prefix of its key.
///
///     SLUICE_SCHEMA   s3://schemas/any.json?versionId=1
///     SLUICE_SCHEMAS  {"orders/":"s3://schemas/orders.json?versionId=7","orders/raw/":null}
///
///     orders/1.csv        orders.json
///     orders/raw/1.csv    none: its rows are those of a function without a schema
///     customers.csv       any.json, or none if SLUICE_SCHEMA is not set
///
/// `SLUICE_SCHEMA` stands for the empty prefix, which every key has.
package struct SchemasByPrefix: Sendable, Hashable {
    struct Entry: Sendable, Hashable {
        let prefix: String
        /// Nil if no schema applies.
        let reference: SchemaReference?
        /// The variable that names it, with the prefix.
        let variable: String
    }

    private(set) var entries: [Entry] = []

    /// Returns the schema for a key, or nil if none applies.
    package func reference(for key: String) -> SchemaReference? {
        let matches = entries.filter { key.utf8.starts(with: $0.prefix.utf8) }
        return matches.max { $0.prefix.utf8.count < $1.prefix.utf8.count }?.reference
    }

    /// Whether every key has a schema.
    var coverAllKeys: Bool { reference(for: "") != nil && entries.allSatisfy { $0.reference != nil } }

    fileprivate mutating func add(_ reference: SchemaReference?, for prefix: String, by variable: String) {
        entries.append(Entry(prefix: prefix, reference: reference, variable: variable))
    }
}

extension EnvironmentReader {
    mutating func schemas() -> SchemasByPrefix {
        var schemas = SchemasByPrefix()
        if let text = value("SLUICE_SCHEMA"), let reference = schema(text) {
            schemas.add(reference, for: "", by: "SLUICE_SCHEMA")
        }
        guard let text = value("SLUICE_SCHEMAS") else { return schemas }
        guard let members = JSONValue(parsing: text.utf8)?.members else {
            add("SLUICE_SCHEMAS takes a JSON object from prefixes of keys to \(Self.addresses)")
            return schemas
        }
        if members[""] != nil, value("SLUICE_SCHEMA") != nil {
            add("SLUICE_SCHEMAS has the empty prefix, which SLUICE_SCHEMA stands for; set only one of them")
        }
        for (prefix, value) in members.sorted(by: { $0.key < $1.key }) {
            let reference = value.text.flatMap { SchemaReference(address: $0) }
            if reference == nil, value != .null {
                let given = value.text.map { ", not '\($0)'" } ?? ""
                add("SLUICE_SCHEMAS: '\(prefix)' takes \(Self.addresses), or null for no schema\(given)")
            }
            schemas.add(reference, for: prefix, by: "SLUICE_SCHEMAS: '\(prefix)'")
        }
        return schemas
    }

    private static let addresses = "s3://bucket/key?versionId=…, with a version"

    /// Reads the value of `SLUICE_SCHEMA`.
    private mutating func schema(_ text: String) -> SchemaReference? {
        guard text.trimmed({ $0.isWhitespace }).hasPrefix("{") else {
            if let reference = SchemaReference(address: text) { return reference }
            add("SLUICE_SCHEMA takes a schema as JSON, or \(Self.addresses), not '\(text)'")
            return nil
        }
        if text.utf8.count > SchemaReference.inlineLimit {
            add(
                "SLUICE_SCHEMA takes a schema of at most \(SchemaReference.inlineLimit) bytes, not \(text.utf8.count); "
                    + "put it into S3, and name it as \(Self.addresses)"
            )
            return nil
        }
        return .inline(text)
    }
}
