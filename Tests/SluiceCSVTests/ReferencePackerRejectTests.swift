// Compares the reference packer's messages of rejects, its counts and limits with ones worked out by hand.

import SluiceCSV
import SluiceTesting
import Testing

@Suite struct `Reference packer of rejects` {
    private let dialect = Dialect.rfc4180
    /// Records 2, 4 and 5 are ragged. The line about the last is the shortest: it names no column.
    private let text = Array("a,b\n1\n1,2\n3\n4,5,6\n".utf8)

    private func summary(_ messages: [ReferenceMessage]) -> [String] {
        messages.map { message in
            "\(message.isRejects ? "rejects " : "")\(message.segment)/\(message.index) \(message.rangeStart)-\(message.rangeEnd) "
                + "\(message.firstRecord)-\(message.lastRecord) \(message.rows)"
        }
    }

    private func pack(segmentSize: Int = 64, room: Int = 10_000, ndjson: Bool = false) -> [ReferenceMessage] {
        ReferencePacker.messages(
            table: ReferenceParser.parse(text, dialect: dialect, rejects: true),
            inputSize: text.count,
            segmentSize: segmentSize,
            room: room,
            ndjson: ndjson,
            rejectSource: "t"
        ).messages
    }

    @Test func `puts all rejects of a segment into one message after its rows`() {
        #expect(summary(pack()) == ["0/0 0-18 3-3 1", "rejects 0/0 4-18 2-5 3"])
        #expect(pack().map(\.segment) == [0, 0])
    }

    @Test func `writes the lines in the run's format`() {
        let lines = ReferenceParser.parse(text, dialect: dialect, rejects: true).rejects.map {
            String(decoding: $0.json(source: "t"), as: UTF8.self)
        }
        #expect(lines.count == 3 && lines[0].hasPrefix(#"{"source":"t","code":"raggedRecord","line":2,"#))
        #expect(pack()[1].body == Array("[\(lines.joined(separator: ","))]".utf8))
        #expect(pack(ndjson: true)[1].body == Array(lines.map { $0 + "\n" }.joined().utf8))
    }

    @Test func `fills a message to the last byte`() {
        let lines = ReferenceParser.parse(text, dialect: dialect, rejects: true).rejects.map {
            $0.json(source: "t").count
        }
        let two = ["0/0 0-18 3-3 1", "rejects 0/0 4-12 2-4 2", "rejects 0/1 12-18 5-5 1"]
        #expect(summary(pack(room: lines[0] + lines[1] + 3)) == two)
        #expect(
            summary(pack(room: lines[0] + lines[1] + 2)) == [
                "0/0 0-18 3-3 1", "rejects 0/0 4-6 2-2 1", "rejects 0/1 10-18 4-5 2",
            ]
        )
        #expect(summary(pack(room: lines[0] + lines[1] + 2, ndjson: true)) == two)
    }

    @Test func `starts again in each segment, also in one without rows`() {
        #expect(
            summary(pack(segmentSize: 8)) == [
                "0/0 0-10 3-3 1", "rejects 0/0 4-6 2-2 1", "rejects 1/0 10-18 4-5 2",
            ]
        )
    }

    @Test func `makes rows that fit no message rejects`() {
        let text = Array("a\n1\n\"23\n45\"\r\n6\n7,8\n".utf8)
        let table = ReferencePacker.withoutLargeRows(
            ReferenceParser.parse(text, dialect: dialect, rejects: true),
            text,
            dialect: dialect,
            room: 13,
            ndjson: false
        )
        #expect(table.rows.map(\.number) == [2, 4])
        #expect(table.rejects.map(\.code) == [.rowTooLarge, .raggedRecord])
        let large = table.rejects[0]
        #expect((large.start, large.end, large.line, large.lines, large.record) == (4, 13, 3, 2, 3))
        #expect(large.bytes == Array("\"23\n45\"".utf8) && large.field == nil && large.errorOffset == 4)
    }

    @Test func `counts records and lines, and records by code`() {
        let input = Array("a,b\n\"1\n\"\n2\"\n3,\"\n\n".utf8)
        let counts = ReferenceRejectCounts(ReferenceParser.parse(input, dialect: dialect, rejects: true).rejects)
        #expect(counts.records == 3 && counts.lines == 5)
        #expect(counts.byCode == [.raggedRecord: 1, .quoteInPlain: 1, .unterminatedQuote: 1])
        #expect(ReferenceRejectCounts() == ReferenceRejectCounts([]))
    }

    private func overrun(_ limit: ReferenceRejectLimit, segmentSize: Int, _ dialect: Dialect = .rfc4180) -> String? {
        let table = ReferenceParser.parse(text, dialect: dialect, rejects: true)
        return ReferencePacker.overrun(
            limit,
            table: table,
            text,
            dialect: dialect,
            inputSize: table.error == nil ? text.count : Int(table.end),
            segmentSize: segmentSize
        ).map { "\($0.segment) \($0.start)-\($0.end)" }
    }

    @Test func `checks a number of lines at the end of each segment`() {
        #expect(overrun(.lines(3), segmentSize: 8) == nil)
        #expect(overrun(.lines(2), segmentSize: 8) == "1 10-18")
        #expect(overrun(.lines(1), segmentSize: 8) == "1 10-18")
        #expect(overrun(.lines(0), segmentSize: 8) == "0 0-10")
        #expect(overrun(.lines(0), segmentSize: 64) == "0 0-18")
    }

    @Test func `checks a share of the lines at the end of the input`() {
        // Three of five lines.
        #expect(overrun(.share(60_000), segmentSize: 8) == nil)
        #expect(overrun(.share(59_999), segmentSize: 8) == "1 10-18")
        #expect(overrun(.share(0), segmentSize: 4) == "3 12-18")
    }

    @Test func `does not check the segment in which another error ends the run`() {
        // The last record is too long.
        let dialect = Dialect(maxRecord: 4)
        #expect(overrun(.lines(0), segmentSize: 64, dialect) == nil)
        #expect(overrun(.share(0), segmentSize: 8, dialect) == nil)
        #expect(overrun(.lines(0), segmentSize: 8, dialect) == "0 0-10")
    }

    @Test func `loses no reject, and leaves the messages of rows as they are without rejects' messages`() {
        for seed in Seeds.part(0, of: 1_000) {
            let dialect = CSVGenerator.dialect(seed: seed)
            var generator = CSVGenerator(seed: seed, dialect: dialect)
            let input = generator.mutated()
            let table = ReferenceParser.parse(input, dialect: dialect, rejects: true)
            let size = table.error == nil ? input.count : Int(table.end)
            func pack(_ source: String?) -> [ReferenceMessage] {
                let segmentSize = [1, 7, 64, 1_000][Int(seed % 4)]
                return ReferencePacker.messages(
                    table: table,
                    inputSize: size,
                    segmentSize: segmentSize,
                    room: 100_000,
                    ndjson: true,
                    rejectSource: source
                ).messages
            }
            let messages = pack("t")
            #expect(messages.filter { !$0.isRejects } == pack(nil), "seed \(seed)")
            let lines = table.rejects.flatMap { $0.json(source: "t") + Array("\n".utf8) }
            #expect(messages.filter(\.isRejects).flatMap(\.body) == lines, "seed \(seed)")
            #expect(messages.map(\.segment) == messages.map(\.segment).sorted(), "seed \(seed)")
        }
    }
}
