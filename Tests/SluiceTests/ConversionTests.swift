import Sluice
import SluiceCSV
import SluiceTesting
import Testing

@Suite struct `Conversion agrees with the reference parser` {
    @Test(arguments: Cases.all)
    func `in every worked case, kernel and mode, split at every byte`(_ example: Case) throws {
        let splits = example.input.count > 200 ? [] : (1..<max(2, example.input.count)).map { [$0, .max] }
        let found = try Everywhere.differences(example.input, example.dialect, pieces: [[.max], [1]] + splits)
        #expect(found.isEmpty, "\(example.name)")
    }

    @Test(arguments: 0..<8)
    func `on seeded random and mutated inputs`(_ batch: UInt64) throws {
        for seed in batch * 400..<(batch + 1) * 400 {
            let dialect = CSVGenerator.dialect(seed: seed)
            var generator = CSVGenerator(seed: seed, dialect: dialect)
            let input = generator.input()
            let pieces = [[.max], [1 + Int(seed % 7), 1 + Int(seed % 61)]]
            let found = try Everywhere.differences(input, dialect, pieces: pieces)
            #expect(found.isEmpty, "seed \(seed): \(input.count) bytes, \(found.prefix(3))")
            if !found.isEmpty { return }
        }
    }
}
