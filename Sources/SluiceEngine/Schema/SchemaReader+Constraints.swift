import SluiceCSV
import SluiceJSON

/// Constraints of columns.
extension SchemaReader {
    private enum Name: String, CaseIterable {
        case required, minLength, maxLength, minimum, maximum, exclusiveMinimum, exclusiveMaximum, pattern
        case `enum`, unique, jsonSchema
    }

    /// Reads a column's constraints, in the order in which they are checked.
    mutating func constraints(of field: SchemaNode, _ type: FieldType) throws(SchemaError) -> [Constraint] {
        var result: [Constraint] = []
        if let node = field["constraints"] {
            try node.checkOwnProperties()
            // A misspelled constraint would silently not be checked.
            if let name = try node.names().filter({ Name(rawValue: $0) == nil }).min(), let unknown = node[name] {
                throw unknown.fault("there is no such constraint")
            }
            for name in Name.allCases {
                if let constraint = node[name.rawValue] { result += try read(name, constraint, type) }
            }
            try check(result, node)
        }
        if let node = field["categories"] {
            let categories = try categories(node, type)
            result.append(.oneOf(Constraint.Choice(categories), isCategories: true))
            try checkSubset(result, of: Set(categories), field)
        }
        if let node = field["categoriesOrdered"] { _ = try node.flag() }
        return result
    }

    private mutating func read(_ name: Name, _ node: SchemaNode, _ type: FieldType) throws(SchemaError) -> [Constraint]
    {
        func require(_ allows: Bool) throws(SchemaError) {
            if !allows { throw node.fault("the type \(type.name) has no \(name.rawValue)") }
        }
        switch name {
        case .required: return try node.flag() ? [.required] : []
        case .unique:
            if try node.flag() { try skip(.unique, node) }
            return []
        case .jsonSchema:
            try require(type == .object || type == .array)
            _ = try node.names()
            try skip(.jsonSchema, node)
            return []
        case .minLength, .maxLength:
            try require(type.hasLength)
            let length = try node.count(from: 0)
            return [name == .minLength ? .minLength(length) : .maxLength(length)]
        case .pattern:
            try require(type.isText)
            return [.pattern(try pattern(node))]
        case .minimum, .maximum, .exclusiveMinimum, .exclusiveMaximum:
            try require(type.isOrdered)
            let bound = try bound(node, of: type)
            switch name {
            case .minimum: return [.minimum(bound)]
            case .maximum: return [.maximum(bound)]
            case .exclusiveMinimum: return [.exclusiveMinimum(bound)]
            default: return [.exclusiveMaximum(bound)]
            }
        case .enum:
            let choice = Constraint.Choice(try bounds(node, node.elements(), of: type))
            return [.oneOf(choice, isCategories: false)]
        }
    }

    /// Reads a list of values, which must have some.
    private func bounds(
        _ list: SchemaNode,
        _ values: [SchemaNode],
        of type: FieldType
    ) throws(SchemaError) -> [Constraint.Bound] {
        guard !values.isEmpty else { throw list.fault("it must have at least one value") }
        var bounds: [Constraint.Bound] = []
        for value in values { bounds.append(try bound(value, of: type)) }
        return bounds
    }

    private func pattern(_ node: SchemaNode) throws(SchemaError) -> TextPattern {
        let source = try node.bytes()
        do throws(TextPattern.Refusal) {
            return try TextPattern(source)
        } catch {
            throw node.fault("the pattern can't be used: \(error.reason)")
        }
    }

    private func bound(_ node: SchemaNode, of type: FieldType) throws(SchemaError) -> Constraint.Bound {
        guard let text = node.value.fieldText(as: type), let bound = Constraint.Bound(text, of: type) else {
            throw node.fault("it is no value of the field's type, \(type.name), in the form in which the field has it")
        }
        return bound
    }

    /// Reads `["a", "b"]` or `[{"value": 1, "label": "a"}]`.
    private func categories(_ node: SchemaNode, _ type: FieldType) throws(SchemaError) -> [Constraint.Bound] {
        guard type.hasCategories else { throw node.fault("the type \(type.name) has no categories") }
        var (values, labels): ([SchemaNode], [[UInt8]]) = ([], [])
        for element in try node.elements() {
            if element.value.members != nil, element["value"] == nil { throw element.fault("it has no value") }
            values.append(element["value"] ?? element)
            if let label = element["label"] { labels.append(try label.bytes()) }
        }
        let categories = try bounds(node, values, of: type)
        if Set(categories).count < categories.count { throw node.fault("a value occurs twice") }
        if Header.firstDuplicate(labels) != nil { throw node.fault("a label occurs twice") }
        return categories
    }

    /// Throws if no value could meet both of two constraints.
    private func check(_ constraints: [Constraint], _ node: SchemaNode) throws(SchemaError) {
        let all = Dictionary(constraints.map { ($0.name, $0) }, uniquingKeysWith: { one, _ in one })
        for (lower, upper) in [("minLength", "maxLength")] + Self.ranges {
            let order: Int? =
                switch (all[lower], all[upper]) {
                case (.minLength(let one)?, .maxLength(let other)?): one > other ? 1 : -1
                case (.minimum(let one)?, .maximum(let other)?): one.order(other)
                case (.minimum(let one)?, .exclusiveMaximum(let other)?),
                    (.exclusiveMinimum(let one)?, .maximum(let other)?),
                    (.exclusiveMinimum(let one)?, .exclusiveMaximum(let other)?):
                    one.order(other).map { $0 == 0 ? 1 : $0 }
                default: nil
                }
            if order == 1, let node = node[lower] { throw node.fault("no value meets both \(lower) and \(upper)") }
        }
    }

    private static let ranges = ["minimum", "exclusiveMinimum"].flatMap { lower in
        ["maximum", "exclusiveMaximum"].map { (lower, $0) }
    }

    private func checkSubset(
        _ constraints: [Constraint],
        of categories: Set<Constraint.Bound>,
        _ field: SchemaNode
    ) throws(SchemaError) {
        for case .oneOf(let values, isCategories: false) in constraints where !categories.isSuperset(of: values.bounds)
        {
            throw (field["constraints"]?["enum"] ?? field).fault("it has a value that is not one of the categories")
        }
    }
}

extension JSONValue {
    /// The value as a field of that type would hold it; nil if it can't.
    fileprivate func fieldText(as type: FieldType) -> [UInt8]? {
        switch (self, type) {
        case (.string(let text), _): return text
        case (.number(let digits), .integer), (.number(let digits), .string): return Array(digits.utf8)
        case (.number(let digits), .year):
            return Array((String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits).utf8)
        case (.number(let digits), .number(let form)):
            let parts = digits.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).map(
                Array.init
            )
            return Array(parts.joined(separator: form.decimalCharacter))
        case (.bool(let flag), .boolean(let words)): return flag ? words.trueValues.first : words.falseValues.first
        case (.bool(let flag), .string): return Array("\(flag)".utf8)
        case (.object, .object), (.object, .geoJSON), (.object, .geoPoint), (.array, .array), (.array, .geoPoint):
            return Array(minified.utf8)
        default: return nil
        }
    }
}
