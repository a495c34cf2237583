import SluiceCSV

extension RowPlan {
    /// Returns the texts before the value of each member whose value differs from row to row, and the text after the last one.
    /// The quotes of strings are part of them, and so are constant members:
    ///
    ///     a (string), file = "x", b.c (integer)        {"a":"    ","file":"x","b":{"c":    }}⏎
    func texts(separator: UInt8) -> (keys: [[UInt8]], end: [UInt8]) {
        var printer = MemberPrinter(self)
        var (keys, text) = ([[UInt8]](), [UInt8]())
        for (number, member) in members.enumerated() {
            printer.open(number, to: &text)
            if case .constant(let json) = member.source {
                text += json
            } else {
                let isString = isString(member)
                if isString { text.append(UInt8(ascii: "\"")) }
                keys.append(text)
                text = isString ? [UInt8(ascii: "\"")] : []
            }
        }
        printer.close(&text)
        text.append(separator)
        return (keys, text)
    }

    /// Whether values of a member are strings, unless they are null.
    private func isString(_ member: Member) -> Bool {
        guard case .column(let column) = member.source else { return false }
        return rules[column].type.isString
    }

    /// Whether the members are all columns in their order, each as a string that is never null, and constants.
    var hasAllAsStrings: Bool {
        let sources = members.lazy.map(\.source).filter { if case .constant = $0 { false } else { true } }
        return !omits && rules.allSatisfy(\.isPlain) && sources.elementsEqual((0..<header.width).map { .column($0) })
    }
}

/// Prints what stands between the values of a row: brackets, commas and keys. Members may be left out, and objects then are that
/// hold none.
///
///     open(b in a)    {"a":{"b":        open(c in row)    },"c":        close    }
struct MemberPrinter {
    private let plan: RowPlan
    /// `"name":` of each member and object.
    private let memberKeys: [[UInt8]]
    private let objectKeys: [[UInt8]]
    /// The object that is open; nil before the row.
    private var object: Int?
    private var isFirst = true

    init(_ plan: RowPlan) {
        self.plan = plan
        memberKeys = plan.members.map { Self.key($0.name) }
        objectKeys = plan.objects.map { Self.key($0.name) }
    }

    /// Appends what stands before the value of a member.
    mutating func open(_ member: Int, to text: inout [UInt8]) {
        enter(plan.members[member].object, &text)
        separate(&text)
        if !plan.isArray { text += memberKeys[member] }
    }

    /// Appends what stands before the value of a member of the row with that name.
    mutating func open(surplus name: [UInt8], to text: inout [UInt8]) {
        enter(0, &text)
        separate(&text)
        if !plan.isArray { text += Self.key(name) }
    }

    /// Appends what stands after the last value. The printer is then ready for another row.
    mutating func close(_ text: inout [UInt8]) {
        enter(0, &text)
        text.append(UInt8(ascii: plan.isArray ? "]" : "}"))
        object = nil
    }

    private mutating func separate(_ text: inout [UInt8]) {
        if !isFirst { text.append(UInt8(ascii: ",")) }
        isFirst = false
    }

    /// Closes objects up to one that holds `target`, and opens those down to it.
    private mutating func enter(_ target: Int, _ text: inout [UInt8]) {
        if object == nil {
            text.append(UInt8(ascii: plan.isArray ? "[" : "{"))
            (object, isFirst) = (0, true)
        }
        guard var open = object, open != target else { return }
        var (path, common) = ([Int](), target)
        while open != common {
            if plan.objects[open].depth >= plan.objects[common].depth {
                text.append(UInt8(ascii: "}"))
                isFirst = false
                open = plan.objects[open].parent
            } else {
                path.append(common)
                common = plan.objects[common].parent
            }
        }
        for next in path.reversed() {
            separate(&text)
            text += objectKeys[next]
            text.append(UInt8(ascii: "{"))
            isFirst = true
        }
        object = target
    }

    private static func key(_ name: [UInt8]) -> [UInt8] {
        [UInt8(ascii: "\"")] + JSONWriter.escaped(name) + Array("\":".utf8)
    }
}
