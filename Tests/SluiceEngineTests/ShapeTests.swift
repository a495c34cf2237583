import Sluice
import SluiceCSV
import SluiceEngine
import SluiceJSON
import SluiceTesting
import Testing

@Suite struct `Rows in a shape` {
    @Test(arguments: 0..<8)
    func `agree with the reference, in every kernel and mode`(_ batch: UInt64) throws {
        for seed in Seeds.part(batch, of: 300) {
            var generator = ShapeGenerator(seed: seed)
            let input = generator.input(source: Everywhere.source, modified: Everywhere.modified)
            let pieces = [[.max], [1 + Int(seed % 7), 1 + Int(seed % 61)]]
            let found = try Everywhere.differences(input.bytes, input.dialect, input.shape, pieces: pieces)
            if found.isEmpty { continue }
            let difference = Everywhere.firstDifference(input.bytes, input.dialect, input.shape)
            Issue.record("seed \(seed): \(input.bytes.count) bytes, \(found.prefix(3)): \(difference)")
            return
        }
    }

    @Test(arguments: 0..<8)
    func `are packed as the reference packs them`(_ batch: UInt64) throws {
        for seed in Seeds.part(batch, of: 100) {
            var generator = ShapeGenerator(seed: seed)
            let input = generator.input(source: "test.csv")
            let limit = MessageFormat.attributeReserve + 200 + Int(seed % 500)
            let text: MessageFormat.Text = seed % 2 == 0 ? .json : .ndjson
            let format = MessageFormat(limit: limit, text: text, oversize: .offload)
                .cutting(segmentSize: 64 << Int(seed % 4))
            let table = ReferenceParser.parse(input.bytes, dialect: input.dialect, shape: input.shape)
            let expected = ReferencePacker.messages(
                table: table,
                inputSize: table.error == nil ? input.bytes.count : Int(table.end),
                segmentSize: format.segmentSize,
                room: format.limit - ReferencePacker.attributeReserve,
                ndjson: format.text == .ndjson,
                offloads: true
            )
            for (name, found) in try Packed.everywhere(input.bytes, input.dialect, format, input.shape.shape) {
                let isSame = found.data.map(\.body) == expected.messages.map(\.body)
                #expect(isSame, "seed \(seed), \(name)")
                #expect(
                    found.data.map(\.range.upperBound) == expected.messages.map(\.rangeEnd),
                    "seed \(seed), \(name)"
                )
                #expect(found.error == table.error.map(SluiceError.badData), "seed \(seed), \(name)")
                if !isSame { return }
            }
        }
    }

    @Test(arguments: 0..<4)
    func `are the same after a checkpoint`(_ batch: UInt64) throws {
        for seed in Seeds.part(batch, of: 40) {
            var generator = ShapeGenerator(seed: seed)
            let input = generator.input(source: "test.csv")
            let format = MessageFormat(limit: 1424, oversize: .reject).cutting(segmentSize: 64)
            let whole = try Packed.everywhere(input.bytes, input.dialect, format, input.shape.shape)
            let all = whole[0].outcome
            for checkpoint in all.checkpoints.enumerated().filter({ $0.offset % 3 == 0 }).map(\.element) {
                let rest = all.messages.filter { $0.records == nil || $0.range.lowerBound >= checkpoint.offset }
                let ways = try Packed.everywhere(
                    input.bytes,
                    input.dialect,
                    format,
                    input.shape.shape,
                    from: checkpoint,
                    pieces: [[.max]]
                )
                for (name, outcome) in ways {
                    #expect(outcome.messages == rest, "seed \(seed), \(name), from \(checkpoint.offset)")
                    #expect(outcome.error == all.error, "seed \(seed), \(name), from \(checkpoint.offset)")
                }
            }
        }
    }
}
