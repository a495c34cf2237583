import SluiceCSV

/// The members of a row, gathered into the objects that hold them.
///
/// A name is split at the separator, and its last part names the member:
///
///     a.b, c, a.d        row: a, c        a: b, d
///
/// Time is proportional to the length of all names.
struct MemberTree {
    private let separator: [UInt8]
    private var objects = [RowPlan.Object(parent: 0, depth: 0, name: [])]
    /// What each object holds, in order.
    private var contents: [[Node]] = [[]]
    private var nodes: [Place: Node] = [:]

    private struct Place: Hashable {
        var object: Int
        var name: [UInt8]
    }

    private enum Node {
        case object(Int)
        case member(RowPlan.Member)
    }

    init(separator: [UInt8]) { self.separator = separator }

    /// Adds the member with that whole name. `field` is that of its column.
    mutating func add(_ name: [UInt8], _ source: RowPlan.Source, _ field: Int) throws(RowPlan.Misfit) {
        let parts = separator.isEmpty ? [name[...]] : Self.split(name, at: separator)
        var object = 0
        for part in parts.dropLast() { object = try self.object(Array(part), in: object, of: name, field) }
        let place = Place(object: object, name: Array(parts[parts.count - 1]))
        if let other = nodes[place] {
            switch other {
            case .member: throw Self.misfit(.sameName, name, field)
            case .object: throw Self.misfit(.objectAndValue, name, field)
            }
        }
        insert(.member(RowPlan.Member(source: source, object: object, name: place.name)), at: place)
    }

    private mutating func object(
        _ name: [UInt8],
        in parent: Int,
        of whole: [UInt8],
        _ field: Int
    ) throws(RowPlan.Misfit) -> Int {
        let place = Place(object: parent, name: name)
        switch nodes[place] {
        case .object(let number): return number
        case .member: throw Self.misfit(.objectAndValue, whole, field)
        case nil:
            let depth = objects[parent].depth + 1
            if depth > RowPlan.maxDepth { throw Self.misfit(.tooDeep, whole, field) }
            objects.append(RowPlan.Object(parent: parent, depth: depth, name: name))
            contents.append([])
            insert(.object(objects.count - 1), at: place)
            return objects.count - 1
        }
    }

    private mutating func insert(_ node: Node, at place: Place) {
        nodes[place] = node
        contents[place.object].append(node)
    }

    private static func misfit(
        _ conflict: CSVError.MemberConflict,
        _ name: [UInt8],
        _ field: Int
    ) -> RowPlan.Misfit {
        RowPlan.Misfit(code: .memberConflict, name: name, detail: .conflict(conflict), field: field)
    }

    /// Returns the members in the order of the row's text, and all objects. Depth is limited, so recursion is.
    func flattened() -> (members: [RowPlan.Member], objects: [RowPlan.Object]) {
        var members: [RowPlan.Member] = []
        appendContents(of: 0, to: &members)
        return (members, objects)
    }

    private func appendContents(of object: Int, to members: inout [RowPlan.Member]) {
        for node in contents[object] {
            switch node {
            case .member(let member): members.append(member)
            case .object(let inner): appendContents(of: inner, to: &members)
            }
        }
    }

    /// `a..b` at `.` gives `a`, an empty part, and `b`.
    private static func split(_ name: [UInt8], at separator: [UInt8]) -> [ArraySlice<UInt8>] {
        var (parts, start, position) = ([ArraySlice<UInt8>](), 0, 0)
        while position + separator.count <= name.count {
            if name[position..<position + separator.count].elementsEqual(separator) {
                parts.append(name[start..<position])
                position += separator.count
                start = position
            } else {
                position += 1
            }
        }
        return parts + [name[start...]]
    }
}
