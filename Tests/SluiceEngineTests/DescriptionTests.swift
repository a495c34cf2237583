import Sluice
import SluiceCSV
import SluiceEngine
import SluiceJSON
import SluicePlatform
import SluiceTesting
import Testing

@Suite struct `A description` {
    /// An input's descriptions by threads and of streams, with every kernel.
    private static func descriptions(
        _ input: [UInt8],
        _ dialect: Dialect
    ) throws -> [(name: String, found: Description)] {
        var all: [(String, Description)] = []
        var sniffing = Sniffing()
        sniffing.dialect = dialect
        for kernel in Kernel.tried {
            var converter = CSVConverter(dialect: dialect, kernel: kernel)
            converter.describedBlock = 64
            for sizes in Pieces.sizes(for: input) {
                let content = OpenedInput.Content.stream(Pieces(input, sizes: [sizes]))
                all.append(
                    (
                        "\(kernel.name), stream in pieces of \(sizes)",
                        try converter.describe(content, as: sniffing, "a.csv")
                    )
                )
            }
            let file = try TemporaryFile(input)
            for threads in [1, 3] {
                converter.threads = threads
                guard let mapped = MappedFile(descriptor: file.descriptor, count: input.count) else { continue }
                let found = try converter.describe(.mapped(mapped), as: sniffing, "a.csv")
                all.append(("\(kernel.name), file with \(threads) threads", found))
            }
        }
        return all
    }

    @Test(arguments: 0..<8)
    func `names the first kind that a value can be`(_ batch: UInt64) {
        for seed in Seeds.part(batch, of: 2000) {
            var generator = ProfileGenerator(seed: seed)
            let value = Array(generator.value().utf8)
            let (found, expected) = (ColumnProfile.Kind(of: value), ReferenceProfile.kind(of: value))
            #expect(found == expected, "seed \(seed): \(String(decoding: value, as: UTF8.self))")
        }
    }

    @Test(arguments: 0..<8)
    func `counts what a reference counts value by value, in every kernel and mode`(_ batch: UInt64) throws {
        for seed in Seeds.part(batch, of: 60) {
            var generator = ProfileGenerator(seed: seed)
            let columns = generator.columns()
            let input = generator.file(columns, Dialect())
            let expected = columns.map { ReferenceProfile($0.map { Array($0.utf8) }) }
            for (name, found) in try Self.descriptions(input, Dialect()) {
                let context = Comment(rawValue: "seed \(seed), \(name)")
                #expect(found.rows == UInt64(columns.first?.count ?? 0), context)
                #expect(found.faults.isEmpty, context)
                for (column, expected) in zip(found.columns, expected) { Self.expect(column, expected, context) }
            }
        }
    }

    private static func expect(_ column: ColumnProfile, _ expected: ReferenceProfile, _ context: Comment) {
        let kinds = ColumnProfile.Kind.allCases.filter { column.count($0) > 0 }
        #expect(Dictionary(uniqueKeysWithValues: kinds.map { ($0, column.count($0)) }) == expected.kinds, context)
        #expect(column.type == expected.type, context)
        #expect(column.distinct == UInt64(expected.distinct.count), context)
        #expect(column.shortest == expected.shortest, context)
        #expect(column.longest == expected.longest, context)
        #expect(column.characters == expected.characters, context)
        // Only the start of a long value is kept. Of equal numbers, the first is.
        if [.integer, .number].contains(expected.type) {
            let type = FieldType.number(FieldType.NumberForm())
            for (one, other) in [(column.range?.least, expected.least), (column.range?.greatest, expected.greatest)] {
                #expect(
                    one.map { Constraint.Bound($0.text, of: type) } == other.map { Constraint.Bound($0, of: type) },
                    context
                )
            }
        } else {
            #expect(column.range?.least.text == expected.least.map { Array($0.prefix(64)) }, context)
            #expect(column.range?.greatest.text == expected.greatest.map { Array($0.prefix(64)) }, context)
        }
    }

    @Test(arguments: 0..<8)
    func `is a schema with which a valid input converts, in every mode`(_ batch: UInt64) throws {
        for seed in Seeds.part(batch, of: 100) {
            var generator = ProfileGenerator(seed: seed)
            var dialect = Dialect()
            dialect.delimiter = Array(",;\t|".utf8)[Int(seed % 4)]
            if seed % 5 == 0 { dialect.header = .none }
            if seed % 7 == 0 { dialect.quote = UInt8(ascii: "'") }
            let input = generator.file(generator.columns(), dialect)
            var sniffing = Sniffing()
            sniffing.dialect = dialect
            let content = OpenedInput.Content.stream(Pieces(input, sizes: [.max]))
            let found = try CSVConverter(dialect: dialect).describe(content, as: sniffing, "a.csv")
            if found.names.isEmpty { continue }
            let json = DataResource(found, hasStatistics: seed % 2 == 0).json()
            try Self.expectRows(of: input, found.rows, json, "seed \(seed): \(json)")
        }
    }

    @Test(arguments: 0..<8)
    func `of what was found out by itself converts too, if check accepts it`(_ batch: UInt64) throws {
        var described = 0
        for seed in Seeds.part(batch, of: 100) {
            var generator = CSVGenerator(seed: seed)
            let input = seed % 3 == 0 ? generator.mutated() : generator.valid()
            if input.isEmpty { continue }
            let file = try TemporaryFile(input)
            let found: Description
            do throws(SniffingError) {
                found = try CSVConverter().describe(file.path, Sniffing.Given())
            } catch {
                // A tie, or no CSV at all.
                continue
            }
            var check = CSVConverter(dialect: found.dialect, encoding: found.encoding)
            check.countsOnly = true
            var sink = Collected()
            guard !found.names.isEmpty, (try? check.convert(file: file.path, to: &sink)) != nil else { continue }
            described += 1
            let json = DataResource(found, hasStatistics: false).json()
            try Self.expectRows(of: input, found.rows, json, "seed \(seed): \(json)")
        }
        #expect(described > 0)
    }

    /// Requires that the input converts with the schema, by threads and as a stream.
    private static func expectRows(of input: [UInt8], _ rows: UInt64, _ json: String, _ context: Comment) throws {
        let schema = try Schema(json: Array(json.utf8))
        var converter = CSVConverter()
        converter.apply(schema)
        converter.chunkSize = 64
        let file = try TemporaryFile(input)
        for threads in [1, 3] {
            converter.threads = threads
            var sink = Collected()
            do throws(SluiceError) {
                let count = try converter.convert(file: file.path, to: &sink)
                #expect(count == rows, context)
            } catch {
                Issue.record("\(error): \(context)")
            }
        }
        guard converter.encoding == .utf8 else { return }
        let outcome = Everywhere.outcome(of: Pieces(input, sizes: [7]), converter)
        #expect(outcome.error == nil, context)
        #expect(outcome.rows == rows, context)
    }

    @Test(arguments: 0..<8)
    func `goes on after invalid records, and is the same in every mode`(_ batch: UInt64) throws {
        for seed in Seeds.part(batch, of: 60) {
            var generator = CSVGenerator(seed: seed)
            let input = generator.mutated()
            var first: Description?
            for (name, found) in (try? Self.descriptions(input, Dialect())) ?? [] {
                let expected = first ?? found
                first = expected
                let context = Comment(rawValue: "seed \(seed), \(name)")
                #expect(found.rows == expected.rows, context)
                #expect(found.columns == expected.columns, context)
                #expect(found.faults == expected.faults, context)
            }
        }
    }

    @Test func `counts all faults and keeps the first of each kind with their lines`() throws {
        let input = Array("a,b\n1,2\n3\n4,5\n\"x\" y,1\n6\n7\n8\n9,\"lost\n".utf8)
        for (name, found) in try Self.descriptions(input, Dialect()) {
            let context = Comment(rawValue: name)
            #expect(found.rows == 2, context)
            #expect(found.faults.counts == [.raggedRecord: 4, .textAfterQuote: 1, .unterminatedQuote: 1], context)
            #expect(found.faults.first.map(\.error.line) == [3, 5, 6, 7, 9], context)
            #expect(found.faults.first.last?.excerpt == Array("9,\"lost\n".utf8), context)
        }
    }
}
