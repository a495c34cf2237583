/// The words by which options name types and added values.
extension FieldType {
    /// The types that a name alone describes, each in its default form.
    package static let plain: [(name: String, type: FieldType)] = [
        ("string", .text), ("integer", .integer(NumberForm())), ("number", .number(NumberForm())),
        ("boolean", .boolean(BooleanWords())), ("date", .date(.iso)), ("time", .time(.iso)),
        ("datetime", .datetime(.iso)), ("year", .year), ("yearmonth", .yearMonth), ("duration", .duration),
        ("object", .object), ("array", .array), ("list", .list(delimiter: [UInt8(ascii: ",")], item: .text)),
        ("geopoint", .geoPoint(.text)), ("geojson", .geoJSON(isTopology: false)),
    ]

    /// The name of one of those types; that of another type is empty.
    package var plainName: String { Self.plain.first { $0.type == self }?.name ?? "" }

    /// Returns the type with that name; `any` is another name of `string`.
    package init?(plainName name: String) {
        guard let found = Self.plain.first(where: { $0.name == (name == "any" ? "string" : name) }) else { return nil }
        self = found.type
    }
}

extension RowShape.AddedColumn.Value {
    /// The values that the input or the record has, by their names.
    package static let named: [(name: String, value: RowShape.AddedColumn.Value)] = [
        ("@source", .source), ("@record", .record), ("@line", .line), ("@offset", .offset), ("@modified", .modified),
    ]

    /// The name of such a value; nil for a literal.
    package var name: String? { Self.named.first { $0.value == self }?.name }

    /// Returns what a text stands for: such a value, or itself. `@@` stands for a first `@`. Returns nil for any other text that
    /// starts with `@`.
    package init?(_ text: String) {
        if let found = Self.named.first(where: { $0.name == text }) {
            self = found.value
        } else if text.hasPrefix("@") {
            guard text.hasPrefix("@@") else { return nil }
            self = .literal(Array(text.utf8.dropFirst()))
        } else {
            self = .literal(Array(text.utf8))
        }
    }
}

extension RowShape.NamedType {
    /// Splits `a:b:integer` at the last colon. Returns nil if there is none, or no such type.
    package init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"),
            let type = FieldType(plainName: String(text[text.index(after: colon)...]))
        else { return nil }
        self.init(name: Array(text[..<colon].utf8), type: type)
    }
}

extension RowShape.Renaming {
    /// Splits `a=b=new` at the last equals sign. Returns nil if there is none.
    package init?(_ text: String) {
        guard let mark = text.lastIndex(of: "=") else { return nil }
        self.init(old: Array(text[..<mark].utf8), new: Array(text[text.index(after: mark)...].utf8))
    }
}

extension RowShape.AddedColumn {
    /// Splits `name=a=b` at the first equals sign. Returns nil if there is none, or no such value.
    package init?(_ text: String) {
        guard let mark = text.firstIndex(of: "="), let value = Value(String(text[text.index(after: mark)...])) else {
            return nil
        }
        self.init(name: Array(text[..<mark].utf8), value: value)
    }
}

extension RowShape {
    /// Why the options contradict each other, or nil. `hasNames`: whether the input has names of columns.
    package func fault(hasNames: Bool) -> String? {
        if isPlain { return nil }
        if !hasNames, schema == nil {
            if namesColumns || !nestSeparator.isEmpty || !added.isEmpty {
                return "rows without column names have no members to choose, name or type"
            }
            if emptyForm == .omit || nullForm == .omit {
                return "rows without column names are arrays, from which no value can be left out"
            }
        }
        if let name = Self.repeated(types.map(\.name)) { return "the column \(name) has two types" }
        if let name = Self.repeated(selected ?? []) { return "the column \(name) is selected twice" }
        if let name = Self.repeated(renamed.map(\.old)) { return "the column \(name) is renamed twice" }
        if let name = Self.repeated(added.map(\.name)) { return "the column \(name) is added twice" }
        return nil
    }

    private static func repeated(_ names: [[UInt8]]) -> String? {
        var seen: Set<[UInt8]> = []
        return names.first { !seen.insert($0).inserted }.map { "'\(String(decoding: $0, as: UTF8.self))'" }
    }
}
