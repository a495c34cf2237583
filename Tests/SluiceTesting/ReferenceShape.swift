// What a row in a shape is, in a slow and obvious way: a tree for each row, built member by member and then printed.

import SluiceCSV
import SluiceJSON

/// A member of a row: a value as JSON, or an object.
private indirect enum ReferenceNode {
    case value([UInt8])
    case object([(key: [UInt8], node: ReferenceNode)])
}

/// What rows are made of, for one input.
package struct ReferenceShape: Sendable {
    package var shape: RowShape
    package var source = ""
    package var modified = ""

    package init(_ shape: RowShape = RowShape(), source: String = "", modified: String = "") {
        (self.shape, self.source, self.modified) = (shape, source, modified)
    }
}

extension ReferenceShape {
    /// Returns the first error of the options in a header, without its place.
    func misfit(_ header: [[UInt8]]?) -> CSVError? {
        guard let header else { return nil }
        let wanted: [(CSVError.ShapeSetting, [[UInt8]])] = [
            (.types, shape.types.map(\.name)), (.rename, shape.renamed.map(\.old)), (.drop, shape.dropped),
            (.select, shape.selected ?? []),
        ]
        for (setting, names) in wanted {
            for name in names where !header.contains(name) {
                let similar = header.first { Self.folded($0) == Self.folded(name) }
                return error(
                    .unknownColumn,
                    name,
                    .unknown(setting, similar: similar.map { String(decoding: $0, as: UTF8.self) })
                )
            }
        }
        var paths: [[[UInt8]]] = []
        for member in members(of: header) {
            let path = path(of: member.name)
            let field = member.column.map { $0 + 1 } ?? 1
            // The parts are looked at one after another, as far as the first that is wrong.
            for depth in 1..<max(1, path.count) {
                if paths.contains(Array(path.prefix(depth))) {
                    return error(.memberConflict, member.name, .conflict(.objectAndValue), field)
                }
                if depth > RowPlan.maxDepth { return error(.memberConflict, member.name, .conflict(.tooDeep), field) }
            }
            if paths.contains(path) { return error(.memberConflict, member.name, .conflict(.sameName), field) }
            if paths.contains(where: { $0.starts(with: path) }) {
                return error(.memberConflict, member.name, .conflict(.objectAndValue), field)
            }
            paths.append(path)
        }
        return nil
    }

    private func error(
        _ code: CSVError.Code,
        _ name: [UInt8],
        _ detail: CSVError.Detail,
        _ field: Int = 1
    ) -> CSVError {
        let column = String(decoding: name, as: UTF8.self)
        return CSVError(code, offset: 0, record: 1, field: field, column: column, detail: detail)
    }

    private static func folded(_ name: [UInt8]) -> String {
        var text = Substring(String(decoding: name, as: UTF8.self).lowercased())
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }

    /// The members of all rows: a column, or an added value.
    private func members(
        of header: [[UInt8]]
    ) -> [(name: [UInt8], column: Int?, added: RowShape.AddedColumn.Value?)] {
        let chosen = shape.selected ?? header
        var members: [(name: [UInt8], column: Int?, added: RowShape.AddedColumn.Value?)] = []
        for name in chosen where !shape.dropped.contains(name) {
            let new = shape.renamed.first { $0.old == name }?.new ?? name
            members.append((new, header.firstIndex(of: name), nil))
        }
        for added in shape.added { members.append((added.name, nil, added.value)) }
        return members
    }

    private func path(of name: [UInt8]) -> [[UInt8]] {
        let separator = shape.nestSeparator
        guard !separator.isEmpty else { return [name] }
        var (path, part, rest) = ([[UInt8]](), [UInt8](), name[...])
        while let byte = rest.first {
            if rest.starts(with: separator) {
                path.append(part)
                part = []
                rest = rest.dropFirst(separator.count)
            } else {
                part.append(byte)
                rest = rest.dropFirst()
            }
        }
        return path + [part]
    }
}

extension ReferenceShape {
    /// The rule of a column, by its name; nil for a surplus field.
    func rule(_ name: [UInt8]?) -> ColumnRule {
        let field = shape.schema?.fields.first { $0.name == name }
        var rule = field?.rule ?? ColumnRule()
        if field == nil { rule.missingValues = shape.schema?.missingValues ?? [] }
        if let type = shape.types.first(where: { $0.name == name })?.type {
            if type != rule.type { rule.constraints = rule.constraints.filter { $0 == .required } }
            rule.type = type
            if type != .text, shape.schema == nil { rule.missingValues = [[]] }
        }
        if let nulls = shape.nullTexts { rule.missingValues = nulls }
        if shape.emptyForm == .string { rule.missingValues.removeAll { $0.isEmpty } }
        if shape.emptyForm == .null || shape.emptyForm == .omit { rule.missingValues.append([]) }
        if shape.keepsQuotedEmpty { rule.keepsQuotedEmpty = true }
        if shape.stripsLeadingZeros { rule.stripsLeadingZeros = true }
        if let form = shape.bigIntegers { rule.bigIntegers = form }
        return rule
    }

    /// Whether a missing value leaves its member out.
    private func omits(_ text: [UInt8]) -> Bool {
        if text.isEmpty, let form = shape.emptyForm { return form == .omit }
        return shape.nullForm == .omit
    }

    /// Returns the JSON of a field's value, nil if its member is left out, or the error in the field.
    ///
    /// - Parameter field: counted from 1.
    func value(
        _ text: [UInt8],
        comparedText: [UInt8]?,
        isQuoted: Bool,
        field: Int,
        _ header: [[UInt8]]?
    ) -> Result<[UInt8]?, CSVError> {
        let name = header.flatMap { field <= $0.count ? $0[field - 1] : nil }
        switch ReferenceValue.json(of: text, comparedText: comparedText, isQuoted: isQuoted, rule: rule(name)) {
        case .success(let json?): return .success(json)
        case .success(nil): return .success(omits(comparedText ?? text) ? nil : Array("null".utf8))
        case .failure(let breach):
            return .failure(
                CSVError(
                    breach.code,
                    offset: 0,
                    record: 1,
                    field: field,
                    column: name.map { String(decoding: $0, as: UTF8.self) },
                    detail: breach.detail
                )
            )
        }
    }

    /// Returns the error of a column that the record lacks and whose member is then left out, or nil if it needs none.
    func absence(field: Int, _ header: [[UInt8]]?) -> CSVError? {
        let rule = rule(header.map { $0[field - 1] })
        guard rule.constraints.contains(.required) else { return nil }
        var empty = rule
        empty.missingValues = [[]]
        guard case .failure(let breach) = ReferenceValue.json(of: [], isQuoted: false, rule: empty) else { return nil }
        let name = header.map { String(decoding: $0[field - 1], as: UTF8.self) }
        return CSVError(breach.code, offset: 0, record: 1, field: field, column: name, detail: breach.detail)
    }

    /// Returns the row of a record.
    ///
    /// - Parameter values: the JSON of each value; nil for those that are left out, or that the record does not have.
    func row(_ values: [[UInt8]?], header: [[UInt8]]?, number: UInt64, offset: UInt64, line: UInt64) -> [UInt8] {
        guard let header else {
            return Array("[".utf8) + values.compactMap(\.self).joined(separator: Array(",".utf8)) + Array("]".utf8)
        }
        var row: [(key: [UInt8], node: ReferenceNode)] = []
        // Objects stand where their first column does, even if that has no value in this row.
        for member in members(of: header) {
            let json = member.added.map { added($0, number, offset, line) } ?? member.column.flatMap { values[$0] }
            Self.insert(json, at: path(of: member.name)[...], in: &row)
        }
        if shape.selected == nil {
            var taken = header + row.map(\.key)
            for (column, value) in values.enumerated().dropFirst(header.count) {
                let key = ReferenceHeader.surplusKey(column: column + 1, avoiding: taken)
                taken.append(key)
                if let value { row.append((key, .value(value))) }
            }
        }
        return Self.json(row)
    }

    private func added(
        _ value: RowShape.AddedColumn.Value,
        _ number: UInt64,
        _ offset: UInt64,
        _ line: UInt64
    ) -> [UInt8] {
        switch value {
        case .source: Array(ReferenceJSON.string(Array(source.utf8)).utf8)
        case .modified: Array(ReferenceJSON.string(Array(modified.utf8)).utf8)
        case .literal(let text): Array(ReferenceJSON.string(text).utf8)
        case .record: Array("\(number)".utf8)
        case .line: Array("\(line)".utf8)
        case .offset: Array("\(offset)".utf8)
        }
    }

    /// Inserts a value into a tree. Without one, only the objects that would hold it.
    private static func insert(
        _ json: [UInt8]?,
        at path: ArraySlice<[UInt8]>,
        in object: inout [(key: [UInt8], node: ReferenceNode)]
    ) {
        guard let key = path.first else { return }
        if path.count == 1 {
            if let json { object.append((key, .value(json))) }
            return
        }
        let known = object.firstIndex { $0.key == key }
        let place = known ?? object.count
        if known == nil { object.append((key, .object([]))) }
        guard case .object(var inner) = object[place].node else { return }
        insert(json, at: path.dropFirst(), in: &inner)
        object[place].node = .object(inner)
    }

    /// Prints an object without the objects in it that hold nothing.
    private static func json(_ object: [(key: [UInt8], node: ReferenceNode)]) -> [UInt8] {
        let members = object.compactMap { key, node -> [UInt8]? in
            let name = Array("\(ReferenceJSON.string(key)):".utf8)
            switch node {
            case .value(let json): return name + json
            case .object(let inner):
                let text = json(inner)
                return text == Array("{}".utf8) ? nil : name + text
            }
        }
        return Array("{".utf8) + members.joined(separator: Array(",".utf8)) + Array("}".utf8)
    }
}
