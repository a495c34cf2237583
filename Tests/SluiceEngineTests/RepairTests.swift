import Sluice
import SluiceCSV
import SluiceJSON
import SluiceTesting
import Testing

@Suite struct `What a lenient dialect repairs` {
    private let input =
        Array("a,a\r\"1\",x\"y\n\"2\"z,3\n4\n5,6,7\n".utf8) + [0x38, 0x2C, 0xFF, 0x0A] + Array("9,\"x\n".utf8)

    @Test func `is counted by kind in the checkpoint and the manifest, with its first line, in every mode`() throws {
        let expected = ReferenceParser.parse(input, dialect: .lenient).repairs(in: input, .lenient)
        #expect(expected.kinds.map(\.code).count == 7)
        #expect(expected.counts[.raggedRecord]?.count == 2 && expected.counts[.raggedRecord]?.first.line == 4)
        for (name, outcome) in try Packed.everywhere(input, .lenient, MessageFormat().cutting(segmentSize: 16)) {
            #expect(outcome.checkpoints.last?.tally.repairs == expected, "\(name)")
            let manifest = try #require(outcome.messages.last.flatMap { JSONValue(parsing: $0.body) })
            #expect(manifest["repairs"].flatMap(Repairs.init) == expected, "\(name)")
        }
    }

    @Test func `is described by errors that survive a round trip through JSON`() throws {
        let details: [CSVError.Detail] =
            [
                .none, .columns([2, 5]),
                .fields(CSVError.FieldCount(found: 3, expected: 2, hasHeader: false, surplusIsEmpty: true)),
            ] + CSVError.Sign.allCases.map(CSVError.Detail.sign)
        for detail in details {
            for (line, column) in [(nil, nil), (7, "na\"me")] as [(UInt64?, String?)] {
                let error = CSVError(
                    .raggedRecord,
                    offset: 9,
                    line: line,
                    record: 3,
                    field: 2,
                    column: column,
                    detail: detail
                )
                let value = try #require(JSONValue(parsing: JSONWriter.object(error.members).utf8))
                #expect(CSVError(value) == error)
            }
        }
    }
}
