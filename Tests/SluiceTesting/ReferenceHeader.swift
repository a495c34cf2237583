// Names of columns for the reference parser: repeated names, their replacements, and keys for surplus fields.

/// The names of the columns. Names are equal if their bytes are; they are not normalized.
enum ReferenceHeader {
    /// Returns the first column from the left, counted from 1, whose name an earlier column has too.
    static func firstRepeated(_ names: [[UInt8]]) -> Int? {
        for index in names.indices where names[..<index].contains(names[index]) {
            return index + 1
        }
        return nil
    }

    /// Returns the names made unique: `a,a,a_2,a` becomes `a,a_3,a_2,a_4`.
    ///
    /// A name that an earlier column has too gets the first free suffix. A name is free if no column of the header has it
    /// and it was not made for an earlier column.
    static func renamed(_ names: [[UInt8]]) -> [[UInt8]] {
        var result: [[UInt8]] = []
        for (index, name) in names.enumerated() {
            let isRepeated = names[..<index].contains(name)
            result.append(isRepeated ? numbered(name, avoiding: names + result) : name)
        }
        return result
    }

    /// Returns the keys of a row with `count` values: the header's names, then `_N` for each column N beyond them.
    static func keys(_ header: [[UInt8]], count: Int) -> [[UInt8]] {
        var keys = Array(header.prefix(count))
        while keys.count < count {
            let key = Array("_\(keys.count + 1)".utf8)
            let taken = keys.contains(key)
            keys.append(taken ? numbered(key, avoiding: keys) : key)
        }
        return keys
    }

    /// Returns the key of the surplus field in a column, counted from 1, in rows of another shape.
    static func surplusKey(column: Int, avoiding taken: [[UInt8]]) -> [UInt8] {
        let key = Array("_\(column)".utf8)
        return taken.contains(key) ? numbered(key, avoiding: taken) : key
    }

    /// Returns the name with the first suffix of `_2`, `_3`, `_4`… that is not taken.
    private static func numbered(_ name: [UInt8], avoiding taken: [[UInt8]]) -> [UInt8] {
        var number = 2
        while taken.contains(name + Array("_\(number)".utf8)) { number += 1 }
        return name + Array("_\(number)".utf8)
    }
}
