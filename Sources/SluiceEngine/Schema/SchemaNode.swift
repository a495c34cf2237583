import SluiceCSV
import SluiceJSON

/// A value in the text of a schema, with its place.
struct SchemaNode {
    let value: JSONValue
    private let place: Place

    private indirect enum Place {
        case top
        case member(String, of: Place)
        case element(Int, of: Place)
    }

    private init(_ value: JSONValue, _ place: Place) { (self.value, self.place) = (value, place) }

    /// Parses a text.
    init(json text: [UInt8]) throws(SchemaError) {
        guard text.count <= Schema.largest else {
            throw SchemaError("it has more than \(Schema.largest >> 20) MiB, which is too much for a schema")
        }
        if let offset = text.withView(UTF8Text.firstIllFormed) {
            throw SchemaError("it is not UTF-8 at byte \(offset)")
        }
        let start = text.starts(with: UTF8Text.mark) ? UTF8Text.mark.count : 0
        do throws(JSONReader.Fault) {
            let json = Array(text[start...])
            self.init(try JSONReader.value(of: json, mostValues: Self.mostValues, allowsRepeatedNames: false), .top)
        } catch {
            let lines = text[..<(start + error.offset)].split(separator: 0x0A, omittingEmptySubsequences: false)
            throw SchemaError("\(error.kind.reason), line \(lines.count), byte \((lines.last?.count ?? 0) + 1)")
        }
    }

    /// The most values in a schema, each of which takes tens of bytes of memory.
    private static let mostValues = 1 << 22

    /// The place as a JSON pointer.
    var pointer: String {
        var (tokens, place) = ([String](), place)
        while true {
            switch place {
            case .top: return tokens.reversed().map { "/\($0)" }.joined()
            case .member(let name, let parent):
                tokens.append(
                    name.unicodeScalars.map { $0 == "~" ? "~0" : $0 == "/" ? "~1" : String($0) }.joined()
                )
                place = parent
            case .element(let index, let parent):
                tokens.append("\(index)")
                place = parent
            }
        }
    }

    func fault(_ reason: String) -> SchemaError { SchemaError(pointer: pointer, reason) }

    private func fault(expecting kind: String) -> SchemaError { fault("it must be \(kind), not \(value.kind)") }
}

/// Reading a value as what it must be.
extension SchemaNode {
    /// The names of an object's members.
    func names() throws(SchemaError) -> [String] {
        guard let members = value.members else { throw fault(expecting: "an object") }
        return Array(members.keys)
    }

    /// The member of an object, or nil if it has none of that name.
    subscript(name: String) -> SchemaNode? { value[name].map { SchemaNode($0, .member(name, of: place)) } }

    func elements() throws(SchemaError) -> [SchemaNode] {
        guard let elements = value.elements else { throw fault(expecting: "an array") }
        return elements.enumerated().map { SchemaNode($1, .element($0, of: place)) }
    }

    func bytes() throws(SchemaError) -> [UInt8] {
        guard let bytes = value.bytes else { throw fault(expecting: "a string") }
        return bytes
    }

    func text() throws(SchemaError) -> String { String(decoding: try bytes(), as: UTF8.self) }

    func flag() throws(SchemaError) -> Bool {
        guard case .bool(let flag) = value else { throw fault(expecting: "true or false") }
        return flag
    }

    /// A whole number from `least` on.
    func count(from least: Int) throws(SchemaError) -> Int {
        guard let count = value.integer.flatMap({ Int(exactly: $0) }), count >= least else {
            throw fault("it must be a whole number from \(least) on")
        }
        return count
    }

    /// One of a set of words.
    func choice<Choice: RawRepresentable<String> & CaseIterable>(of _: Choice.Type) throws(SchemaError) -> Choice {
        let word = try text()
        guard let choice = Choice(rawValue: word) else {
            throw fault("it must be one of \(Choice.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return choice
    }

    /// Texts without repetitions, in order.
    func texts() throws(SchemaError) -> [[UInt8]] {
        var seen: Set<[UInt8]> = []
        var texts: [[UInt8]] = []
        for element in try elements() {
            let text = try element.bytes()
            if seen.insert(text).inserted { texts.append(text) }
        }
        return texts
    }

    /// Throws if an object has a property of Sluice that does not exist. Properties of others are ignored.
    func checkOwnProperties(known: Set<String> = []) throws(SchemaError) {
        let unknown = try names().filter { $0.hasPrefix("sluice:") && !known.contains($0) }.min()
        guard let unknown, let node = self[unknown] else { return }
        throw node.fault("there is no such property here")
    }
}

extension JSONReader.Fault.Kind {
    fileprivate var reason: String {
        switch self {
        case .syntax: "it is not JSON"
        case .depth: "it is nested too deep"
        case .count: "it has too many values"
        case .repeatedName: "an object has two members of the same name"
        }
    }
}

extension JSONValue {
    fileprivate var kind: String {
        switch self {
        case .object: "an object"
        case .array: "an array"
        case .string: "a string"
        case .number: "a number"
        case .bool: "a boolean"
        case .null: "null"
        }
    }

    /// The value without white space, members in the order of their names.
    package var minified: String {
        switch self {
        case .object(let members):
            JSONWriter.object(members.sorted { $0.key < $1.key }.map { (name: $0.key, json: $0.value.minified) })
        case .array(let elements): JSONWriter.array(elements.map(\.minified))
        case .string(let bytes): JSONWriter.string(String(decoding: bytes, as: UTF8.self))
        case .number(let digits): digits
        case .bool(let flag): flag ? "true" : "false"
        case .null: "null"
        }
    }
}
