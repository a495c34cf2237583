/// Where the keys of an object lead to, and the order in which they are asked for.
///
/// Types ask for the same keys in the same order for each record. So an object keeps them in the order in which they were asked
/// for, and a key is looked for first after the one before it:
///
///     first record     id, customer     looked up in a dictionary, and kept
///     every other      id, customer     the first kept key, and then the one after it
struct ObjectKeys {
    /// Where a key leads to.
    enum Place {
        case column(Int)
        case object(Int)
    }

    /// What stands before a key's name in that of its column.
    let prefix: String
    private(set) var places: [String: Place] = [:]
    private var asked: [(name: String, place: Place)] = []
    /// The key that was asked for last; -1 before the first.
    private var last = -1

    init(prefix: String) { self.prefix = prefix }

    mutating func add(_ name: [UInt8], _ place: Place) { places[String(decoding: name, as: UTF8.self)] = place }

    /// Starts again with the first key.
    mutating func rewind() { last = -1 }

    @inline(__always)
    mutating func find(_ name: String) -> Place? {
        if last + 1 < asked.count, asked[last + 1].name == name {
            last += 1
            return asked[last].place
        }
        if last >= 0, asked[last].name == name { return asked[last].place }
        return findElsewhere(name)
    }

    @inline(never)
    private mutating func findElsewhere(_ name: String) -> Place? {
        guard let place = places[name] else { return nil }
        if let known = asked.firstIndex(where: { $0.name == name }) {
            last = known
        } else {
            asked.append((name, place))
            last = asked.count - 1
        }
        return place
    }
}

/// The columns of keys that are one byte, as those of the `CodingKeys` that the compiler makes for up to 256 properties.
///
/// Whoever gives such a type's values a `stringValue` can only look at that byte: the type is trivial, so that it refers to nothing.
/// So the string is asked for once, and then the column stands in a table, in which the byte is the position. Where keys change
/// their strings between two calls, the first one counts.
struct KeyTables: ~Copyable {
    static let size = 256
    /// What stands in a table where the column is not known, or the key leads to something else.
    static let unknown: Int32 = -1

    private(set) var base = UnsafeMutablePointer<Int32>.allocate(capacity: 0)
    private var count = 0

    /// Whether a type's values can be positions.
    static func hold<Key>(_: Key.Type) -> Bool { MemoryLayout<Key>.size == 1 && _isPOD(Key.self) }

    /// Adds a table, which moves the others.
    mutating func add() {
        let grown = UnsafeMutablePointer<Int32>.allocate(capacity: (count + 1) * Self.size)
        grown.moveInitialize(from: base, count: count * Self.size)
        (grown + count * Self.size).initialize(repeating: Self.unknown, count: Self.size)
        base.deallocate()
        base = grown
        count += 1
    }

    deinit { base.deallocate() }
}
