import Sluice
import SluiceCSV
import SluiceCases
import SluiceTesting
import Testing

@Suite struct `Conversion agrees with the reference parser` {
    @Test(arguments: Cases.all + Cases.shapes)
    func `in every worked case, kernel and mode, split at every byte`(_ example: Case) throws {
        let end = example.input.count > 200 ? 1 : max(2, example.input.count)
        let splits = stride(from: 1, to: end, by: Seeds.isFew ? 3 : 1).map { [$0, .max] }
        let whole = Pieces.sizes(for: example.input).map { [$0] }
        let found = try Everywhere.differences(
            example.input,
            example.dialect,
            ReferenceShape(example.shape),
            pieces: whole + splits
        )
        #expect(found.isEmpty, "\(example.name)")
    }

    /// Kernels escape values in pieces of 32 bytes, and a word of their index covers 64.
    @Test(arguments: ["\"\"", "\"\"\"\"", "\n", "\r\n\t", "\\", "\u{1}", "\u{FFFE}", "\u{FFFF}\"\"", "é\n"])
    func `for an escaped byte at every place in a value`(_ special: String) throws {
        var input = "a,b\n"
        for place in 0...100 {
            for trailing in [0, 1, 31, 63] {
                let padding = String(repeating: "x", count: place)
                input += "\"\(padding)\(special)\(String(repeating: "y", count: trailing))\",\"\(special)\(padding)\"\n"
            }
        }
        #expect(try Everywhere.differences(Array(input.utf8), .rfc4180, pieces: [[.max]]).isEmpty)
    }

    @Test(arguments: 0..<8)
    func `on seeded random and mutated inputs`(_ batch: UInt64) throws {
        for seed in Seeds.part(batch, of: 400) {
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
