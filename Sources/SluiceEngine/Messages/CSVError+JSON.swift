import SluiceCSV
import SluiceJSON

/// Errors as members of JSON objects, with their details:
///
///     "code":"raggedRecord","line":4,"record":3,"field":3,"offset":13,"found":3,"expected":2,"hasHeader":true,…
extension CSVError {
    package var members: [(name: String, json: String)] {
        var members = [("code", JSONWriter.string(code.rawValue))]
        if let line { members.append(("line", "\(line)")) }
        members += [("record", "\(record)"), ("field", "\(field)")]
        if let column { members.append(("column", JSONWriter.string(column))) }
        return members + [("offset", "\(offset)")] + detail.members
    }

    /// Reads those members. Returns nil if one is missing.
    package init?(_ value: JSONValue) {
        guard let code = value["code"]?.text.flatMap(Code.init(rawValue:)), let offset = value["offset"]?.integer,
            let record = value["record"]?.integer, let field = value["field"]?.integer.flatMap({ Int(exactly: $0) })
        else { return nil }
        self.init(
            code,
            offset: offset,
            line: value["line"]?.integer,
            record: record,
            field: field,
            column: value["column"]?.text,
            detail: Detail(value)
        )
    }
}

extension CSVError.Detail {
    fileprivate var members: [(name: String, json: String)] {
        switch self {
        case .none: []
        case .fields(let count):
            [
                ("found", "\(count.found)"), ("expected", "\(count.expected)"), ("hasHeader", "\(count.hasHeader)"),
                ("surplusIsEmpty", "\(count.surplusIsEmpty)"),
            ] + (count.isSplit ? [("isTorn", "true")] : [])
        case .columns(let columns): [("columns", JSONWriter.array(columns.map(String.init)))]
        case .sign(let sign): [("sign", JSONWriter.string(sign.rawValue))]
        case .found(let finding): [("kind", JSONWriter.string(finding.rawValue))]
        case .delimiter(let byte): [("delimiter", "\(byte)")]
        case .value(let value):
            [
                ("value", JSONWriter.string(value.text)), ("type", JSONWriter.string(value.type)),
                ("rule", JSONWriter.string(value.rule)),
            ] + (value.explanation.isEmpty ? [] : [("explanation", JSONWriter.string(value.explanation))])
        case .drift(let drift): [("drift", drift.json)]
        case .unknown(let setting, let similar):
            [("setting", JSONWriter.string(setting.rawValue))]
                + (similar.map { [("similar", JSONWriter.string($0))] } ?? [])
        case .present(let names): [("present", names.json)]
        case .conflict(let conflict): [("conflict", JSONWriter.string(conflict.rawValue))]
        }
    }

    /// Reads those members. If none is there, there are no details.
    fileprivate init(_ value: JSONValue) {
        if let found = value["found"]?.count, let expected = value["expected"]?.count {
            self = .fields(
                CSVError.FieldCount(
                    found: found,
                    expected: expected,
                    hasHeader: value["hasHeader"] == .bool(true),
                    surplusIsEmpty: value["surplusIsEmpty"] == .bool(true),
                    isSplit: value["isTorn"] == .bool(true)
                )
            )
        } else if let columns = value["columns"]?.elements?.compactMap(\.count), !columns.isEmpty {
            self = .columns(columns)
        } else if let sign = value["sign"]?.text.flatMap(CSVError.Sign.init(rawValue:)) {
            self = .sign(sign)
        } else if let finding = value["kind"]?.text.flatMap(CSVError.Finding.init(rawValue:)) {
            self = .found(finding)
        } else if let byte = value["delimiter"]?.integer.flatMap({ UInt8(exactly: $0) }) {
            self = .delimiter(byte)
        } else if let text = value["value"]?.text, let type = value["type"]?.text, let rule = value["rule"]?.text {
            let explanation = value["explanation"]?.text ?? ""
            self = .value(CSVError.Value(text: text, type: type, rule: rule, explanation: explanation))
        } else if let drift = value["drift"] {
            self = .drift(CSVError.HeaderDrift(drift))
        } else if let setting = value["setting"]?.text.flatMap(CSVError.ShapeSetting.init(rawValue:)) {
            self = .unknown(setting, similar: value["similar"]?.text)
        } else if let names = value["present"] {
            self = .present(CSVError.HeaderDrift.Names(names))
        } else if let conflict = value["conflict"]?.text.flatMap(CSVError.MemberConflict.init(rawValue:)) {
            self = .conflict(conflict)
        } else {
            self = .none
        }
    }
}

/// A drift as JSON: `{"missing":{"count":7,"names":["a","b"]},"allowingMatch":"superset"}`, without what there is none of.
extension CSVError.HeaderDrift {
    /// Key paths are not Sendable, so this can't be stored.
    private static var lists: [(name: String, path: WritableKeyPath<Self, Names>)] {
        [("missing", \.missing), ("unexpected", \.unexpected), ("misplaced", \.misplaced), ("respelled", \.respelled)]
    }

    fileprivate var json: String {
        let lists = Self.lists.filter { self[keyPath: $0.path].count > 0 }.map { name, path in
            (name, self[keyPath: path].json)
        }
        return JSONWriter.object(lists + (allowingMatch.map { [("allowingMatch", JSONWriter.string($0))] } ?? []))
    }

    fileprivate init(_ value: JSONValue) {
        self.init(allowingMatch: value["allowingMatch"]?.text)
        for (name, path) in Self.lists {
            self[keyPath: path] = value[name].map { Names($0) } ?? Names()
        }
    }
}

extension CSVError.HeaderDrift.Names {
    fileprivate var json: String {
        JSONWriter.object([("count", "\(count)"), ("names", JSONWriter.array(listed.map(JSONWriter.string)))])
    }

    fileprivate init(_ value: JSONValue) {
        let listed = value["names"]?.elements?.compactMap(\.text) ?? []
        self.init(count: value["count"]?.count ?? 0, listed: listed)
    }
}

extension JSONValue {
    fileprivate var count: Int? { integer.flatMap { Int(exactly: $0) } }
}
