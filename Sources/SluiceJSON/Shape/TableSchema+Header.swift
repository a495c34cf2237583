import SluiceCSV

/// Why a header does not match a schema.
package struct HeaderMismatch: Error, Sendable, Hashable {
    /// The first column that differs, counted from 1; the one after the last if that is a missing one.
    package var column: Int
    package var drift: CSVError.HeaderDrift
}

extension TableSchema {
    /// Returns the field of each column, by its index, or nil for a column that has none.
    ///
    ///     fields a, b    columns b, c    fieldsMatch partial    →    1, nil
    ///
    /// - Parameter names: The names of the columns, all different.
    /// - Throws: if the schema does not allow this header.
    /// - Complexity: O(*n*) in the number of columns and fields.
    package func plan(for names: [[UInt8]]) throws(HeaderMismatch) -> [Int?] {
        let comparison = HeaderComparison(names, self)
        if comparison.isAllowed(by: match) { return comparison.plan }
        throw HeaderMismatch(column: comparison.firstDifference(match), drift: comparison.drift(match))
    }
}

/// The columns of a header beside the fields of a schema.
private struct HeaderComparison {
    private let names: [[UInt8]]
    private let schema: TableSchema
    /// The fields' names, made different as repeated names in a header are.
    private let expected: [[UInt8]]
    /// The field of each column.
    let plan: [Int?]
    /// The fields without a column, and those of them that need one.
    private let absent: [Int]
    private let absentRequired: [Int]
    /// The columns without a field.
    private let surplus: [Int]

    init(_ names: [[UInt8]], _ schema: TableSchema) {
        self.names = names
        self.schema = schema
        expected = Header.renamingDuplicates(schema.fields.map(\.name))
        let fields = Dictionary(expected.enumerated().map { ($1, $0) }, uniquingKeysWith: { one, _ in one })
        let plan = names.map { fields[$0] }
        self.plan = plan
        let found = Set(plan.compactMap(\.self))
        absent = schema.fields.indices.filter { !found.contains($0) }
        absentRequired = absent.filter { schema.fields[$0].rule.constraints.contains(.required) }
        surplus = names.indices.filter { plan[$0] == nil }
    }

    func isAllowed(by match: TableSchema.Match) -> Bool {
        switch match {
        case .exact: names == expected
        case .equal: absent.isEmpty && surplus.isEmpty
        case .subset: absent.isEmpty
        case .superset: surplus.isEmpty && absentRequired.isEmpty
        case .partial: absent.count < schema.fields.count && absentRequired.isEmpty
        }
    }

    /// Returns the number of the first column that the schema does not allow there.
    func firstDifference(_ match: TableSchema.Match) -> Int {
        let index =
            match == .exact
            ? names.indices.first { $0 >= expected.count || names[$0] != expected[$0] } : unexpected(match).first
        return (index ?? names.count) + 1
    }

    private func missing(_ match: TableSchema.Match) -> [Int] {
        switch match {
        case .exact, .equal, .subset: absent
        case .superset: absentRequired
        case .partial: absent.count == schema.fields.count ? absent : absentRequired
        }
    }

    private func unexpected(_ match: TableSchema.Match) -> [Int] {
        switch match {
        case .exact, .equal, .superset: surplus
        case .subset, .partial: []
        }
    }

    /// The columns with a field that do not stand in the fields' order.
    private var misplaced: [Int] {
        let columns = names.indices.filter { plan[$0] != nil }
        return zip(columns, columns.compactMap { plan[$0] }.sorted()).compactMap { plan[$0] == $1 ? nil : $0 }
    }

    func drift(_ match: TableSchema.Match) -> CSVError.HeaderDrift {
        let respelled = respelled(missing(match), unexpected(match))
        let (fields, columns) = (Set(respelled.map(\.field)), Set(respelled.map(\.column)))
        let allowing = TableSchema.Match.allCases.first(where: isAllowed)
        var lister = HeaderDriftLister()
        return CSVError.HeaderDrift(
            missing: lister.list(missing(match).filter { !fields.contains($0) }.map { expected[$0] }),
            unexpected: lister.list(unexpected(match).filter { !columns.contains($0) }.map { names[$0] }),
            misplaced: lister.list(match == .exact ? misplaced.map { names[$0] } : []),
            respelled: lister.list(respelled.map { names[$0.column] }),
            allowingMatch: respelled.isEmpty ? allowing?.rawValue : nil
        )
    }

    /// Returns columns without a field, and fields without a column, that differ only in case, in white space, or in how accents
    /// are encoded. One of the two, or both, must be what the schema does not allow.
    private func respelled(_ missing: [Int], _ unexpected: [Int]) -> [(column: Int, field: Int)] {
        if missing.isEmpty, unexpected.isEmpty { return [] }
        var fields = Dictionary(absent.map { (Self.folded(expected[$0]), $0) }, uniquingKeysWith: { one, _ in one })
        let (missing, unexpected) = (Set(missing), Set(unexpected))
        return surplus.compactMap { column in
            let name = Self.folded(names[column])
            guard let field = fields[name], missing.contains(field) || unexpected.contains(column) else { return nil }
            fields[name] = nil
            return (column, field)
        }
    }

    /// Returns a name in lower case, without white space and characters that can't be seen. Strings are equal whether `é` is one
    /// scalar in them or two.
    private static func folded(_ name: [UInt8]) -> String {
        let scalars = String(decoding: name, as: UTF8.self).lowercased().unicodeScalars
        return String(
            String.UnicodeScalarView(scalars.filter { !$0.properties.isWhitespace && !invisible.contains($0) })
        )
    }

    private static let invisible: Set<Unicode.Scalar> = ["\u{FEFF}", "\u{200B}", "\u{200C}", "\u{200D}", "\u{2060}"]
}
