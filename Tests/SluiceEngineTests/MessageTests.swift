import Sluice
import SluiceCSV
import SluiceJSON
import SluiceTesting
import Testing

@Suite struct `Messages` {
    /// Returns a format for a seed, with limits and segments so small that every boundary is reached.
    private func format(seed: UInt64, compression: Int?) -> MessageFormat {
        var random = SplitMix64(seed: seed &* 77)
        let limit = MessageFormat.attributeReserve + (compression == nil ? 110 : 270) + Int(random.next() % 600)
        let oversize: MessageFormat.Oversize = [.reject, .offload, .error, .error][Int(random.next() % 4)]
        let text: MessageFormat.Text = random.next() % 2 == 0 ? .json : .ndjson
        let format = MessageFormat(limit: limit, text: text, compression: compression, oversize: oversize)
        return format.cutting(segmentSize: 64 << Int(random.next() % 4))
    }

    @Test(arguments: 0..<8)
    func `are those of the reference packer, in every kernel and mode`(_ batch: UInt64) throws {
        for seed in Seeds.part(batch, of: 150) {
            let dialect = CSVGenerator.dialect(seed: seed)
            var generator = CSVGenerator(seed: seed, dialect: dialect)
            let input = generator.input()
            var format = format(seed: seed, compression: nil)
            format.oversize = seed % 2 == 0 ? .error : .offload
            let table = ReferenceParser.parse(input, dialect: dialect)
            let expected = ReferencePacker.messages(
                table: table,
                inputSize: table.error == nil ? input.count : Int(table.end),
                segmentSize: format.segmentSize,
                room: format.limit - ReferencePacker.attributeReserve,
                ndjson: format.text == .ndjson,
                offloads: format.oversize == .offload
            )
            let error = expected.tooLarge.map { row in
                let line = ReferenceParser.line(of: row.start, in: input, dialect: dialect)
                return CSVError(.rowTooLarge, offset: row.start, line: line, record: row.number)
            }
            for (name, found) in try Packed.everywhere(input, dialect, format) {
                #expect(found.data.map(reference) == expected.messages, "seed \(seed), \(name)")
                #expect(found.error == (error ?? table.error).map(SluiceError.badData), "seed \(seed), \(name)")
                if found.error == nil, let end = found.checkpoints.last {
                    #expect(end.tally.repairs == table.repairs(in: input, dialect), "seed \(seed), \(name)")
                }
                if found.data.map(reference) != expected.messages { return }
            }
        }
    }

    @Test(arguments: [nil, 1, 3], 0..<4)
    func `are the same in every kernel and mode, fit, tile the input and hold every row`(
        _ level: Int?,
        _ batch: UInt64
    ) throws {
        for seed in Seeds.part(batch, of: 60) {
            let dialect = CSVGenerator.dialect(seed: seed)
            var generator = CSVGenerator(seed: seed, dialect: dialect)
            let input = generator.input()
            let format = format(seed: seed, compression: level)
            let outcomes = try Packed.everywhere(input, dialect, format)
            for (name, outcome) in outcomes where outcome != outcomes[0].outcome {
                Issue.record("seed \(seed): \(name) differs from \(outcomes[0].name)")
                return
            }
            try check(outcomes[0].outcome, input, dialect, format, "seed \(seed)")
        }
    }

    @Test(arguments: [nil, 3], [MessageFormat.Text.json, .ndjson])
    func `that exceed the limit hold one row each`(_ level: Int?, _ text: MessageFormat.Text) throws {
        var random = SplitMix64(seed: 1)
        let letters = (0..<8_000).map { _ in UInt8(ascii: "a") + UInt8(random.next() % 26) }
        let rows = [Array("1".utf8), letters, Array("2".utf8), Array(letters.reversed()), letters]
        let input = Array("a\n".utf8) + rows.flatMap { $0 + [0x0A] }
        let format = MessageFormat(limit: 5000, text: text, compression: level, oversize: .offload)
        for (name, outcome) in try Packed.everywhere(input, .rfc4180, format, pieces: [[.max], [4097]]) {
            #expect(outcome.data.map { $0.size > 5000 } == [false, true, false, true, true], "\(name)")
            #expect(outcome.data.map(\.records) == (2...6).map { $0...$0 }, "\(name)")
            try check(outcome, input, .rfc4180, format, "\(name)")
        }
    }

    private func check(
        _ packed: Packed,
        _ input: [UInt8],
        _ dialect: Dialect,
        _ format: MessageFormat,
        _ comment: Comment
    ) throws {
        let table = ReferenceParser.parse(input, dialect: dialect)
        for message in packed.messages { #expect(message.sizeOnQueue == message.size, comment) }
        for message in packed.data where message.body.count > format.limit - ReferencePacker.attributeReserve {
            #expect(format.oversize == .offload && message.lines?.count { $0 == 0x0A } == 1, comment)
        }
        #expect(Set(packed.messages.map(\.id)).count == packed.messages.count, comment)
        checkIDs(packed, input, dialect, format, comment)

        let last = try #require(packed.messages.last)
        let isRejected = Set(packed.rejected.map(\.record))
        let delivered = table.rows.filter { !isRejected.contains($0.number) && $0.start < last.range.upperBound }
        let found: [UInt8] = packed.data.flatMap { $0.lines ?? Array("damaged".utf8) }
        let lines: [UInt8] = delivered.flatMap { ReferenceJSON.row($0) + [0x0A] }
        #expect(found == lines, comment)

        var gaps: [String] = []
        var end: UInt64 = 0
        for range in packed.data.map(\.range) + [last.range.upperBound..<last.range.upperBound] {
            #expect(range.lowerBound >= end, comment)
            if range.lowerBound > end { gaps.append("\"\(end)-\(range.lowerBound)\"") }
            end = range.upperBound
        }
        // A list of empty spans that exceeds a small limit is replaced by their number.
        let report = String(decoding: last.body, as: Unicode.UTF8.self)
        let listed = report.contains("\"empty\":[\(gaps.joined(separator: ","))]")
        let isCounted = [",", "}"].contains { report.contains("\"emptySpans\":\(gaps.count)\($0)") }
        #expect(listed || isCounted, comment)
        if packed.error == nil { #expect(end == UInt64(input.count) && last.content == .manifest, comment) }
        if packed.error != nil { #expect(last.content == .aborted, comment) }
    }

    /// Checks that every id is derived from the bytes of its range, and the last one from the sum of the others.
    private func checkIDs(
        _ packed: Packed,
        _ input: [UInt8],
        _ dialect: Dialect,
        _ format: MessageFormat,
        _ comment: Comment
    ) {
        let identity = CSVConverter(dialect: dialect, messageFormat: format).identity(SourceName("test.csv"))
        var sum = MessageID.zero
        for message in packed.data {
            let bytes = input[Int(message.range.lowerBound)..<Int(message.range.upperBound)]
            let id = MessageIDs(identity, message.content).id(
                segment: message.segment,
                index: message.index,
                range: message.range,
                bytes.withUnsafeBytes { BytesHash($0) }
            )
            #expect(message.id == id.digits, comment)
            sum += id
        }
        guard let last = packed.messages.last else { return }
        let isAborted = last.content == .aborted
        guard
            case .badData(let error)? = packed.error
                ?? (isAborted ? nil : .badData(CSVError(.bareCR, offset: 0, record: 1)))
        else { return }
        let id = MessageIDs(identity, last.content).id(
            segments: last.segment,
            end: last.range.upperBound,
            sum: sum,
            error: isAborted ? error : nil
        )
        #expect(last.id == id.digits, comment)
        #expect(JSONValue(parsing: last.body)?["idSum"]?.text == sum.digits, comment)
    }

    private func reference(_ message: Message) -> ReferenceMessage {
        ReferenceMessage(
            body: message.body,
            segment: Int(message.segment),
            index: message.index,
            rangeStart: message.range.lowerBound,
            rangeEnd: message.range.upperBound,
            firstRecord: message.records?.lowerBound ?? 0,
            lastRecord: message.records?.upperBound ?? 0,
            rows: (message.lines ?? []).count { $0 == 0x0A }
        )
    }
}
