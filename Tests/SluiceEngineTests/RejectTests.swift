import Sluice
import SluiceCSV
import SluiceCases
import SluiceEngine
import SluiceTesting
import Testing

@Suite struct `Records that are put aside` {
    @Test(arguments: Cases.rejects)
    func `in every worked case, kernel and mode, split at every byte`(_ example: RejectCase) throws {
        let base = example.base
        let step = base.input.count > 200 ? 97 : Seeds.isFew ? 3 : 1
        let splits = stride(from: 1, to: max(2, base.input.count), by: step).map { [$0, .max] }
        let found = try Everywhere.differences(
            base.input,
            base.dialect,
            ReferenceShape(base.shape),
            rejects: true,
            pieces: [[.max], [1]] + splits
        )
        #expect(found.isEmpty, "\(base.name)")
    }

    @Test(arguments: 0..<8)
    func `agree with the reference on random and mutated inputs`(_ batch: UInt64) throws {
        for seed in Seeds.part(batch, of: 400) {
            let dialect = CSVGenerator.dialect(seed: seed)
            var generator = CSVGenerator(seed: seed, dialect: dialect)
            let input = seed % 4 == 0 ? generator.soup() : generator.mutated()
            let pieces = [[.max], [1 + Int(seed % 7), 1 + Int(seed % 61)]]
            let found = try Everywhere.differences(input, dialect, rejects: true, pieces: pieces)
            #expect(found.isEmpty, "seed \(seed): \(input.count) bytes, \(found.prefix(3))")
            if !found.isEmpty { return }
        }
    }

    @Test(arguments: 0..<4)
    func `agree with the reference on rows in shapes`(_ batch: UInt64) throws {
        for seed in Seeds.part(batch, of: 100) {
            var generator = ShapeGenerator(seed: seed)
            let input = generator.input(source: Everywhere.source, modified: Everywhere.modified)
            var mutations = CSVGenerator(seed: seed, dialect: input.dialect)
            // The header stays: the reference does not compare it with a schema.
            let starts = ReferenceParser.parse(input.bytes, dialect: input.dialect, shape: input.shape).lineStarts
            if starts.count < 2 { continue }
            let header = input.dialect.header == .none ? 0 : Int(starts[1])
            let bytes = Array(input.bytes[..<header]) + mutations.mutated(Array(input.bytes[header...]))
            let pieces = [[.max], [1 + Int(seed % 7), 1 + Int(seed % 61)]]
            let found = try Everywhere.differences(bytes, input.dialect, input.shape, rejects: true, pieces: pieces)
            if found.isEmpty { continue }
            let difference = Everywhere.firstDifference(bytes, input.dialect, input.shape, rejects: true)
            Issue.record("seed \(seed): \(bytes.count) bytes, \(found.prefix(3)): \(difference)")
            return
        }
    }

    @Test(arguments: 0..<4)
    func `are packed as the reference packs them`(_ batch: UInt64) throws {
        for seed in Seeds.part(batch, of: 100) {
            let dialect = CSVGenerator.dialect(seed: seed)
            var generator = CSVGenerator(seed: seed, dialect: dialect)
            let input = generator.mutated()
            let text: MessageFormat.Text = seed % 2 == 0 ? .json : .ndjson
            let format = MessageFormat(limit: 2_000 + Int(seed % 500), text: text, oversize: .reject)
                .cutting(segmentSize: 64 << Int(seed % 4))
            let room = format.limit - ReferencePacker.attributeReserve
            let isLines = format.text == .ndjson
            let parsed = ReferenceParser.parse(input, dialect: dialect, rejects: true)
            let table = ReferencePacker.withoutLargeRows(parsed, input, dialect: dialect, room: room, ndjson: isLines)
            let expected = ReferencePacker.messages(
                table: table,
                inputSize: table.error == nil ? input.count : Int(table.end),
                segmentSize: format.segmentSize,
                room: room,
                ndjson: isLines,
                offloads: false,
                rejectSource: "test.csv"
            )
            for (name, found) in try Packed.everywhere(input, dialect, format, rejects: RejectRules()) {
                let isSame = found.data.map(PackedMessage.init) == expected.messages.map(PackedMessage.init)
                #expect(isSame, "seed \(seed), \(name)")
                if !isSame { return }
            }
        }
    }
}

/// What a message and that of the reference have in common.
private struct PackedMessage: Equatable {
    var isRejects: Bool
    var body: String
    var range: Range<UInt64>
    var records: ClosedRange<UInt64>?
    var place: [Int]

    init(_ message: Message) {
        isRejects = message.content == .rejects
        body = String(decoding: message.body, as: UTF8.self)
        (range, records) = (message.range, message.records)
        place = [Int(message.segment), message.index]
    }

    init(_ message: ReferenceMessage) {
        isRejects = message.isRejects
        body = String(decoding: message.body, as: UTF8.self)
        range = message.rangeStart..<message.rangeEnd
        records = message.firstRecord...message.lastRecord
        place = [message.segment, message.index]
    }
}
