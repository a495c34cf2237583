import SluiceCSV

extension RowPlan {
    /// What a shape says of a header's columns: which of them rows have, under which names, and what their values must be.
    struct Columns {
        private(set) var rules: [ColumnRule]
        /// The names of members; empty if the header has no names.
        private(set) var outputNames: [[UInt8]]
        /// The columns that rows have, in order.
        private(set) var selected: [Int]

        init(_ shape: RowShape, _ header: Header) throws(Misfit) {
            let names = header.names ?? []
            outputNames = names
            guard header.names != nil else {
                rules = [ColumnRule](repeating: shape.rule(for: nil), count: header.width)
                selected = Array(0..<header.width)
                return
            }
            let fields = try Self.fields(of: names, shape.schema)
            rules = fields.map { shape.rule(for: $0) }
            let finder = Finder(names, isNeeded: shape.namesColumns)
            for named in shape.types {
                let column = try finder.column(named.name, .types)
                rules[column] = shape.rule(for: fields[column], as: named.type)
            }
            outputNames = zip(names, fields).map { $1?.outputName ?? $0 }
            for renaming in shape.renamed { outputNames[try finder.column(renaming.old, .rename)] = renaming.new }
            var isDropped = fields.map { shape.selected == nil && $0?.isDropped == true }
            for name in shape.dropped { isDropped[try finder.column(name, .drop)] = true }
            selected = []
            if let chosen = shape.selected {
                for name in chosen { selected.append(try finder.column(name, .select)) }
            } else {
                selected = Array(names.indices)
            }
            selected.removeAll { isDropped[$0] }
        }

        /// Returns the schema's field of each column, if it has one.
        private static func fields(
            of names: [[UInt8]],
            _ schema: TableSchema?
        ) throws(Misfit) -> [TableSchema.Field?] {
            guard let schema else { return [TableSchema.Field?](repeating: nil, count: names.count) }
            do throws(HeaderMismatch) {
                return try schema.plan(for: names).map { $0.map { schema.fields[$0] } }
            } catch {
                throw Misfit(code: .headerMismatch, name: [], detail: .drift(error.drift), field: error.column)
            }
        }
    }

    /// Finds columns by their names.
    private struct Finder {
        private let columns: [[UInt8]: Int]

        init(_ names: [[UInt8]], isNeeded: Bool) {
            columns = isNeeded ? Dictionary(zip(names, names.indices)) { first, _ in first } : [:]
        }

        func column(_ name: [UInt8], _ setting: CSVError.ShapeSetting) throws(Misfit) -> Int {
            if let column = columns[name] { return column }
            throw Misfit(code: .unknownColumn, name: name, detail: .unknown(setting, similar: similar(to: name)))
        }

        /// Returns the first column whose name differs only in case or in the white space around it.
        private func similar(to name: [UInt8]) -> String? {
            let wanted = Self.folded(name)
            return columns.filter { Self.folded($0.key) == wanted }.min { $0.value < $1.value }.map {
                String(decoding: $0.key, as: UTF8.self)
            }
        }

        private static func folded(_ name: [UInt8]) -> String {
            let text = String(decoding: name, as: UTF8.self).lowercased()
            return String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
        }
    }
}

extension RowShape {
    /// Whether options name columns, which must then be there.
    var namesColumns: Bool { !types.isEmpty || !renamed.isEmpty || !dropped.isEmpty || selected != nil }

    /// Returns what the values of a column must be: what its field in the schema says, if it has one, overridden by the options.
    func rule(for field: TableSchema.Field?, as type: FieldType? = nil) -> ColumnRule {
        var rule = field?.rule ?? ColumnRule()
        if field == nil { rule.missingValues = schema?.missingValues ?? [] }
        if let type {
            // Bounds and patterns are those of the type in the schema.
            if rule.type != type { rule.constraints.removeAll { $0 != .required } }
            rule.type = type
            if schema == nil, type != .text { rule.missingValues = [[]] }
        }
        if let nullTexts { rule.missingValues = nullTexts }
        switch emptyForm {
        case nil: break
        case .string: rule.missingValues.removeAll(where: \.isEmpty)
        case .null, .omit: if !rule.missingValues.contains([]) { rule.missingValues.append([]) }
        }
        if keepsQuotedEmpty { rule.keepsQuotedEmpty = true }
        if stripsLeadingZeros { rule.stripsLeadingZeros = true }
        if let bigIntegers { rule.bigIntegers = bigIntegers }
        return rule
    }
}

extension ColumnRule {
    /// Whether values are strings as they are.
    var isPlain: Bool { type == .text && missingValues.isEmpty && constraints.isEmpty }

    /// A bit for each length of a missing value, up to 63; the last one also stands for all greater lengths.
    var missingLengths: UInt64 { missingValues.reduce(0) { $0 | 1 << UInt64(min($1.count, 63)) } }

    /// Whether a value can break it.
    var canBeBroken: Bool { type != .text || !constraints.isEmpty }
}

extension RowShape.AddedColumn.Value {
    /// Returns where the member's value comes from in an input.
    func source(_ input: RowShape.InputFacts) -> RowPlan.Source {
        switch self {
        case .source: .constant(Self.json(Array(input.source.utf8)))
        case .modified: .constant(Self.json(Array(input.modified.utf8)))
        case .literal(let text): .constant(Self.json(text))
        case .record: .record
        case .line: .line
        case .offset: .offset
        }
    }

    private static func json(_ text: [UInt8]) -> [UInt8] {
        [UInt8(ascii: "\"")] + JSONWriter.escaped(text) + [UInt8(ascii: "\"")]
    }
}
