import SluiceCSV
import SluiceJSON

/// Columns and their types.
extension SchemaReader {
    private static let ownProperties: Set<String> = ["sluice:drop", "sluice:name", "sluice:leadingZeros"]

    mutating func field(_ node: SchemaNode, missingValues: [[UInt8]]) throws(SchemaError) -> TableSchema.Field {
        try node.checkOwnProperties(known: Self.ownProperties)
        guard let name = node["name"] else { throw node.fault("it has no name") }
        var field = TableSchema.Field(name: try name.bytes())
        field.rule.type = try FieldTypeReader(node).type()
        field.rule.missingValues = missingValues
        if let list = node["missingValues"] { field.rule.missingValues = joined(try self.missingValues(list)) }
        field.rule.constraints = try constraints(of: node, field.rule.type)
        if let node = node["sluice:drop"] { field.isDropped = try node.flag() }
        if let node = node["sluice:name"] { field.outputName = try node.bytes() }
        if field.outputName == field.name { field.outputName = nil }
        if let node = node["sluice:leadingZeros"] {
            guard field.rule.type.hasDigits else { throw node.fault("only numbers can have leading zeros") }
            field.rule.stripsLeadingZeros = try node.choice(of: LeadingZeros.self) == .strip
        }
        return field
    }

    private enum LeadingZeros: String, CaseIterable { case error, strip }
}

extension FieldType {
    fileprivate var hasDigits: Bool {
        switch self {
        case .integer, .number: true
        case .list(_, let item): item.hasDigits
        case .geoPoint: true
        default: false
        }
    }
}

/// Reads the type of a column, whose properties depend on it.
private struct FieldTypeReader {
    private let field: SchemaNode

    init(_ field: SchemaNode) { self.field = field }

    private enum Name: String, CaseIterable {
        case string, number, integer, boolean, object, array, list, datetime, date, time, year, yearmonth, duration
        case geopoint, geojson, any
    }

    /// The types of a list's items.
    private enum ItemName: String, CaseIterable { case string, integer, boolean, number, datetime, date, time }

    private enum GeoJSONFormat: String, CaseIterable { case `default`, topojson }

    func type() throws(SchemaError) -> FieldType {
        let name = try field["type"]?.choice(of: Name.self) ?? .any
        switch name {
        case .string, .any: return .string(try format() ?? .any)
        case .geopoint: return .geoPoint(try format() ?? .text)
        case .geojson: return .geoJSON(isTopology: try format() == GeoJSONFormat.topojson)
        case .date: return .date(try timeFormat(of: .date))
        case .time: return .time(try timeFormat(of: .time))
        case .datetime: return .datetime(try timeFormat(of: .datetime))
        case .number, .integer, .boolean, .object, .array, .list, .year, .yearmonth, .duration: break
        }
        if let node = field["format"], try node.text() != "default" {
            throw node.fault("the type \(name.rawValue) has no format but default")
        }
        switch name {
        case .number: return .number(try numberForm(hasFraction: true))
        case .integer: return .integer(try numberForm(hasFraction: false))
        case .boolean: return .boolean(try words())
        case .list: return try list()
        case .object: return .object
        case .array: return .array
        case .year: return .year
        case .yearmonth: return .yearMonth
        default: return .duration
        }
    }

    private func format<Format: RawRepresentable<String> & CaseIterable>() throws(SchemaError) -> Format? {
        try field["format"]?.choice(of: Format.self)
    }

    /// Reads a format of dates and times. `fmt:` before a pattern, as the standard had it before 1.0, means nothing.
    private func timeFormat(of kind: TimePattern.Kind) throws(SchemaError) -> FieldType.TimeFormat {
        guard let node = field["format"] else { return .iso }
        let text = try node.text()
        if text == "default" { return .iso }
        if text == "any" {
            throw node.fault("the format any, which allows every form, is not supported; name the form")
        }
        let pattern = text.hasPrefix("fmt:") ? String(text.dropFirst(4)) : text
        do throws(TimePattern.Refusal) {
            return .pattern(try TimePattern(Array(pattern.utf8), for: kind))
        } catch {
            throw node.fault("the pattern can't be used: \(error.reason)")
        }
    }

    private func numberForm(hasFraction: Bool) throws(SchemaError) -> FieldType.NumberForm {
        var form = FieldType.NumberForm()
        if hasFraction, let node = field["decimalChar"] { form.decimalCharacter = try mark(node) }
        if let node = field["groupChar"] {
            form.groupCharacter = try mark(node)
            if hasFraction, form.groupCharacter == form.decimalCharacter {
                throw node.fault("it is the decimal character too")
            }
        }
        if let node = field["bareNumber"] { form.isBare = try node.flag() }
        return form
    }

    /// Reads a character that stands between digits.
    private func mark(_ node: SchemaNode) throws(SchemaError) -> [UInt8] {
        let text = try node.text()
        guard text.unicodeScalars.count == 1, text.utf8.allSatisfy({ !"0123456789+-eE".utf8.contains($0) }) else {
            throw node.fault("it must be one character that is no other part of a number")
        }
        return Array(text.utf8)
    }

    private func words() throws(SchemaError) -> FieldType.BooleanWords {
        var words = FieldType.BooleanWords()
        for (name, path) in [("trueValues", \FieldType.BooleanWords.trueValues), ("falseValues", \.falseValues)] {
            guard let node = field[name] else { continue }
            words[keyPath: path] = try node.texts()
            guard !words[keyPath: path].isEmpty else { throw node.fault("it must have at least one value") }
        }
        let both = Set(words.trueValues).intersection(words.falseValues)
        if let node = field["falseValues"] ?? field["trueValues"], !both.isEmpty {
            throw node.fault("a value stands for both true and false")
        }
        return words
    }

    private func list() throws(SchemaError) -> FieldType {
        let delimiter = try field["delimiter"]?.bytes() ?? [UInt8(ascii: ",")]
        if delimiter.isEmpty, let node = field["delimiter"] { throw node.fault("it must have at least one character") }
        let item: FieldType =
            switch try field["itemType"]?.choice(of: ItemName.self) ?? .string {
            case .string: .text
            case .integer: .integer(FieldType.NumberForm())
            case .boolean: .boolean(FieldType.BooleanWords())
            case .number: .number(FieldType.NumberForm())
            case .datetime: .datetime(.iso)
            case .date: .date(.iso)
            case .time: .time(.iso)
            }
        return .list(delimiter: delimiter, item: item)
    }
}
