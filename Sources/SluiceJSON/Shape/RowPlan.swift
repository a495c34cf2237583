import SluiceCSV

/// A row's shape, resolved against a header: the members of rows in their order, and what each column's values must be.
///
///     header id,a.b,c,a.d, nested at `.`, c renamed to e, and a column added
///
///     members    id ← column 0    b ← column 1    d ← column 3    e ← column 2    file ← "x.csv"
///     objects    row              a in row        a in row        row             row
///     a row      {"id":"1","a":{"b":"2","d":"4"},"e":"3","file":"x.csv"}
///
/// The members of an object are together, where its first one stands. So members in order describe the row's text, and any of
/// them can be left out.
package struct RowPlan: Sendable {
    package let header: Header
    /// What the values of each column must be.
    package let rules: [ColumnRule]
    /// What surplus fields must be.
    package let surplusRule: ColumnRule
    package let members: [Member]
    /// The row itself is the first.
    package let objects: [Object]
    /// Whether surplus fields of a record become members.
    package let keepsSurplus: Bool
    package let omitsEmpty: Bool
    package let omitsNull: Bool

    package struct Member: Sendable, Hashable {
        package var source: Source
        /// The object that holds it.
        package var object: Int
        /// Empty in an array.
        package var name: [UInt8]
    }

    /// Where a member's value comes from.
    package enum Source: Sendable, Hashable {
        case column(Int)
        /// The same JSON in all rows.
        case constant([UInt8])
        case record, line, offset
    }

    /// An object of the row that holds members and objects.
    package struct Object: Sendable, Hashable {
        /// Its number; that of the row is its own.
        package var parent: Int
        /// 0 for the row.
        package var depth: Int
        /// Empty for the row.
        package var name: [UInt8]
    }

    /// Why a shape does not fit a header.
    package struct Misfit: Error, Sendable, Hashable {
        package var code: CSVError.Code
        package var name: [UInt8]
        package var detail: CSVError.Detail
        /// The field of the header, if one is concerned.
        package var field = 1
    }

    /// Objects may be nested that deep in a row.
    package static let maxDepth = 32
    /// The most levels of a row: itself, the objects within it, the arrays and objects of a value, and what is in the innermost.
    package static let mostLevels = 1 + maxDepth + CompactJSON.mostDepth + 1

    /// Resolves a shape. `source` is that of the input.
    package init(_ shape: RowShape, header: Header, source: RowShape.InputFacts) throws(Misfit) {
        let columns = try Columns(shape, header)
        var tree = MemberTree(separator: shape.nestSeparator)
        if header.names == nil {
            members = (0..<header.width).map { Member(source: .column($0), object: 0, name: []) }
            objects = [Object(parent: 0, depth: 0, name: [])]
        } else {
            for column in columns.selected { try tree.add(columns.outputNames[column], .column(column), column + 1) }
            for added in shape.added { try tree.add(added.name, added.value.source(source), 1) }
            (members, objects) = tree.flattened()
        }
        self.header = header
        (rules, surplusRule) = (columns.rules, shape.rule(for: nil))
        keepsSurplus = shape.selected == nil
        omitsEmpty = shape.emptyForm == .omit || (shape.emptyForm == nil && shape.nullForm == .omit)
        omitsNull = shape.nullForm == .omit
    }

    /// Whether the rows are arrays.
    package var isArray: Bool { header.names == nil }

    /// Whether a record can lack members that others have.
    package var omits: Bool { omitsEmpty || omitsNull }

    /// Whether some column's values can break a rule.
    package var checksValues: Bool { rules.contains { $0.canBeBroken } }

    /// Whether rows hold their records' lines, which must then be counted.
    package var needsLines: Bool { members.contains { $0.source == .line } }

    /// Names for surplus fields: different from those of all columns, and of the row's own members.
    package var extraNames: Header.ExtraNames {
        let objects = objects.dropFirst().filter { $0.parent == 0 }.map(\.name)
        return header.extraNames(besides: members.filter { $0.object == 0 }.map(\.name) + objects)
    }
}
