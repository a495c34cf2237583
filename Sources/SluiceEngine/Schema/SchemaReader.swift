import SluiceCSV
import SluiceJSON

/// Reads a schema from its text: which kind of file it is, and the parts that concern the whole input.
///
/// The parts of a column are read in other files: its type, then its constraints, which depend on the type.
struct SchemaReader {
    private(set) var schema: Schema
    private let skipping: Set<Schema.Constraint>

    init(skipping: Set<Schema.Constraint>) {
        schema = Schema()
        self.skipping = skipping
    }

    mutating func readFile(_ file: SchemaNode) throws(SchemaError) {
        let names = Set(try file.names())
        try file.checkOwnProperties()
        if names.contains("fields") {
            if let other = ["resources", "schema", "dialect"].first(where: names.contains) {
                throw file.fault("it has both fields, as a Table Schema has, and \(other); fields belong in \"schema\"")
            }
            try readTable(file)
        } else if let resources = file["resources"] {
            let all = try resources.elements()
            guard all.count == 1 else { throw resources.fault("it must have one resource, not \(all.count)") }
            try all[0].checkOwnProperties()
            try readResource(all[0])
        } else if names.contains("schema") || names.contains("dialect") || names.contains("encoding") {
            try readResource(file)
        } else {
            throw file.fault(
                "it is no Table Schema, which has fields, no Data Resource, which has schema, dialect or encoding, and no "
                    + "Data Package, which has resources"
            )
        }
    }

    private mutating func readResource(_ resource: SchemaNode) throws(SchemaError) {
        if let data = resource["data"] { throw data.fault("a resource that holds its data itself is not supported") }
        if let node = resource["encoding"] { schema.encoding = try encoding(node) }
        // The dialect's null sequence is a missing value of the columns.
        if let node = resource["dialect"] { schema.settings = try DialectSettings(try described(node)) }
        if let node = resource["schema"] { try readTable(try described(node)) }
    }

    /// Returns the node, which may be neither an address nor a path.
    private func described(_ node: SchemaNode) throws(SchemaError) -> SchemaNode {
        guard node.value.bytes == nil else {
            throw node.fault("it refers to another file; put what that file holds here")
        }
        return node
    }

    private func encoding(_ node: SchemaNode) throws(SchemaError) -> Encoding {
        let label = try node.text()
        if let encoding = Encoding(label: label) { return encoding }
        throw node.fault(Encoding.refusal(of: label) ?? "it is no label of the WHATWG Encoding Standard")
    }
}

extension SchemaReader {
    private mutating func readTable(_ table: SchemaNode) throws(SchemaError) {
        try table.checkOwnProperties()
        guard let list = table["fields"] else { throw table.fault("it has no fields") }
        let nodes = try list.elements()
        guard !nodes.isEmpty else { throw list.fault("it must have at least one field") }
        var result = TableSchema(fields: [])
        if let match = table["fieldsMatch"] { result.match = try self.match(match) }
        if let node = table["missingValues"] { result.missingValues = try missingValues(node) }
        result.missingValues = joined(result.missingValues)
        result.fields.reserveCapacity(nodes.count)
        for node in nodes { result.fields.append(try field(node, missingValues: result.missingValues)) }
        try checkNames(result, nodes)
        try readKeys(table, &result)
        schema.table = result
    }

    /// The standard's text says that it is a string, its JSON Schema that it is an array.
    private func match(_ node: SchemaNode) throws(SchemaError) -> TableSchema.Match {
        guard node.value.elements != nil else { return try node.choice(of: TableSchema.Match.self) }
        let elements = try node.elements()
        guard elements.count == 1 else { throw node.fault("it must be one word, not \(elements.count)") }
        return try elements[0].choice(of: TableSchema.Match.self)
    }

    /// Reads `["", "NA"]` or `[{"value": "", "label": "omitted"}]`. A value that occurs twice counts once.
    func missingValues(_ node: SchemaNode) throws(SchemaError) -> [[UInt8]] {
        let elements = try node.elements()
        guard elements.first?.value.members != nil else { return try node.texts() }
        var (values, seen): ([[UInt8]], Set<[UInt8]>) = ([], [])
        for element in elements {
            _ = try element.names()
            guard let value = try element["value"]?.bytes() else { throw element.fault("it has no value") }
            _ = try element["label"]?.text()
            if seen.insert(value).inserted { values.append(value) }
        }
        return values
    }

    /// Adds the dialect's null sequence.
    func joined(_ missingValues: [[UInt8]]) -> [[UInt8]] {
        guard let text = schema.settings.nullSequence, !missingValues.contains(text) else { return missingValues }
        return missingValues + [text]
    }

    /// Names may be repeated where columns are mapped by their order: version 1.0 of the standard allowed it.
    private func checkNames(_ table: TableSchema, _ nodes: [SchemaNode]) throws(SchemaError) {
        if table.match != .exact, let index = Header.firstDuplicate(table.fields.map(\.name)) {
            let node = nodes[index]["name"] ?? nodes[index]
            throw node.fault(
                "the name occurs twice, and with fieldsMatch \(table.match.rawValue), names identify columns"
            )
        }
        let kept = table.fields.indices.filter { !table.fields[$0].isDropped }
        var owners: [[UInt8]: Int] = [:]
        for index in kept {
            let field = table.fields[index]
            guard let other = owners.updateValue(index, forKey: field.outputName ?? field.name) else { continue }
            // Repeated names of columns are a matter of the header.
            guard let renamed = [index, other].first(where: { table.fields[$0].outputName != nil }) else { continue }
            throw (nodes[renamed]["sluice:name"] ?? nodes[renamed]).fault("another field has the same name in rows")
        }
    }

    /// Reads keys. That no field of the primary key is null is checked; that values are unique or occur elsewhere is not.
    private mutating func readKeys(_ table: SchemaNode, _ result: inout TableSchema) throws(SchemaError) {
        let named = Dictionary(result.fields.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { one, _ in one })
        if let key = table["primaryKey"] {
            let fields = try Self.fields(of: key, named)
            for index in fields where !result.fields[index].rule.constraints.contains(.required) {
                result.fields[index].rule.constraints.insert(.required, at: 0)
            }
            if !fields.isEmpty { try skip(.primaryKey, key) }
        }
        if let keys = table["uniqueKeys"] {
            let all = try keys.elements()
            for key in all { _ = try Self.fields(of: key, named) }
            if !all.isEmpty { try skip(.uniqueKeys, keys) }
        }
        if let keys = table["foreignKeys"] {
            let all = try keys.elements()
            for key in all {
                _ = try key.names()
                guard let own = key["fields"] else { throw key.fault("it has no fields") }
                _ = try Self.fields(of: own, named)
            }
            if !all.isEmpty { try skip(.foreignKeys, keys) }
        }
    }

    /// Reads the names of a key's fields, or the name of its only field, as version 1.0 of the standard allowed it.
    private static func fields(of key: SchemaNode, _ named: [[UInt8]: Int]) throws(SchemaError) -> [Int] {
        var fields: [Int] = []
        for node in try key.value.bytes == nil ? key.elements() : [key] {
            guard let index = named[try node.bytes()] else { throw node.fault("there is no field of that name") }
            fields.append(index)
        }
        return fields
    }

    /// Notes a constraint that is not checked.
    ///
    /// - Throws: if the caller does not want to skip it.
    mutating func skip(_ constraint: Schema.Constraint, _ node: SchemaNode) throws(SchemaError) {
        guard skipping.contains(constraint) else {
            let reason =
                constraint == .jsonSchema
                ? "it is not supported" : "it can't be checked, since that needs memory that grows with the input"
            throw SchemaError(pointer: node.pointer, reason, constraint: constraint)
        }
        schema.skipped.append(Schema.Skipped(constraint: constraint, pointer: node.pointer))
    }
}
