import FoundationEssentials
import Sluice
import SluiceFoundation
import Testing

@Suite struct `Types that are made of a text` {
    private func decode<Value: Decodable>(_: Value.Type, _ text: String) throws -> Value? {
        try CSVDecoder().decode([[Value]].self, from: Array("a\n\"\(text)\"\n".utf8)).first?.first
    }

    @Test(arguments: [
        ("1970-01-02", 86_400), ("1970-01-01T00:01:40", 100), ("1970-01-01 00:01:40", 100),
        ("1970-01-01T00:01:40Z", 100),
        ("1970-01-01T00:00:01.500Z", 1.5), ("1970-01-01T01:00:00+01:00", 0), ("1969-12-31T23:30:00-00:30", 0),
    ])
    func `are dates of ISO 8601`(text: String, seconds: Double) throws {
        #expect(try decode(Date.self, text) == Date(timeIntervalSince1970: seconds))
    }

    @Test func `are decimal numbers with all their digits, and URLs`() throws {
        #expect(try decode(Decimal.self, "12.10") == Decimal(string: "12.1"))
        #expect(try decode(Decimal.self, "-123456789012345678901.5") == Decimal(string: "-123456789012345678901.5"))
        #expect(try decode(URL.self, "https://a.example/b?c")?.path == "/b")
        #expect(try decode(UUID.self, "F0E1D2C3-0000-4000-8000-000000000001")?.uuidString.hasPrefix("F0E1") == true)
    }

    @Test(arguments: ["2026-13-31", "2026-02-30", "31.10.2026", "2026-10-31T25:00:00Z", "2026-10-31x", "12"])
    func `refuse a text that is no date`(text: String) {
        #expect(throws: SluiceError.self) { try decode(Date.self, text) }
    }

    @Test(arguments: ["12.10x", "1,5", "nan", "0x10", " 1"])
    func `refuse a text that is no number`(text: String) {
        #expect(throws: SluiceError.self) { try decode(Decimal.self, text) }
    }

    struct Money: CSVTextDecodable, Codable, Equatable {
        var cents: Int
        init(cents: Int) { self.cents = cents }
        init?(csvText text: String) {
            guard text.hasSuffix(" €"), let euros = Int(text.dropLast(2)) else { return nil }
            cents = 100 * euros
        }
    }

    struct Row: Decodable, Equatable {
        var price: Money
        var paid: Money?
        var day: Date?
    }

    @Test func `are missing or invalid as others are`() throws {
        let rows = try CSVDecoder().rows(
            of: Row.self,
            from: Array("price,paid,day\n5 €,,\n6 €,7 €,1970-01-01\n,,\n5,,\n".utf8)
        )
        #expect(try rows.next() == Row(price: Money(cents: 500)))
        #expect(
            try rows.next()
                == Row(price: Money(cents: 600), paid: Money(cents: 700), day: Date(timeIntervalSince1970: 0))
        )
        for (code, reason) in [
            (CSVError.Code.constraint, "the value is missing, and its column requires one"),
            (.typeMismatch, "\"5\" is not a Money"),
        ] {
            let found = #expect(throws: SluiceError.self) { try rows.next() }
            guard case .badData(let error) = found else { return }
            #expect(error.code == code && error.column == "price" && error.reason == reason)
        }
    }

    @Test func `are read in lists, and as their schema types them`() throws {
        struct Typed: Decodable, Equatable {
            var days: [Date]
            var amount: Decimal
            var day: Date
        }
        let schema = try Schema(
            json: Array(
                #"""
                {"dialect":{"delimiter":";"},"schema":{"fields":[
                  {"name":"days","type":"list"},{"name":"amount","type":"number","decimalChar":",","groupChar":"."},
                  {"name":"day","type":"date","format":"%d.%m.%Y"}]}}
                """#.utf8
            )
        )
        let input = Array("days;amount;day\n1970-01-01,1970-01-02;1.234,10;02.01.1970\n".utf8)
        let day = Date(timeIntervalSince1970: 86_400)
        let expected = Typed(days: [Date(timeIntervalSince1970: 0), day], amount: Decimal(string: "1234.1")!, day: day)
        #expect(try CSVDecoder(schema: schema).decode([Typed].self, from: input) == [expected])
    }
}
