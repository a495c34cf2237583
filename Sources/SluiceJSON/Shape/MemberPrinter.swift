import SluiceCSV

/// Prints what stands between the values of a row: brackets, commas and keys. Members may be left out, and objects then are that
/// hold none.
///
///     open(b in a)    {"a":{"b":        open(c in row)    },"c":        close    }
final class MemberPrinter {
    private let isArray: Bool
    /// For each member, the object that holds it, and `,"name":`.
    private let holders: [Int]
    private let memberKeys: KernelTexts
    /// For each object, the one that holds it, how deep it is, and `,"name":{`.
    private let parents: [Int]
    private let depths: [Int]
    private let objectKeys: KernelTexts

    /// How far a row is printed.
    struct State {
        /// The object that is open; -1 before the row.
        fileprivate var object = -1
        /// Whether no comma is needed yet.
        fileprivate var isFirst = true
    }

    init(_ plan: RowPlan) {
        isArray = plan.isArray
        holders = plan.members.map(\.object)
        parents = plan.objects.map(\.parent)
        depths = plan.objects.map(\.depth)
        let isArray = isArray
        memberKeys = KernelTexts(plan.members.map { isArray ? Array(",".utf8) : Self.key($0.name) })
        objectKeys = KernelTexts(plan.objects.map { Self.key($0.name) + Array("{".utf8) })
    }

    /// Appends what stands before the value of a member.
    func open(_ member: Int, _ state: inout State, to text: inout [UInt8]) {
        if state.object != holders[member] { enter(holders[member], &state, &text) }
        append(memberKeys, member, state, to: &text)
        state.isFirst = false
    }

    /// Appends what stands before the value of a member of the row with that name.
    func open(surplus name: [UInt8], _ state: inout State, to text: inout [UInt8]) {
        enter(0, &state, &text)
        text += (isArray ? Array(",".utf8) : Self.key(name)).dropFirst(state.isFirst ? 1 : 0)
        state.isFirst = false
    }

    /// Appends what stands after the last value.
    func close(_ state: inout State, to text: inout [UInt8]) {
        enter(0, &state, &text)
        text.append(UInt8(ascii: isArray ? "]" : "}"))
    }

    private func append(_ keys: KernelTexts, _ number: Int, _ state: State, to text: inout [UInt8]) {
        // Copied while this object has the keys. Each starts with a comma.
        unsafe text.append(contentsOf: UnsafeBufferPointer(rebasing: keys[number].dropFirst(state.isFirst ? 1 : 0)))
    }

    /// Closes objects up to one that holds `target`, and opens those down to it.
    private func enter(_ target: Int, _ state: inout State, _ text: inout [UInt8]) {
        if state.object < 0 {
            text.append(UInt8(ascii: isArray ? "[" : "{"))
            state.object = 0
        }
        if state.object == target { return }
        var (path, open, common) = ([Int](), state.object, target)
        while open != common {
            if depths[open] >= depths[common] {
                text.append(UInt8(ascii: "}"))
                state.isFirst = false
                open = parents[open]
            } else {
                path.append(common)
                common = parents[common]
            }
        }
        for next in path.reversed() {
            append(objectKeys, next, state, to: &text)
            state.isFirst = true
        }
        state.object = target
    }

    private static func key(_ name: [UInt8]) -> [UInt8] {
        Array(",\"".utf8) + JSONWriter.escaped(name) + Array("\":".utf8)
    }
}
