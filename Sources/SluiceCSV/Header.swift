/// The names of the columns in order, all different; without names, only their number.
package struct Header: Sendable, Hashable {
    /// UTF-8; nil if the input has no header.
    package let names: [[UInt8]]?
    package let width: Int

    package init(names: [[UInt8]]?, width: Int) {
        self.names = names
        self.width = width
    }

    /// A source of names for fields beyond the columns.
    package var extraNames: ExtraNames { extraNames(besides: []) }

    /// The same, of names that are also different from others.
    package func extraNames(besides others: [[UInt8]]) -> ExtraNames {
        ExtraNames(taken: Set(names ?? []).union(others))
    }

    /// Names fields beyond the columns. Creating it takes time proportional to the header.
    package struct ExtraNames {
        fileprivate let taken: Set<[UInt8]>

        /// Returns the name of the surplus field in that column, counted from 1: `_4`, or if that is taken `_4_2`, `_4_3`…
        package func name(column: Int) -> [UInt8] {
            Header.free(Array("_\(column)".utf8)) { taken.contains($0) }
        }
    }
}

extension Header {
    /// A delimiter that the only column's name holds, the likeliest first: a hint, not an error, that the delimiter may be
    /// wrong, as in `id;price` or `id||price`.
    package var otherDelimiter: [UInt8]? {
        guard let names, names.count == 1 else { return nil }
        let known = [UInt8(ascii: ";"), UInt8(ascii: "\t"), UInt8(ascii: "|")]
        guard let byte = known.first(where: names[0].contains) else { return nil }
        let between = names[0].split(separator: byte, omittingEmptySubsequences: false).dropFirst().dropLast()
        let isDoubled = byte == UInt8(ascii: "|") && Self.alternates(between.map(\.isEmpty))
        return isDoubled ? [byte, byte] : [byte]
    }

    /// Whether the flags are true, false, true and so on, up to a true one: `a||b||c` has nothing, b and nothing between its bars.
    private static func alternates(_ flags: [Bool]) -> Bool {
        flags.count % 2 == 1 && flags.enumerated().allSatisfy { $1 == ($0 % 2 == 0) }
    }

    /// Returns the index of the first name that occurred before, or nil.
    package static func firstDuplicate(_ names: [[UInt8]]) -> Int? {
        var seen: Set<[UInt8]> = []
        return names.firstIndex { !seen.insert($0).inserted }
    }

    /// Numbers each repeated name: `a,a,a_2,a` become `a,a_3,a_2,a_4`.
    package static func renamingDuplicates(_ names: [[UInt8]]) -> [[UInt8]] {
        let given = Set(names)
        var used: Set<[UInt8]> = []
        var last: [[UInt8]: Int] = [:]
        return names.map { name in
            if used.insert(name).inserted { return name }
            let unique = free(name, after: last[name] ?? 1, at: &last[name]) {
                given.contains($0) || used.contains($0)
            }
            used.insert(unique)
            return unique
        }
    }

    fileprivate static func free(_ name: [UInt8], isTaken: ([UInt8]) -> Bool) -> [UInt8] {
        var number: Int?
        return isTaken(name) ? free(name, after: 1, at: &number, isTaken: isTaken) : name
    }

    /// Returns `name_N` for the first N above `number` that makes it free, and stores that N in `found`.
    private static func free(
        _ name: [UInt8],
        after number: Int,
        at found: inout Int?,
        isTaken: ([UInt8]) -> Bool
    ) -> [UInt8] {
        var number = number
        while true {
            number += 1
            let candidate = name + Array("_\(number)".utf8)
            if !isTaken(candidate) {
                found = number
                return candidate
            }
        }
    }
}
