import SluiceJSON

/// JSON, read into a tree by one function for each kind of value.
indirect enum ReferenceTree {
    case object([(name: [UInt8], value: ReferenceTree)])
    case array([ReferenceTree])
    /// A string with its quotes and escapes.
    case string([UInt8])
    case number(String)
    case word(String)

    static func typed(_ text: [UInt8], _ type: FieldType) throws(ReferenceRefusal) -> ReferenceTyped {
        let tree = try read(text)
        var length = 0
        switch (tree, type) {
        case (.object(let members), .object): length = members.count
        case (.array(let elements), .array): length = elements.count
        case (.object(let members), .geoJSON(let isTopology)) where isGeography(members, isTopology):
            length = members.count
        default: throw ReferenceRefusal("jsonKind")
        }
        return ReferenceTyped(
            json: String(decoding: tree.compact, as: UTF8.self),
            key: tree.key ?? .text(tree.compact),
            length: length
        )
    }

    static func point(
        _ text: [UInt8],
        _ format: FieldType.GeoPointFormat,
        _ rule: ColumnRule
    ) throws(ReferenceRefusal) -> ReferenceTyped {
        var parts: [[UInt8]] = []
        switch (format, format == .text ? .array([]) : try read(text)) {
        case (.text, _):
            guard let comma = text.firstIndex(of: UInt8(ascii: ",")) else { throw ReferenceRefusal() }
            parts = [Array(text[..<comma]), Array(text[(comma + 1)...].drop { $0 == 0x20 })]
        case (.array, .array(let elements)): parts = elements.map(\.compact)
        case (.object, .object(let members)):
            let names = ["\"lon\"", "\"lat\""].map { Array($0.utf8) }
            parts = names.compactMap { name in members.first { decoded($0.name) == decoded(name) }?.value.compact }
            if members.count != 2 { parts = [] }
        default: break
        }
        guard parts.count == 2 else { throw ReferenceRefusal("jsonKind") }
        var numbers: [ReferenceNumber] = []
        for part in parts {
            let text = String(decoding: part, as: UTF8.self)
            numbers.append(
                try ReferenceNumber.read(text, .init(), isInteger: false, strips: rule.stripsLeadingZeros)
            )
        }
        for (number, most) in zip(numbers, ["180", "90"]) {
            let limit = ReferenceNumber(integer: most)
            let opposite = ReferenceNumber(sign: "-", integer: most)
            guard number.key.order(limit.key) != 1, number.key.order(opposite.key) != -1 else {
                throw ReferenceRefusal("outsideEarth")
            }
        }
        return ReferenceTyped(json: "[\(numbers[0].json),\(numbers[1].json)]", key: .list(numbers.map(\.key)))
    }

    private static func isGeography(_ members: [(name: [UInt8], value: ReferenceTree)], _ isTopology: Bool) -> Bool {
        func last(_ name: String) -> ReferenceTree? {
            members.last { decoded($0.name) == Array(name.utf8) }?.value
        }
        func isArray(_ name: String) -> Bool { if case .array = last(name) { true } else { false } }
        func isObject(_ name: String) -> Bool { if case .object = last(name) { true } else { false } }
        func isNull(_ name: String) -> Bool { if case .word("null") = last(name) { true } else { false } }
        guard case .string(let type) = last("type"), let type = decoded(type) else { return false }
        return switch String(decoding: type, as: UTF8.self) {
        case "Topology": isTopology && isObject("objects") && isArray("arcs")
        case _ where isTopology: false
        case "Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon": isArray("coordinates")
        case "GeometryCollection": isArray("geometries")
        case "Feature": ["geometry", "properties"].allSatisfy { isObject($0) || isNull($0) }
        case "FeatureCollection": isArray("features")
        default: false
        }
    }
}

extension ReferenceTree {
    /// The JSON without white space, and without U+FFFE and U+FFFF as they are.
    var compact: [UInt8] {
        switch self {
        case .object(let members):
            Array("{".utf8)
                + members.map { Self.escaped($0.name) + Array(":".utf8) + $0.value.compact }
                .joined(separator: Array(",".utf8)) + Array("}".utf8)
        case .array(let elements):
            Array("[".utf8) + elements.map(\.compact).joined(separator: Array(",".utf8)) + Array("]".utf8)
        case .string(let token): Self.escaped(token)
        case .number(let text), .word(let text): Array(text.utf8)
        }
    }

    private static func escaped(_ token: [UInt8]) -> [UInt8] {
        String(decoding: token, as: UTF8.self).unicodeScalars.flatMap { scalar in
            switch scalar {
            case "\u{FFFE}": Array("\\ufffe".utf8)
            case "\u{FFFF}": Array("\\uffff".utf8)
            default: Array(String(scalar).utf8)
            }
        }
    }

    /// Nil if a string has half a surrogate pair.
    var key: ReferenceKey? {
        switch self {
        case .object(let members):
            var keys: [String: ReferenceKey] = [:]
            for member in members {
                guard let name = Self.decoded(member.name), let key = member.value.key else { return nil }
                keys[String(decoding: name, as: UTF8.self)] = key
            }
            return .members(keys)
        case .array(let elements):
            let keys = elements.compactMap(\.key)
            return keys.count == elements.count ? .list(keys) : nil
        case .string(let token): return Self.decoded(token).map { .list([.text($0)]) }
        case .number(let text):
            return (try? ReferenceNumber.read(text, .init(), isInteger: false, strips: false))?.key
        case .word(let word): return .text(Array(word.utf8))
        }
    }

    /// The text of a string token; nil if it has half a surrogate pair.
    private static func decoded(_ token: [UInt8]) -> [UInt8]? {
        var (units, rest) = ([UInt16](), Array(String(decoding: token, as: UTF8.self).utf16)[1...].dropLast())
        while let unit = rest.popFirst() {
            guard unit == 0x5C, let letter = rest.popFirst() else {
                units.append(unit)
                continue
            }
            switch Character(Unicode.Scalar(UInt8(letter))) {
            case "b": units.append(8)
            case "f": units.append(12)
            case "n": units.append(10)
            case "r": units.append(13)
            case "t": units.append(9)
            case "u":
                units.append(UInt16(String(decoding: rest.prefix(4), as: UTF16.self), radix: 16) ?? 0)
                rest = rest.dropFirst(4)
            default: units.append(letter)
            }
        }
        return String(validating: units, as: UTF16.self).map { Array($0.utf8) }
    }
}

extension ReferenceTree {
    /// Reads a text that is one value.
    private static func read(_ text: [UInt8]) throws(ReferenceRefusal) -> ReferenceTree {
        var rest = text[...]
        let tree = try value(&rest, depth: 0)
        guard rest.isEmpty else { throw ReferenceRefusal("json") }
        return tree
    }

    private static func skipSpace(_ rest: inout ArraySlice<UInt8>) {
        rest = rest.drop { " \t\n\r".utf8.contains($0) }
    }

    private static func skip(_ text: String, _ rest: inout ArraySlice<UInt8>) -> Bool {
        guard rest.starts(with: text.utf8) else { return false }
        rest = rest.dropFirst(text.utf8.count)
        return true
    }

    private static func value(_ rest: inout ArraySlice<UInt8>, depth: Int) throws(ReferenceRefusal) -> ReferenceTree {
        skipSpace(&rest)
        let tree: ReferenceTree
        if rest.first == UInt8(ascii: "{") || rest.first == UInt8(ascii: "[") {
            if depth == 64 { throw ReferenceRefusal("depth") }
            tree = try skip("{", &rest) ? object(&rest, depth + 1) : array(&rest, depth + 1)
        } else if rest.first == UInt8(ascii: "\"") {
            tree = .string(try string(&rest))
        } else if let word = ["true", "false", "null"].first(where: { skip($0, &rest) }) {
            tree = .word(word)
        } else {
            tree = .number(try number(&rest))
        }
        skipSpace(&rest)
        return tree
    }

    private static func object(_ rest: inout ArraySlice<UInt8>, _ depth: Int) throws(ReferenceRefusal) -> ReferenceTree
    {
        var members: [(name: [UInt8], value: ReferenceTree)] = []
        skipSpace(&rest)
        if skip("}", &rest) { return .object([]) }
        repeat {
            skipSpace(&rest)
            let name = try string(&rest)
            skipSpace(&rest)
            guard skip(":", &rest) else { throw ReferenceRefusal("json") }
            members.append((name, try value(&rest, depth: depth)))
        } while skip(",", &rest)
        guard skip("}", &rest) else { throw ReferenceRefusal("json") }
        return .object(members)
    }

    private static func array(_ rest: inout ArraySlice<UInt8>, _ depth: Int) throws(ReferenceRefusal) -> ReferenceTree {
        var elements: [ReferenceTree] = []
        guard skip("[", &rest) else { throw ReferenceRefusal("json") }
        skipSpace(&rest)
        if skip("]", &rest) { return .array([]) }
        repeat { elements.append(try value(&rest, depth: depth)) } while skip(",", &rest)
        guard skip("]", &rest) else { throw ReferenceRefusal("json") }
        return .array(elements)
    }

    private static func string(_ rest: inout ArraySlice<UInt8>) throws(ReferenceRefusal) -> [UInt8] {
        let start = rest
        guard skip("\"", &rest) else { throw ReferenceRefusal("json") }
        while let byte = rest.popFirst(), byte >= 0x20 {
            if byte == UInt8(ascii: "\"") { return Array(start.prefix(rest.startIndex - start.startIndex)) }
            guard byte == UInt8(ascii: "\\") else { continue }
            guard let letter = rest.popFirst() else { break }
            if letter == UInt8(ascii: "u") {
                let digits = rest.prefix(4)
                guard digits.count == 4, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) else { break }
                rest = rest.dropFirst(4)
            } else if !"\"\\/bfnrt".utf8.contains(letter) {
                break
            }
        }
        throw ReferenceRefusal("json")
    }

    private static func number(_ rest: inout ArraySlice<UInt8>) throws(ReferenceRefusal) -> String {
        let text = rest.prefix { "+-.0123456789eE".utf8.contains($0) }
        let number = String(decoding: text, as: UTF8.self)
        guard ReferenceTime.groups(of: "-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?", in: number) != nil else {
            throw ReferenceRefusal("json")
        }
        rest = rest.dropFirst(text.count)
        return number
    }
}
