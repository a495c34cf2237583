import Sluice
import Testing

@Suite struct `What a decoder says is wrong` {
    private func error<Row: Decodable>(
        _: Row.Type,
        _ input: String,
        _ decoder: CSVDecoder = CSVDecoder()
    ) -> CSVError? {
        do {
            _ = try decoder.decode([Row].self, from: Array(input.utf8))
            Issue.record("no error")
        } catch SluiceError.badData(let error) { return error } catch { Issue.record("\(error)") }
        return nil
    }

    struct Shipped: Decodable {
        struct Address: Decodable { var city: String }
        var order: Int
        var address: Address
    }

    @Test func `is the name of a column that is missing, at the header, and the columns that there are`() {
        let missing = error(Shipped.self, "\u{FEFF}order,address.street,c,d,e,f,g\n1,2,3,4,5,6,7\n")
        #expect(missing?.code == .unknownColumn && missing?.column == "address.city")
        #expect(missing?.offset == 3 && missing?.line == 1 && missing?.record == 1)
        let list = #""order", "address.street", "c", "d", "e" and 2 more"#
        #expect(missing?.reason == #"the header has no column "address.city"; it has "# + list)
        #expect(error(Shipped.self, "order\n1\n")?.reason == #"the header has no column "address"; it has "order""#)
    }

    @Test func `is the name of a column in an input without a header`() {
        struct Pair: Decodable {
            init(from decoder: any Decoder) throws {
                var fields = try decoder.unkeyedContainer()
                for _ in 0..<3 { _ = try fields.decode(Int.self) }
            }
        }
        let found = error(Pair.self, "1,2\n", CSVDecoder(dialect: Dialect(header: .none)))
        #expect(found?.code == .unknownColumn && found?.column == "3")
        #expect(found?.reason == #"the header has no column "3"; it has 2"#)
    }

    struct Sized: Decodable {
        enum Size: String, Decodable { case small, large }
        var size: Size
    }

    struct Dated: Decodable {
        struct Day: Decodable {
            init(from decoder: any Decoder) throws {
                let container = try decoder.singleValueContainer()
                guard try container.decode(String.self) == "today" else {
                    throw DecodingError.dataCorruptedError(in: container, debugDescription: "only today is a day")
                }
            }
        }
        var day: Day
    }

    @Test func `is that a value is missing, whatever type requires it`() {
        for found in [error(Sized.self, "size,x\n,\n"), error(Dated.self, "day,x\n,\n")] {
            #expect(found?.code == .constraint && found?.field == 1)
            #expect(found?.reason == "the value is missing, and its column requires one")
        }
        #expect(error(Sized.self, "size,x\nhuge,\n")?.reason == #""huge" is not a Size"#)
    }

    @Test func `is what a type that decodes itself says of a value`() {
        let found = error(Dated.self, "day\ntomorrow\n")
        #expect(found?.code == .typeMismatch && found?.column == "day")
        #expect(found?.reason == #""tomorrow" is not a Day: only today is a day"#)
    }

    @Test func `is that an integer does not fit its type`() {
        #expect(
            error([String: Int].self, "a\n99999999999999999999\n")?.reason
                == #""99999999999999999999" does not fit Int"#
        )
        #expect(error([UInt8].self, "a\n256\n")?.reason == #""256" does not fit UInt8"#)
        #expect(error([String: Int].self, "a\n1.5\n")?.reason == #""1.5" is not an integer"#)
        struct Row: Decodable { var a: Int8 }
        #expect(error(Row.self, "a\n-129\n")?.reason == #""-129" does not fit Int8"#)
    }

    @Test(arguments: [
        // Where the field starts, its quote included.
        ("a,b\n1,x\n", 6, 2), ("a,b\n10,\"x\"\n", 7, 2), ("a,b\r\n\"1\",x\r\n", 9, 2), ("a,b\n1,2\n3,x\n", 10, 3),
        // The record is copied, since it has doubled quotes or line ends in quotes. Then the place is the record's.
        ("a,b\n\"\"\"\",x\n", 4, 2), ("a,b\r\n\"\n\",x\r\n", 5, 2),
    ])
    func `has the offset and the line of the field`(input: String, offset: UInt64, line: UInt64) {
        struct Row: Decodable { var b: Int }
        let found = error(Row.self, input)
        #expect(found?.offset == offset && found?.line == line && found?.column == "b")
    }
}
