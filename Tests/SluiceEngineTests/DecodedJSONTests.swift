import Sluice
import Testing

@Suite struct `A decoder, of lists, arrays and objects` {
    private func decoder(_ fields: String) throws -> CSVDecoder {
        CSVDecoder(
            schema: try Schema(json: Array(#"{"dialect":{"delimiter":";"},"schema":{"fields":[\#(fields)]}}"#.utf8))
        )
    }

    private func error(_ body: () throws -> Void) -> CSVError? {
        do { try body() } catch SluiceError.badData(let error) { return error } catch { Issue.record("\(error)") }
        return nil
    }

    @Test func `makes arrays of lists, as strings and as what their items are`() throws {
        struct Row: Decodable, Equatable {
            var tags: [String]
            var sizes: [Int]?
            var rates: [Double]
        }
        let decoder = try decoder(
            """
            {"name":"tags","type":"list"},{"name":"sizes","type":"list","itemType":"integer"},
            {"name":"rates","type":"list","delimiter":"|","itemType":"number"}
            """
        )
        let input = Array("tags;sizes;rates\na,b;1,-20;0.5|1e2\nä;;3\n".utf8)
        #expect(
            try decoder.decode([Row].self, from: input) == [
                Row(tags: ["a", "b"], sizes: [1, -20], rates: [0.5, 100]), Row(tags: ["ä"], sizes: nil, rates: [3]),
            ]
        )
    }

    @Test func `makes values of nested arrays and objects`() throws {
        struct Point: Decodable, Equatable {
            var x: Double
            var y: Float?
            var isSet: Bool?
            var label: String?
        }
        struct Row: Decodable, Equatable {
            var grid: [[Int8?]]
            var path: [Point]
            var origin: Point
            var counts: [String: UInt64]
        }
        let decoder = try decoder(
            """
            {"name":"grid","type":"array"},{"name":"path","type":"array"},{"name":"origin","type":"object"},
            {"name":"counts","type":"object"}
            """
        )
        let row = Row(
            grid: [[1, nil], [], [-3]],
            path: [Point(x: 1, y: 2.5, isSet: true, label: "a\"b"), Point(x: 0, y: nil, isSet: nil, label: nil)],
            origin: Point(x: -1, y: 1, isSet: false, label: nil),
            counts: ["a": 1, "b": 18_446_744_073_709_551_615]
        )
        let fields = [
            "[[1,null],[],[-3]]",
            #"[{"x":1,"y":2.5,"isSet":true,"label":"a\"b"},{"x":0,"y":null}]"#,
            #"{"x":-1,"y":1.0,"isSet":false}"#,
            #"{"a":1,"b":18446744073709551615}"#,
        ]
        let line = fields.map {
            "\"" + $0.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
        }
        let input = Array("grid;path;origin;counts\n\(line.joined(separator: ";"))\n".utf8)
        #expect(try decoder.decode([Row].self, from: input) == [row])
        struct Texts: Decodable, Equatable { var origin: String }
        // As a string, an object is its JSON.
        #expect(
            try decoder.decode([Texts].self, from: input) == [Texts(origin: #"{"x":-1,"y":1.0,"isSet":false}"#)]
        )
    }

    @Test func `reaches them by containers of its own`() throws {
        struct Row: Decodable, Equatable {
            enum CodingKeys: String, CodingKey { case list, object }
            enum Members: String, CodingKey { case a, b, c }
            var found: [String]

            init(from decoder: any Decoder) throws {
                let keys = try decoder.container(keyedBy: CodingKeys.self)
                var list = try keys.nestedUnkeyedContainer(forKey: .list)
                found = ["\(list.count ?? 0)", try list.decode(String.self)]
                let isNil = try list.decodeNil()
                var inner = try list.nestedUnkeyedContainer()
                let number = try inner.decode(Int.self)
                found += ["\(isNil)", "\(number)", "\(inner.isAtEnd)", "\(list.currentIndex)", "\(list.isAtEnd)"]
                let object = try keys.nestedContainer(keyedBy: Members.self, forKey: .object)
                found += object.allKeys.map(\.rawValue)
                let isAbsent = try object.decodeNil(forKey: .a)
                let count = try object.nestedUnkeyedContainer(forKey: .b).count ?? 0
                let again = try object.superDecoder().container(keyedBy: Members.self).contains(.a)
                found += ["\(object.contains(.c))", "\(isAbsent)", "\(count)", "\(again)"]
            }
        }
        let decoder = try decoder(#"{"name":"list","type":"array"},{"name":"object","type":"object"}"#)
        let input = Array("list;object\n\"[\"\"x\"\",null,[7]]\";\"{\"\"b\"\":[1,2],\"\"a\"\":null}\"\n".utf8)
        #expect(
            try decoder.decode([Row].self, from: input).first?.found == [
                "3", "x", "true", "7", "true", "3", "true", "a", "b", "false", "true", "2", "true",
            ]
        )
    }

    struct Item: Decodable { var n: Int }

    /// Reads a value in the second record only.
    struct Second<Value: Decodable>: Decodable {
        var value: Value?

        init(from decoder: any Decoder) throws {
            let keys = try decoder.container(keyedBy: SecondKeys.self)
            if try keys.decode(Int.self, forKey: .id) == 2 { value = try keys.decode(Value.self, forKey: .v) }
        }
    }

    enum SecondKeys: String, CodingKey { case id, v }

    @Test(arguments: [
        ("[Int]", #"[1,"x"]"#, #""x" is not an integer"#), ("[Int]", "[1.5]", #""1.5" is not an integer"#),
        ("[Int]", "[true]", #""true" is not an integer"#), ("[Int]", "[[1]]", #""[[1]]" is not an integer"#),
        ("[Int]", "[null]", "the value is missing, and its column requires one"),
        ("[Item]", #"[{"n":1},{"m":2}]"#, #""[{"n":1},{"m":2}]" is not an object with "n""#),
        ("[Item]", "[3]", #""3" is not an object"#), ("Item", "[1]", #""[1]" is not an object"#),
        ("Int", "[1]", #""[1]" is not an integer"#),
    ])
    func `states line, record and column of what is wrong in them`(type: String, json: String, reason: String) throws {
        let decoder = try decoder(#"{"name":"id","type":"integer"},{"name":"v","type":"array"}"#)
        let quoted = json.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
        let input = Array("id;v\n1;[]\n2;\"\(quoted)\"\n".utf8)
        let found = error {
            switch type {
            case "[Int]": _ = try decoder.decode([Second<[Int]>].self, from: input)
            case "[Item]": _ = try decoder.decode([Second<[Item]>].self, from: input)
            case "Item": _ = try decoder.decode([Second<Item>].self, from: input)
            default: _ = try decoder.decode([Second<Int>].self, from: input)
            }
        }
        #expect(found?.line == 3 && found?.record == 3 && found?.field == 2 && found?.column == "v")
        #expect(found?.reason == reason)
    }
}
