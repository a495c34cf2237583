import Sluice
import Testing

@Suite struct `A decoder` {
    struct Order: Codable, Equatable {
        var id: Int
        var customer: String
        var price: Double?
        var isPaid: Bool
    }

    private let input = Array("id,price,customer,isPaid,note\n1,2.50,\"said \"\"x\"\"\",true,\n2,,,0,ignored\n".utf8)
    private let orders = [
        Order(id: 1, customer: "said \"x\"", price: 2.5, isPaid: true),
        Order(id: 2, customer: "", price: nil, isPaid: false),
    ]

    private func error(_ body: () throws -> Void) -> CSVError? {
        do { try body() } catch SluiceError.badData(let error) { return error } catch { Issue.record("\(error)") }
        return nil
    }

    @Test func `makes values of records in memory, in files and in streams, all at once and one by one`() async throws {
        #expect(try CSVDecoder().decode([Order].self, from: input) == orders)
        let file = try TemporaryFile(input)
        #expect(try CSVDecoder().decode([Order].self, file: file.path) == orders)
        let rows = try CSVDecoder().rows(of: Order.self, from: input[...])
        #expect(try rows.next() == orders[0] && rows.next() == orders[1] && rows.next() == nil)
        var found: [Order] = []
        let chunks = AsyncStream<[UInt8]> { stream in
            for byte in input { stream.yield([byte]) }
            stream.finish()
        }
        for try await order in CSVDecoder().rows(of: Order.self, from: chunks) { found.append(order) }
        #expect(found == orders)
    }

    @Test func `states line, record and column of a value of another type, and can go on after it`() throws {
        let rows = try CSVDecoder().rows(
            of: Order.self,
            from: Array("id,customer,isPaid\n\n1,a,1\nx,b,0\n3,c,0\n".utf8)
        )
        #expect(try rows.next()?.id == 1)
        let found = error { _ = try rows.next() }
        #expect(found?.code == .typeMismatch && found?.line == 4 && found?.record == 4 && found?.field == 1)
        #expect(found?.column == "id" && found?.reason == "\"x\" is not an integer")
        #expect(try rows.next()?.id == 3)
    }

    @Test func `goes on after an error in a value, and throws that of a record again at each call`() async throws {
        let csv = Array("id,customer,isPaid\nx,a,1\n2,b\n3,c,0\n".utf8)
        let rows = try CSVDecoder().rows(of: Order.self, from: csv)
        #expect(error { _ = try rows.next() }?.code == .typeMismatch)
        let chunks = AsyncStream<[UInt8]> { stream in
            stream.yield(csv)
            stream.finish()
        }
        var stream = CSVDecoder().rows(of: Order.self, from: chunks).makeAsyncIterator()
        await #expect(throws: SluiceError.self) { try await stream.next() }
        for _ in 0..<3 {
            let ragged = try #require(throws: SluiceError.self) { try rows.next() }
            guard case .badData(let fault) = ragged else { throw Missing() }
            #expect(fault.code == .raggedRecord && fault.record == 3)
            await #expect(throws: ragged) { try await stream.next() }
        }
    }

    struct Missing: Error {}

    @Test func `states where a required value is missing`() {
        let empty = error { _ = try CSVDecoder().decode([Order].self, from: Array("id,customer,isPaid\n,b,1\n".utf8)) }
        #expect(empty?.code == .constraint && empty?.column == "id" && empty?.line == 2)
        #expect(empty?.reason == "the value is missing, and its column requires one")
    }

    struct Nested: Codable, Equatable {
        struct Address: Codable, Equatable {
            var street: String
            var number: UInt16?
        }

        var name: String
        var address: Address
        var other: Address?
    }

    @Test func `nests columns at the separator, and refuses those that clash`() throws {
        let input = Array("address.street,name,address.number\nMain,A,7\n".utf8)
        let expected = Nested(name: "A", address: .init(street: "Main", number: 7), other: nil)
        #expect(try CSVDecoder().decode([Nested].self, from: input) == [expected])
        let clash = error {
            _ = try CSVDecoder().decode([Nested].self, from: Array("x\na,a.b\n1,2\n".utf8.dropFirst(2)))
        }
        #expect(clash?.code == .memberConflict && clash?.line == 1)
        struct Dotted: Decodable, Equatable {
            enum CodingKeys: String, CodingKey { case value = "a.b" }
            var value: Int
        }
        var flat = CSVDecoder()
        flat.nestingSeparator = ""
        #expect(try flat.decode([Dotted].self, from: Array("a.b\n1\n".utf8)) == [Dotted(value: 1)])
    }

    @Test func `takes the texts for nil that it is told`() throws {
        struct Row: Decodable, Equatable {
            var a: String?
            var b: Int?
        }
        let input = Array("a,b\nNA,NA\n,1\n".utf8)
        var decoder = CSVDecoder()
        decoder.nullTexts = ["NA"]
        #expect(try decoder.decode([Row].self, from: input) == [Row(a: nil, b: nil), Row(a: "", b: 1)])
        let plain = Array("a,b\n,\n".utf8)
        #expect(try CSVDecoder().decode([Row].self, from: plain) == [Row(a: "", b: nil)])
    }

    @Test func `takes a text with an escape character for nil, as a conversion does`() throws {
        struct Row: Decodable, Equatable {
            var a: String?
            var b: Int?
        }
        // Only as it stands in the input: neither its value nor the same in quotes.
        let input = Array("a,b\n\\N,\\N\nN,1\n\"\\N\",2\nx\\Ny,3\n\\N,4\n".utf8)
        var dialect = Dialect()
        dialect.escape = UInt8(ascii: "\\")
        var decoder = CSVDecoder(dialect: dialect)
        decoder.nullTexts = ["\\N"]
        #expect(
            try decoder.decode([Row].self, from: input) == [
                Row(a: nil, b: nil), Row(a: "N", b: 1), Row(a: "N", b: 2), Row(a: "xNy", b: 3), Row(a: nil, b: 4),
            ]
        )
    }

    enum Size: String, Codable { case small, large }
    struct Sized: Codable, Equatable {
        var size: Size
        var sizes: Size?
    }

    @Test func `makes enumerations of texts, and states where a text is none of them`() throws {
        let input = Array("size,sizes\nsmall,\nlarge,small\nhuge,small\n".utf8)
        let rows = try CSVDecoder().rows(of: Sized.self, from: input)
        #expect(try rows.next() == Sized(size: .small, sizes: nil) && rows.next() == Sized(size: .large, sizes: .small))
        let found = error { _ = try rows.next() }
        #expect(found?.code == .typeMismatch && found?.column == "size" && found?.line == 4)
        #expect(found?.reason == "\"huge\" is not a Size")
    }

    @Test func `makes arrays and dictionaries of rows`() throws {
        let input = Array("a,b\n1,2\n".utf8)
        #expect(try CSVDecoder().decode([[Int]].self, from: input) == [[1, 2]])
        #expect(try CSVDecoder().decode([[String: Int]].self, from: input) == [["a": 1, "b": 2]])
        let headless = CSVDecoder(dialect: Dialect(header: .none))
        #expect(try headless.decode([[String]].self, from: input) == [["a", "b"], ["1", "2"]])
    }

    @Test func `reads values as their schema types them`() throws {
        struct Row: Decodable, Equatable {
            var id: Int
            var amount: Double?
            var day: String?
        }
        let schema = try Schema(
            json: Array(
                #"""
                {"encoding":"windows-1252","dialect":{"delimiter":";"},"schema":{"missingValues":["","-"],"fields":[
                  {"name":"number","type":"integer","sluice:name":"id","constraints":{"minimum":1}},
                  {"name":"amount","type":"number","decimalChar":",","groupChar":"."},
                  {"name":"day","type":"date","format":"%d.%m.%Y"}]}}
                """#.utf8
            )
        )
        let input = Array("number;amount;day\n1;1.234,50;31.10.2026\n2;-;-\n0;1;\n".utf8)
        let rows = try CSVDecoder(schema: schema).rows(of: Row.self, from: input)
        #expect(try rows.next() == Row(id: 1, amount: 1234.5, day: "2026-10-31"))
        #expect(try rows.next() == Row(id: 2, amount: nil, day: nil))
        let found = error { _ = try rows.next() }
        #expect(found?.code == .constraint && found?.column == "number" && found?.line == 4)
        let drift = error {
            _ = try CSVDecoder(schema: schema).decode([Row].self, from: Array("id;amount;day\n1;;\n".utf8))
        }
        #expect(drift?.code == .headerMismatch && drift?.line == 1)
    }

    @Test func `leaves records out that break a rule of the dialect, if it is told`() throws {
        var decoder = CSVDecoder()
        decoder.invalidRecords = .collect
        let rows = try decoder.rows(of: [String: Int].self, from: Array("a,b\n1\n2,3\n".utf8))
        #expect(try rows.next() == ["a": 2, "b": 3] && rows.next() == nil)
        #expect(rows.rejectedCount == 1 && rows.takeRejectedRecords().map(\.lines) == [2...2])
    }
}
