// Names of columns for the reference parser: repeated names, their renaming, and keys for surplus fields.

/// What the columns are called. Names are equal if their bytes are; nothing is normalized.
enum ReferenceHeader {
    /// The first name from the left that an earlier column has too, counted from 1.
    static func firstRepeated(_ names: [[UInt8]]) -> Int? {
        for index in names.indices where names[..<index].contains(names[index]) {
            return index + 1
        }
        return nil
    }

    /// The names made unique: `a,a,a_2,a` becomes `a,a_3,a_2,a_4`.
    ///
    /// A name that an earlier column was given too gets the first free suffix. Free is what no column was given,
    /// before or after it, and what was not made up for an earlier one.
    static func renamed(_ names: [[UInt8]]) -> [[UInt8]] {
        var result: [[UInt8]] = []
        for (index, name) in names.enumerated() {
            let isRepeated = names[..<index].contains(name)
            result.append(isRepeated ? numbered(name, avoiding: names + result) : name)
        }
        return result
    }

    /// The keys of a row of so many values: the header's names, then `_N` for each column N beyond them.
    static func keys(_ header: [[UInt8]], count: Int) -> [[UInt8]] {
        var keys = Array(header.prefix(count))
        while keys.count < count {
            let key = Array("_\(keys.count + 1)".utf8)
            let taken = keys.contains(key)
            keys.append(taken ? numbered(key, avoiding: keys) : key)
        }
        return keys
    }

    /// The name with `_2` or, if that is taken, the first of `_3`, `_4`… that is not.
    private static func numbered(_ name: [UInt8], avoiding taken: [[UInt8]]) -> [UInt8] {
        var number = 2
        while taken.contains(name + Array("_\(number)".utf8)) { number += 1 }
        return name + Array("_\(number)".utf8)
    }
}
