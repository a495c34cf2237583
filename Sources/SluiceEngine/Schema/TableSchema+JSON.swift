import SluiceJSON

/// The canonical text of a schema: a Table Schema that has everything that matters for rows, and nothing else. Two schemas that
/// mean the same have the same text, however they were written:
///
///     {"fields":[{"name":"id","type":"integer"},{"name":"note","missingValues":["","NA"]}]}
///
/// Members stand in a fixed order, and those with their default are left out.
extension TableSchema {
    var canonicalText: String {
        let fields = fields.map { $0.json(besides: missingValues) }
        var members = [(name: "fields", json: JSONWriter.array(fields))]
        if match != .exact { members.append(("fieldsMatch", JSONWriter.string(match.rawValue))) }
        if missingValues != Self.usualMissingValues {
            members.append(("missingValues", Self.json(ofSet: missingValues)))
        }
        return JSONWriter.object(members)
    }

    /// The default of the standard.
    private static let usualMissingValues: [[UInt8]] = [[]]

    /// Texts whose order means nothing.
    fileprivate static func json(ofSet texts: [[UInt8]]) -> String {
        JSONWriter.array(texts.sorted { $0.lexicographicallyPrecedes($1) }.map(json))
    }

    fileprivate static func json(of text: [UInt8]) -> String {
        JSONWriter.string(String(decoding: text, as: UTF8.self))
    }
}

extension TableSchema.Field {
    fileprivate func json(besides missingValues: [[UInt8]]) -> String {
        var members = [(name: "name", json: TableSchema.json(of: name))] + rule.type.members
        if Set(rule.missingValues) != Set(missingValues) {
            members.append(("missingValues", TableSchema.json(ofSet: rule.missingValues)))
        }
        let constraints = rule.constraints.filter { !$0.isCategories }.map(\.member)
        if !constraints.isEmpty { members.append(("constraints", JSONWriter.object(constraints))) }
        members += rule.constraints.filter(\.isCategories).map(\.member)
        if isDropped { members.append(("sluice:drop", "true")) }
        if let outputName { members.append(("sluice:name", TableSchema.json(of: outputName))) }
        if rule.stripsLeadingZeros { members.append(("sluice:leadingZeros", JSONWriter.string("strip"))) }
        return JSONWriter.object(members)
    }
}

extension FieldType {
    /// The members of a field that state its type.
    fileprivate var members: [(name: String, json: String)] {
        self == .text ? [] : [("type", JSONWriter.string(name))] + properties
    }

    private var properties: [(name: String, json: String)] {
        switch self {
        case .string(let format): [("format", JSONWriter.string(format.rawValue))]
        case .integer(let form): form.members
        case .number(let form): form.members
        case .boolean(let words): words.members
        case .date(let format), .time(let format), .datetime(let format): format.members
        case .geoJSON(let isTopology): isTopology ? [("format", JSONWriter.string("topojson"))] : []
        case .geoPoint(let format): format == .text ? [] : [("format", JSONWriter.string(format.rawValue))]
        case .list(let delimiter, let item):
            (delimiter == [UInt8(ascii: ",")] ? [] : [("delimiter", TableSchema.json(of: delimiter))])
                + (item == .text ? [] : [("itemType", JSONWriter.string(item.name))])
        case .year, .yearMonth, .duration, .object, .array: []
        }
    }
}

extension FieldType.NumberForm {
    fileprivate var members: [(name: String, json: String)] {
        let usual = FieldType.NumberForm()
        return
            (decimalCharacter == usual.decimalCharacter
            ? [] : [("decimalChar", TableSchema.json(of: decimalCharacter))])
            + (groupCharacter == usual.groupCharacter ? [] : [("groupChar", TableSchema.json(of: groupCharacter))])
            + (isBare ? [] : [("bareNumber", "false")])
    }
}

extension FieldType.BooleanWords {
    fileprivate var members: [(name: String, json: String)] {
        let usual = FieldType.BooleanWords()
        return (Set(trueValues) == Set(usual.trueValues) ? [] : [("trueValues", TableSchema.json(ofSet: trueValues))])
            + (Set(falseValues) == Set(usual.falseValues)
                ? [] : [("falseValues", TableSchema.json(ofSet: falseValues))])
    }
}

extension FieldType.TimeFormat {
    fileprivate var members: [(name: String, json: String)] {
        switch self {
        case .iso: []
        // A first `fmt:` is no part of a pattern. If a pattern starts with these letters, another one must precede it.
        case .pattern(let pattern):
            [
                (
                    "format",
                    TableSchema.json(
                        of: (pattern.text.starts(with: "fmt:".utf8) ? Array("fmt:".utf8) : []) + pattern.text
                    )
                )
            ]
        }
    }
}

extension Constraint {
    fileprivate var isCategories: Bool { if case .oneOf(_, isCategories: true) = self { true } else { false } }

    fileprivate var member: (name: String, json: String) {
        switch self {
        case .required: ("required", "true")
        case .minLength(let length): ("minLength", "\(length)")
        case .maxLength(let length): ("maxLength", "\(length)")
        case .minimum(let bound): ("minimum", TableSchema.json(of: bound.text))
        case .maximum(let bound): ("maximum", TableSchema.json(of: bound.text))
        case .exclusiveMinimum(let bound): ("exclusiveMinimum", TableSchema.json(of: bound.text))
        case .exclusiveMaximum(let bound): ("exclusiveMaximum", TableSchema.json(of: bound.text))
        case .pattern(let pattern): ("pattern", TableSchema.json(of: pattern.source))
        case .oneOf(let choice, let isCategories):
            (isCategories ? "categories" : "enum", TableSchema.json(ofSet: choice.bounds.map(\.text)))
        }
    }
}
