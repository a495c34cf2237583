import Sluice
import Testing

@Suite struct `The containers of a decoder` {
    private let input = Array("a,b,c\n1,2,3\n4,5,6\n,7,8\n".utf8)

    private func rows<Row: Decodable>(_: Row.Type) throws -> [Row] {
        try CSVDecoder().decode([Row].self, from: input)
    }

    @Test func `give a value for each key, in any order and as often as it is asked for`() throws {
        struct Row: Decodable, Equatable {
            enum CodingKeys: String, CodingKey { case a, b, c, d }
            var values: [Int?]

            init(_ values: [Int?]) { self.values = values }

            init(from decoder: any Decoder) throws {
                let keys = try decoder.container(keyedBy: CodingKeys.self)
                values = [
                    try keys.decode(Int.self, forKey: .c), try keys.decodeIfPresent(Int.self, forKey: .a),
                    try keys.decode(Int.self, forKey: .c), try keys.decodeIfPresent(Int.self, forKey: .d),
                    try Int(keys.decode(UInt8.self, forKey: .b)), try Int(keys.decode(String.self, forKey: .b)),
                    keys.contains(.a) ? 1 : 0, keys.contains(.d) ? 1 : 0, try keys.decodeNil(forKey: .a) ? 1 : 0,
                ]
            }
        }
        #expect(
            try rows(Row.self) == [
                Row([3, 1, 3, nil, 2, 2, 1, 0, 0]), Row([6, 4, 6, nil, 5, 5, 1, 0, 0]),
                Row([8, nil, 8, nil, 7, 7, 1, 0, 1]),
            ]
        )
    }

    @Test func `list their keys`() throws {
        struct Row: Decodable {
            enum CodingKeys: String, CodingKey { case c, a, z }
            var keys: Set<CodingKeys>

            init(from decoder: any Decoder) throws {
                keys = Set(try decoder.container(keyedBy: CodingKeys.self).allKeys)
            }
        }
        #expect(try rows(Row.self).map(\.keys) == [[.a, .c], [.a, .c], [.a, .c]])
    }

    /// One byte, in which the column and a choice are.
    enum Paired: CodingKey {
        case column(Bool)
        case other

        init?(stringValue: String) { nil }
        init?(intValue: Int) { nil }
        var intValue: Int? { nil }
        var stringValue: String {
            switch self {
            case .column(let isFirst): isFirst ? "a" : "b"
            case .other: "c"
            }
        }
    }

    enum Single: String, CodingKey { case b }

    struct Named: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }
        init(_ name: String) { stringValue = name }
        init?(stringValue: String) { self.init(stringValue) }
        init?(intValue: Int) { nil }
    }

    enum Numbered: Int, CodingKey { case a = 7, b = 300, c = 12 }

    @Test func `take keys of any type: with payloads, without bits, strings and numbers, several types in turn`() throws
    {
        struct Row: Decodable, Equatable {
            var values: [Int]

            init(_ values: [Int]) { self.values = values }

            init(from decoder: any Decoder) throws {
                let paired = try decoder.container(keyedBy: Paired.self)
                let single = try decoder.container(keyedBy: Single.self)
                let named = try decoder.container(keyedBy: Named.self)
                let numbered = try decoder.container(keyedBy: Numbered.self)
                let again = try decoder.container(keyedBy: Paired.self)
                values = [
                    try paired.decodeIfPresent(Int.self, forKey: .column(true)) ?? 0,
                    try paired.decode(Int.self, forKey: .column(false)), try paired.decode(Int.self, forKey: .other),
                    try single.decode(Int.self, forKey: .b), try named.decode(Int.self, forKey: Named("c")),
                    try named.decode(Int.self, forKey: Named("b")), try numbered.decode(Int.self, forKey: .c),
                    try again.decode(Int.self, forKey: .other), try paired.decode(Int.self, forKey: .column(false)),
                ]
            }
        }
        #expect(MemoryLayout<Paired>.size == 1 && MemoryLayout<Single>.size == 0)
        #expect(
            try rows(Row.self) == [
                Row([1, 2, 3, 2, 3, 2, 3, 3, 2]), Row([4, 5, 6, 5, 6, 5, 6, 6, 5]), Row([0, 7, 8, 7, 8, 7, 8, 8, 7]),
            ]
        )
    }

    @Test func `of nested objects are reached by keys, by nested containers and by other decoders`() throws {
        struct Place: Decodable, Equatable {
            var x: Int
            var y: Int
        }
        struct Row: Decodable, Equatable {
            enum CodingKeys: String, CodingKey { case from, to, name }
            enum PlaceKeys: String, CodingKey { case x, y }
            var from: Place
            var to: Place
            var name: String

            init(from decoder: any Decoder) throws {
                let keys = try decoder.container(keyedBy: CodingKeys.self)
                from = try keys.decode(Place.self, forKey: .from)
                let place = try keys.nestedContainer(keyedBy: PlaceKeys.self, forKey: .to)
                to = Place(
                    x: try place.decode(Int.self, forKey: .x),
                    y: try Place(from: keys.superDecoder(forKey: .to)).y
                )
                name = try keys.superDecoder().container(keyedBy: CodingKeys.self).decode(String.self, forKey: .name)
                #expect(throws: CSVError.self) { try keys.nestedContainer(keyedBy: PlaceKeys.self, forKey: .name) }
                #expect(throws: CSVError.self) { try keys.nestedUnkeyedContainer(forKey: .name) }
                #expect(throws: CSVError.self) { try keys.decode(Int.self, forKey: .to) }
            }

            init(_ from: Place, _ to: Place, _ name: String) { (self.from, self.to, self.name) = (from, to, name) }
        }
        let input = Array("to.x,from.x,name,from.y,to.y\n1,2,a,3,4\n5,6,b,7,8\n".utf8)
        #expect(
            try CSVDecoder().decode([Row].self, from: input) == [
                Row(Place(x: 2, y: 3), Place(x: 1, y: 4), "a"), Row(Place(x: 6, y: 7), Place(x: 5, y: 8), "b"),
            ]
        )
    }

    /// Keeps what it was decoded from.
    struct Keeper: Decodable {
        enum CodingKeys: String, CodingKey { case a, b }
        let decoder: any Decoder
        let keys: KeyedDecodingContainer<CodingKeys>

        init(from decoder: any Decoder) throws {
            self.decoder = decoder
            keys = try decoder.container(keyedBy: CodingKeys.self)
            #expect(try keys.decode(Int.self, forKey: .b) > 0)
        }
    }

    private static let misuse = "uses its decoder or container after init(from:)"

    @Test func `stop the process if they are used after their record, with a text that says so`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let rows = try CSVDecoder().rows(of: Keeper.self, from: Array("a,b\n1,2\n3,4\n".utf8))
            let kept = try rows.next()
            _ = try kept?.keys.decode(Int.self, forKey: .b)
        }
        #expect(result.map { String(decoding: $0.standardErrorContent, as: UTF8.self) }?.contains(Self.misuse) == true)
    }

    @Test func `stop the process if they are used after their decoder, whose memory another has`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let kept = try CSVDecoder().decode([Keeper].self, from: Array("a,b\n1,2\n".utf8))
            struct User: Decodable {
                nonisolated(unsafe) static var kept: Keeper?
                init(from decoder: any Decoder) throws {
                    _ = try decoder.container(keyedBy: Keeper.CodingKeys.self).decode(Int.self, forKey: .b)
                    _ = try Self.kept?.keys.decode(Int.self, forKey: .b)
                }
            }
            User.kept = kept.first
            _ = try CSVDecoder().decode([User].self, from: Array("a,b\n5,6\n".utf8))
        }
        #expect(result.map { String(decoding: $0.standardErrorContent, as: UTF8.self) }?.contains(Self.misuse) == true)
    }

    struct Pair<Value: Decodable>: Decodable {
        var a: Value
        var b: Value?
    }

    @Test func `read every integer within its type's range, and refuse it beyond`() throws {
        func check<Number: FixedWidthInteger & Codable>(_: Number.Type) throws {
            for value in [Number.min, .min + 1, 0, 1, 9, 10, 12, 99, 100, 127, .max / 3, .max - 1, .max] {
                let found = try CSVDecoder().decode([Pair<Number>].self, from: Array("a,b\n\(value),\(value)\n".utf8))
                #expect(found.first?.a == value && found.first?.b == value)
            }
            for text in [
                "\(Number.max)0", "-\(Number.max)0", "x", "1x", "-", "+", "--1", "1-", " 1", "1 ", "1.0", "٣", "/", ":",
                "-1:",
            ] {
                let required = try CSVDecoder().rows(of: Pair<Number>.self, from: Array("a,b\n\(text),1\n".utf8))
                #expect(throws: SluiceError.self) { try required.next() }
                let optional = try CSVDecoder().rows(of: Pair<Number>.self, from: Array("a,b\n1,\(text)\n".utf8))
                #expect(throws: SluiceError.self) { try optional.next() }
            }
        }
        try check(Int.self)
        try check(Int8.self)
        try check(Int16.self)
        try check(Int32.self)
        try check(Int64.self)
        try check(UInt.self)
        try check(UInt8.self)
        try check(UInt16.self)
        try check(UInt32.self)
        try check(UInt64.self)
    }
}
