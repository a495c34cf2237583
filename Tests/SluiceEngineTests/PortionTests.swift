import Sluice
import SluiceCSV
import SluiceCases
import SluiceJSON
import SluiceTesting
import Testing

@Suite struct `Portions of an input` {
    /// Returns the messages of all portions together, each converted from its own bytes, the header and the boundaries of
    /// all.
    private func distributed(
        _ input: [UInt8],
        _ converter: CSVConverter,
        _ portions: Portions,
        _ start: Checkpoint
    ) async throws -> (messages: [Message], end: Checkpoint) {
        let boundaries = try (0..<portions.count).map { index in
            let range = portions.recordRange(index)
            var boundary = RangeBoundary(converter)
            for piece in stride(from: Int(range.lowerBound), to: Int(range.upperBound), by: 7) {
                input[piece..<min(piece + 7, Int(range.upperBound))].withUnsafeBytes { boundary.add($0) }
            }
            let following = Array(input[Int(range.upperBound)...].prefix(converter.dialect.lookahead))
            let json = Array(boundary.boundary(following: following).json.utf8)
            return try #require(JSONValue(parsing: json).flatMap(Boundary.init))
        }
        let entries = portions.spanStarts(boundaries)
        var (messages, tally) = ([Message](), MessageTally())
        for (entry, next) in zip(entries, entries.dropFirst()) where entry != next {
            var resume: ResumePoint?
            if entry != .start {
                var reader = HeaderReader(converter, of: start.identity.source)
                for byte in input[..<Int(entry.offset)] {
                    if try [byte].withUnsafeBytes({ try reader.add($0) }) { break }
                }
                resume = try reader.resumePoint(at: entry)
            }
            let checkpoint = Checkpoint(identity: start.identity, position: entry, tally: MessageTally())
            let chunks = AsyncStream { stream in
                stream.yield(Array(input[Int(entry.offset)..<Int(next.offset)]))
                stream.finish()
            }
            var end = checkpoint
            for try await event in converter.events(
                from: chunks,
                start: checkpoint,
                resume: resume,
                sendsManifest: false
            ) {
                switch event {
                case .message(let message): messages.append(message)
                case .checkpoint(let reached): end = reached
                }
            }
            #expect(portions.isContinuous(end.position, next))
            tally.append(end.tally)
        }
        return (messages, Checkpoint(identity: start.identity, position: entries.last ?? .start, tally: tally))
    }

    /// Returns where the first record starts.
    private func firstRecord(_ input: [UInt8], _ converter: CSVConverter) throws -> RecordPosition {
        guard converter.mayStartLater else { return .start }
        var reader = HeaderReader(converter, of: SourceName("test.csv"))
        for byte in input {
            _ = try [byte].withUnsafeBytes { try reader.add($0) }
            if let first = reader.firstRecord { return first }
        }
        try reader.end()
        return reader.firstRecord ?? .start
    }

    @Test(arguments: 0..<4)
    func `yield the messages of the whole input`(_ batch: UInt64) async throws {
        for seed in Seeds.part(batch, of: 180) {
            var dialect = Dialect.rfc4180
            if seed % 4 == 1 { dialect.bareCR = .newline }
            if seed % 4 == 2 { dialect.header = .none }
            if seed % 4 == 3 { dialect.ragged = .pad }
            if seed % 3 > 0 { CSVGenerator.addFurther(to: &dialect, seed: seed) }
            var generator = CSVGenerator(seed: seed, dialect: dialect)
            let input = generator.valid()
            let format = MessageFormat(limit: 1424, compression: seed % 3 == 0 ? 1 : nil, oversize: .reject)
                .cutting(segmentSize: 16 << Int(seed % 3))
            let converter = CSVConverter(dialect: dialect, messageFormat: format)
            try await check(input, converter, "seed \(seed)")
        }
    }

    @Test(arguments: 0..<4)
    func `yield the messages of the whole input, in any shape of rows`(_ batch: UInt64) async throws {
        for seed in Seeds.part(batch, of: 60) {
            var generator = ShapeGenerator(seed: seed)
            let input = generator.input(source: "test.csv")
            guard input.dialect.hasExactBoundaries else { continue }
            let format = MessageFormat(limit: 1424, oversize: .reject).cutting(segmentSize: 16 << Int(seed % 3))
            var converter = CSVConverter(dialect: input.dialect, messageFormat: format)
            converter.shape = input.shape.shape
            try await check(input.bytes, converter, "seed \(seed)")
        }
    }

    @Test(arguments: 0..<4)
    func `yield the messages of the whole input where bad records are put aside`(_ batch: UInt64) async throws {
        var cut = 0
        let seeds = Seeds.part(batch, of: 300)
        for seed in seeds {
            let dialect = CSVGenerator.dialect(seed: seed)
            var generator = CSVGenerator(seed: seed, dialect: dialect)
            let input = seed % 4 == 0 ? generator.soup() : generator.mutated()
            let format = MessageFormat(limit: 1424, oversize: .reject).cutting(segmentSize: 16 << Int(seed % 3))
            var converter = CSVConverter(dialect: dialect, messageFormat: format)
            converter.rejects = RejectRules()
            guard converter.hasExactBoundaries else { continue }
            cut += 1
            try await check(input, converter, "seed \(seed)")
        }
        #expect(cut * 4 > seeds.count)
    }

    @Test(arguments: Cases.rejects)
    func `yield the messages of the whole input in every worked case of bad records`(_ example: RejectCase) async throws
    {
        let base = example.base
        var converter = CSVConverter(dialect: base.dialect, messageFormat: .sqs.cutting(segmentSize: 16))
        converter.shape = base.shape
        converter.rejects = RejectRules()
        if converter.hasExactBoundaries { try await check(base.input, converter, base.name) }
    }

    @Test(arguments: 0..<4)
    func `have the same boundaries however their bytes arrive`(_ batch: UInt64) throws {
        for seed in Seeds.part(batch, of: 100) {
            let dialect = CSVGenerator.dialect(seed: seed)
            var converter = CSVConverter(dialect: dialect)
            converter.rejects = RejectRules()
            var (generator, random) = (CSVGenerator(seed: seed, dialect: dialect), SplitMix64(seed: seed))
            let quotes = seed % 3 == 0 ? 0 : 50
            let plain = (0..<quotes).map { _ in generator.soup() }
            let input = plain.joined(separator: Array(String(repeating: "1,2\n", count: 5000 / max(1, quotes)).utf8))
            let bytes = Array(input) + Array(String(repeating: "3,4\n", count: 5000).utf8)
            var (whole, parts) = (RangeBoundary(converter), RangeBoundary(converter))
            bytes.withUnsafeBytes { whole.add($0) }
            var rest = bytes[...]
            while !rest.isEmpty {
                let piece = rest.prefix(Int.random(in: 1...700, using: &random))
                piece.withUnsafeBytes { parts.add($0) }
                rest = rest.dropFirst(piece.count)
            }
            #expect(whole.boundary(following: []) == parts.boundary(following: []), "seed \(seed)")
        }
    }

    private func check(_ input: [UInt8], _ converter: CSVConverter, _ name: String) async throws {
        let whole = Packed.pack(.stream(Pieces(input, sizes: [.max])), converter)
        guard whole.error == nil, !input.isEmpty else { return }
        for segments in 1...3 {
            let size = UInt64(segments * converter.messageFormat.segmentSize)
            let first = try firstRecord(input, converter)
            let portions = Portions(of: UInt64(input.count), size: size, firstRecord: first)
            let start = Checkpoint(start: converter.identity(SourceName("test.csv")))
            let (messages, end) = try await distributed(input, converter, portions, start)
            #expect(messages == Array(whole.data), "\(name), \(segments) segments")
            #expect(whole.messages.last == converter.manifest(at: end), "\(name), \(segments) segments")
        }
    }

    @Test(arguments: [
        #"{"length":9223372036854775807,"odd":false,"outside":{"count":0},"inside":{"count":0}}"#,
        #"{"length":5,"odd":true,"outside":{"count":6,"first":0,"last":4},"inside":{"count":0}}"#,
        #"{"length":5,"odd":true,"outside":{"count":0},"inside":{"count":1,"first":5,"last":5}}"#,
        #"{"length":5,"odd":true,"outside":{"count":0},"inside":{"count":2,"first":4,"last":2}}"#,
        #"{"length":5,"odd":true,"outside":{"count":2},"inside":{"count":0}}"#,
        #"{"length":5,"odd":true,"outside":{"count":0,"first":1,"last":1},"inside":{"count":0}}"#,
    ])
    func `are not read from boundaries that no range can have`(_ json: String) {
        #expect(JSONValue(parsing: json.utf8).flatMap(Boundary.init) == nil)
    }

    @Test(arguments: 0..<4)
    func `yield the error of the whole input, with its line and detail`(_ batch: UInt64) async throws {
        var errors = 0
        let seeds = Seeds.part(batch, of: 60)
        for seed in seeds {
            let dialect = Dialect(bareCR: seed % 3 == 0 ? .newline : .error)
            var generator = CSVGenerator(seed: seed, dialect: dialect)
            let input = generator.mutated()
            let table = ReferenceParser.parse(input, dialect: dialect)
            guard let expected = table.error else { continue }
            errors += 1
            let converter = CSVConverter(
                dialect: dialect,
                messageFormat: MessageFormat().cutting(segmentSize: 16 << Int(seed % 3))
            )
            let portions = Portions(of: UInt64(input.count), size: UInt64(converter.messageFormat.segmentSize))
            let start = Checkpoint(start: converter.identity(SourceName("test.csv")))
            do {
                _ = try await distributed(input, converter, portions, start)
                Issue.record("seed \(seed): no error, but \(expected)")
            } catch SluiceError.badData(let error) {
                #expect(Self.withoutSplit(error) == Self.withoutSplit(expected), "seed \(seed)")
            }
        }
        #expect(errors * 3 > seeds.count)
    }

    /// Returns the error without `isSplit`, which depends on the records after it: a portion reads none past its end.
    private static func withoutSplit(_ error: CSVError) -> CSVError {
        guard case .fields(var count) = error.detail else { return error }
        count.isSplit = false
        var error = error
        error.detail = .fields(count)
        return error
    }

    @Test func `are at most as many as requested, and consist of whole segments`() {
        #expect(Portions.size(of: 1, segmentSize: 16, count: 5) == 16)
        #expect(Portions.size(of: 160, segmentSize: 16, count: 5) == 32)
        #expect(Portions.size(of: 161, segmentSize: 16, count: 5) == 48)
        let portions = Portions(of: 161, size: 48)
        #expect(portions.count == 4 && portions.range(3) == 144..<161)
    }

    @Test func `have the size asked for unless more run at a time than a map allows`() {
        #expect(Portions(cutting: 160_000, into: 48, segmentSize: 16).size == 48)
        #expect(Portions(cutting: 160_000, into: 16, segmentSize: 16).count == 10_000)
        #expect(Portions(cutting: 160_001, into: 16, segmentSize: 16).size == 32)
    }

    /// Step Functions ends a portion after five minutes, so the largest object of S3 must not have larger ones.
    @Test func `of the largest object are no larger than one invocation converts in time`() {
        let segment = MessageFormat.sqs.segmentSize
        func portions(_ size: UInt64, into segments: Int = Portions.usualSegments) -> Portions {
            Portions(cutting: size, into: UInt64(segments * segment), segmentSize: segment)
        }
        let largest = portions(50_000_000_000_000)
        #expect(largest.count == 46_567 && largest.size == 64 * UInt64(segment))
        #expect(largest.range(46_566).upperBound == 50_000_000_000_000)
        #expect(portions(10_000_000_000_000).size == 60 * UInt64(segment))
        #expect(portions(50_000_000_000_000, into: 128).size == 128 * UInt64(segment))
        #expect(portions(1 << 50).count <= Portions.most)
    }
}
