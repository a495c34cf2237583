import Sluice
import SluiceCSV
import SluiceJSON
import SluiceTesting
import Testing

@Suite struct `A checkpoint` {
    private func inputs(_ batch: UInt64) -> [(seed: UInt64, input: [UInt8], dialect: Dialect, format: MessageFormat)] {
        Seeds.part(batch, of: 40).map { seed in
            let dialect = CSVGenerator.dialect(seed: seed)
            var generator = CSVGenerator(seed: seed, dialect: dialect)
            let format = MessageFormat(limit: 1424, compression: seed % 3 == 0 ? 1 : nil, oversize: .reject)
            return (seed, generator.input(), dialect, format.cutting(segmentSize: 64 << Int(seed % 3)))
        }
    }

    @Test(arguments: 0..<4)
    func `is reached at the same places in every kernel and mode, and is followed by the remaining messages`(
        _ batch: UInt64
    ) throws {
        for (seed, input, dialect, format) in inputs(batch) {
            let whole = try Packed.everywhere(input, dialect, format)
            for (name, outcome) in whole where outcome.checkpoints != whole[0].outcome.checkpoints {
                Issue.record("seed \(seed): \(name) differs from \(whole[0].name)")
                return
            }
            let all = whole[0].outcome
            for checkpoint in Set(all.checkpoints.enumerated().filter { $0.offset % 3 == 0 }.map(\.element)) {
                let read = try #require(Checkpoint(json: checkpoint.json.utf8))
                #expect(read.position == checkpoint.position && read.tally.rows == checkpoint.tally.rows)
                let rest = all.messages.filter { $0.records == nil || $0.range.lowerBound >= checkpoint.offset }
                for (name, outcome) in try Packed.everywhere(input, dialect, format, from: read, pieces: [[.max]]) {
                    #expect(outcome.messages == rest, "seed \(seed), \(name), from \(checkpoint.offset)")
                    #expect(outcome.error == all.error, "seed \(seed), \(name), from \(checkpoint.offset)")
                }
            }
        }
    }

    @Test(arguments: 0..<4)
    func `lets a run continue an object of a store, reading only the header before it`(_ batch: UInt64) throws {
        for (seed, input, dialect, format) in inputs(batch) {
            var converter = CSVConverter(dialect: dialect, messageFormat: format)
            converter.remoteInputs = Store(bytes: input)
            let all = packed(converter, from: nil)
            for checkpoint in Set(all.checkpoints.enumerated().filter { $0.offset % 3 == 0 }.map(\.element)) {
                let outcome = packed(converter, from: checkpoint)
                let rest = all.messages.filter { $0.records == nil || $0.range.lowerBound >= checkpoint.offset }
                #expect(outcome.messages == rest, "seed \(seed), from \(checkpoint.offset)")
                #expect(outcome.error == all.error, "seed \(seed), from \(checkpoint.offset)")
            }
        }
    }

    private func packed(_ converter: CSVConverter, from checkpoint: Checkpoint?) -> Packed {
        var (sink, outcome) = (CollectedMessages(), Packed())
        do throws(SluiceError) {
            try converter.messages(file: "store:test.csv", from: checkpoint, to: &sink)
        } catch {
            outcome.error = error
        }
        outcome.messages = sink.messages
        outcome.checkpoints = sink.checkpoints
        return outcome
    }

    @Test(arguments: ["", "\n"])
    func `lets a run continue that knows the share of rejected lines, whether or not the last one is whole`(
        _ end: String
    ) throws {
        // A quarter of the lines: of three it would be too many.
        var converter = CSVConverter(messageFormat: MessageFormat().cutting(segmentSize: 2))
        converter.rejects = RejectRules(limit: "25%")
        converter.remoteInputs = Store(bytes: Array("a\n1\n\"x\" y\n2\(end)".utf8))
        let all = packed(converter, from: nil)
        #expect(all.error == nil && all.checkpoints.count > 1)
        for checkpoint in all.checkpoints {
            let outcome = packed(converter, from: checkpoint)
            #expect(outcome.error == nil && outcome.messages.last == all.messages.last, "from \(checkpoint.offset)")
        }
    }

    @Test func `is refused for another source or another configuration`() throws {
        let file = try TemporaryFile(Array("a\n1\n".utf8))
        var sink = CollectedMessages()
        try CSVConverter().messages(file: file.path, source: "a.csv", to: &sink)
        let checkpoint = try #require(sink.checkpoints.last)
        try CSVConverter().messages(file: file.path, source: "a.csv", from: checkpoint, to: &sink)
        #expect(sink.messages.map(\.content) == [.json, .manifest, .manifest])
        let reason = SluiceError.unusable(
            "the checkpoint is for a.csv, not for b.csv; to start over, run without the checkpoint"
        )
        #expect(throws: reason) {
            try CSVConverter().messages(file: file.path, source: "b.csv", from: checkpoint, to: &sink)
        }

        func objection(_ converter: CSVConverter) -> String? {
            checkpoint.objection(to: converter.identity(SourceName("a.csv")))
        }
        #expect(objection(CSVConverter()) == nil)
        #expect(
            objection(CSVConverter(messageFormat: MessageFormat(limit: 5000)))
                == "the checkpoint was made with limit=262144, not with limit=5000"
        )
    }

    @Test func `is refused for another file, even one of equal size`() throws {
        var sink = CollectedMessages()
        let file = try TemporaryFile(Array("a\n1\n".utf8))
        try CSVConverter().messages(file: file.path, to: &sink)
        let checkpoint = try #require(sink.checkpoints.last)
        try CSVConverter().messages(file: file.path, from: checkpoint, to: &sink)
        let other = try TemporaryFile(Array("a\n2\n".utf8))
        #expect(throws: SluiceError.self) { try CSVConverter().messages(file: other.path, from: checkpoint, to: &sink) }
    }

    @Test func `keeps the source of an input that nothing pins`() throws {
        var (first, second) = (CollectedMessages(), CollectedMessages())
        try CSVConverter().messages(file: "/dev/null", to: &first)
        let start = Checkpoint(start: CSVConverter().identity(SourceName(try #require(first.messages.last?.source))))
        try CSVConverter().messages(file: "/dev/null", from: start, to: &second)
        #expect(second.messages == first.messages)
        try CSVConverter().messages(file: "/dev/null", to: &second)
        #expect(second.messages.last?.source != first.messages.last?.source)
        let other = Checkpoint(start: CSVConverter().identity(SourceName("zero?run=0123456789abcdef")))
        #expect(throws: SluiceError.self) { try CSVConverter().messages(file: "/dev/null", from: other, to: &second) }
    }

    /// Fifty rows, and the format that packs them in segments of 64 bytes.
    private let rows = Array("a\n\((10..<60).map { "\($0)\n" }.joined())".utf8)
    private let cutting = MessageFormat(limit: 1424, oversize: .reject).cutting(segmentSize: 64)

    /// Converts an input from the middle one of the checkpoints of ``rows``, in every form that is read again from its
    /// start.
    private func resumed(_ input: [UInt8]) async throws -> [Packed] {
        let converter = CSVConverter(messageFormat: cutting)
        let all = Packed.pack(.stream(Pieces(rows, sizes: [7])), converter)
        let checkpoint = try #require(Checkpoint(json: all.checkpoints[all.checkpoints.count / 2].json.utf8))
        var outcomes = [Packed.pack(.stream(Pieces(input, sizes: [7])), converter, from: checkpoint)]
        var fed = Packed()
        let chunks = AsyncStream<[UInt8]> { stream in
            for byte in input { stream.yield([byte]) }
            stream.finish()
        }
        do {
            for try await event in converter.events(from: chunks, start: checkpoint, isReadAgain: true) {
                if case .message(let message) = event { fed.messages.append(message) }
            }
        } catch let error as SluiceError {
            fed.error = error
        }
        outcomes.append(fed)
        var (compressed, sink) = (Packed(), CollectedMessages())
        let file = try TemporaryFile(try Compressing.zstd(input))
        do throws(SluiceError) {
            try converter.messages(file: file.path, source: "test.csv", from: checkpoint, to: &sink)
        } catch {
            compressed.error = error
        }
        compressed.messages = sink.messages
        outcomes.append(compressed)
        return outcomes
    }

    @Test func `lets a run continue a stream that is read again unchanged`() async throws {
        let whole = Packed.pack(.stream(Pieces(rows, sizes: [7])), CSVConverter(messageFormat: cutting))
        for outcome in try await resumed(rows) {
            #expect(outcome.error == nil && outcome.messages == whole.messages.suffix(outcome.messages.count))
            #expect(outcome.messages.count > 1 && outcome.messages.count < whole.messages.count)
        }
    }

    @Test(arguments: [0, 1, 2, 40]) func `is refused for a stream that ends before it, and no manifest is sent`(
        _ count: Int
    ) async throws {
        for outcome in try await resumed(Array(rows.prefix(count))) {
            #expect(outcome.messages.isEmpty)
            #expect(outcome.error == .checkpointPastEnd)
        }
    }

    @Test(
        arguments: [
            ("10\n", "99\n"), ("10\n11\n", "10\n\n11"), ("a\n", "b\n"), ("10\n11\n", "101112"), ("10\n", "\"\"x"),
        ]
    )
    func `is refused for a stream with other rows before it, and nothing is sent`(
        _ old: String,
        _ new: String
    ) async throws {
        let text = String(decoding: rows, as: UTF8.self)
        let other = Array(text.replacing(old, with: new, maxReplacements: 1).utf8)
        try #require(other != rows)
        for outcome in try await resumed(other) {
            #expect(outcome.messages.isEmpty)
            guard case .unusable(let reason) = outcome.error else {
                Issue.record("\(String(describing: outcome.error))")
                continue
            }
            #expect(reason.contains("are not those that the checkpoint is for"))
        }
    }

    @Test(arguments: ["offset", "record", "messages", "rows", "rejected"])
    func `is not parsed with a number that no input can have`(_ name: String) throws {
        let start = Checkpoint(start: CSVConverter().identity(SourceName("a")))
        for number in [UInt64.max, 1 << 63] {
            let text = start.json.replacing(try Regex("\"\(name)\":\\d+"), with: "\"\(name)\":\(number)")
            #expect(text != start.json && Checkpoint(json: text.utf8) == nil)
        }
    }

    @Test func `of many portions wraps around instead of trapping`() {
        var tally = MessageTally(messages: 1 << 62, rows: 1 << 62, rejectedBefore: 1 << 62)
        for _ in 0..<9 { tally.append(tally) }
        #expect(tally.rows == 0 && tally.rejectedRows == 0)
    }

    @Test(arguments: ["", "{}", "[1]", "{\"source\":\"a\"}"])
    func `is not parsed from other text`(_ text: String) { #expect(Checkpoint(json: text.utf8) == nil) }
}

/// A store that has one object under every name.
private struct Store: RemoteInputProvider {
    let bytes: [UInt8]

    func open(_ name: String) -> RemoteInput? {
        RemoteInput(source: SourceName("\(name)?versionId=1"), size: UInt64(bytes.count)) { range in
            Pieces(Array(bytes[Int(range.lowerBound)..<Int(range.upperBound)]), sizes: [7])
        }
    }
}
