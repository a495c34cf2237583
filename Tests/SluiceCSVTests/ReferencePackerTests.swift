// Compares the reference packer with messages worked out by hand, and checks its guarantees on random inputs.

import SluiceCSV
import SluiceTesting
import Testing

@Suite struct `Reference packer` {
    /// Returns the messages of an input, each as `SEGMENT/INDEX START-END FIRST-LAST BODY`, then the empty spans and the
    /// number of the record that was too large.
    private func summary(
        _ text: String,
        dialect: Dialect = .rfc4180,
        segmentSize: Int,
        room: Int,
        ndjson: Bool = false,
        offloads: Bool = false
    ) -> [String] {
        let table = ReferenceParser.parse(Array(text.utf8), dialect: dialect)
        let result = ReferencePacker.messages(
            table: table,
            inputSize: text.utf8.count,
            segmentSize: segmentSize,
            room: room,
            ndjson: ndjson,
            offloads: offloads
        )
        let messages = result.messages.map { message in
            "\(message.segment)/\(message.index) \(message.rangeStart)-\(message.rangeEnd) "
                + "\(message.firstRecord)-\(message.lastRecord) \(String(decoding: message.body, as: UTF8.self))"
        }
        let emptySpans = result.emptySpans.map { start, end in "empty \(start)-\(end)" }
        return messages + emptySpans + (result.tooLarge.map { ["too large \($0.number)"] } ?? [])
    }

    @Test func `puts all rows into one message if they fit`() {
        #expect(summary("a\n1\n2\n", segmentSize: 64, room: 100) == [#"0/0 0-6 2-3 [{"a":"1"},{"a":"2"}]"#])
        #expect(
            summary("a\n1\n2\n", segmentSize: 64, room: 100, ndjson: true)
                == ["0/0 0-6 2-3 {\"a\":\"1\"}\n{\"a\":\"2\"}\n"]
        )
    }

    @Test func `fills a message to the last byte`() {
        let text = "a\n1\n2\n3\n"
        let two = [#"0/0 0-6 2-3 [{"a":"1"},{"a":"2"}]"#, #"0/1 6-8 4-4 [{"a":"3"}]"#]
        let one = [#"0/0 0-4 2-2 [{"a":"1"}]"#, #"0/1 4-6 3-3 [{"a":"2"}]"#, #"0/2 6-8 4-4 [{"a":"3"}]"#]
        #expect(summary(text, segmentSize: 64, room: 21) == two)
        #expect(summary(text, segmentSize: 64, room: 20) == one)
        #expect(summary(text, segmentSize: 64, room: 21, ndjson: true).count == 2)
        #expect(summary(text, segmentSize: 64, room: 19, ndjson: true).count == 3)
    }

    @Test func `tiles two segments as the worked example says`() {
        #expect(
            summary("a,b\n1,2\n3,4\n\n5,6\n", segmentSize: 8, room: 19) == [
                #"0/0 0-8 2-2 [{"a":"1","b":"2"}]"#,
                #"1/0 8-12 3-3 [{"a":"3","b":"4"}]"#,
                #"1/1 12-17 5-5 [{"a":"5","b":"6"}]"#,
            ]
        )
    }

    @Test func `assigns blank lines after a segment's last row to its last message`() {
        #expect(
            summary("a,b\n1,2\n\n\n3,4\n", segmentSize: 10, room: 100) == [
                #"0/0 0-10 2-2 [{"a":"1","b":"2"}]"#,
                #"1/0 10-14 5-5 [{"a":"3","b":"4"}]"#,
            ]
        )
    }

    @Test func `lists a span without rows and skips a segment in which no line starts`() {
        #expect(
            summary("a,b\n\"1234567890\",2\n\n", segmentSize: 4, room: 100) == [
                #"1/0 4-19 2-2 [{"a":"1234567890","b":"2"}]"#,
                "empty 0-4",
                "empty 19-20",
            ]
        )
    }

    @Test func `has one empty span for a header alone and none for no input`() {
        #expect(summary("a\n", segmentSize: 64, room: 100) == ["empty 0-2"])
        #expect(summary("", segmentSize: 64, room: 100) == [])
        #expect(summary("\u{FEFF}", segmentSize: 64, room: 100) == ["empty 0-3"])
        #expect(summary("\n\n", segmentSize: 1, room: 100) == ["empty 0-1", "empty 1-2"])
    }

    @Test func `stops at a row that fits no message, and keeps the rows before it`() {
        #expect(
            summary("a\n1\n2345\n6\n", segmentSize: 64, room: 12) == [
                #"0/0 0-4 2-2 [{"a":"1"}]"#,
                "too large 3",
            ]
        )
    }

    @Test func `packs a row that fits no message into one of its own if it offloads`() {
        #expect(
            summary("a\n1\n2345\n6\n", segmentSize: 64, room: 12, offloads: true) == [
                #"0/0 0-4 2-2 [{"a":"1"}]"#, #"0/1 4-9 3-3 [{"a":"2345"}]"#, #"0/2 9-11 4-4 [{"a":"6"}]"#,
            ]
        )
    }

    @Test func `tiles every input without gap or overlap and loses no row`() {
        for seed in 0..<1_000 as Range<UInt64> {
            let dialect = CSVGenerator.dialect(seed: seed)
            var generator = CSVGenerator(seed: seed, dialect: dialect)
            let input = generator.input()
            let table = ReferenceParser.parse(input, dialect: dialect)
            let size = table.error == nil ? input.count : Int(table.end)
            let result = ReferencePacker.messages(
                table: table,
                inputSize: size,
                segmentSize: [1, 7, 64, 1_000][Int(seed % 4)],
                room: 1_000_000,
                ndjson: true
            )
            let ranges = result.messages.map { ($0.rangeStart, $0.rangeEnd) } + result.emptySpans
            var end: UInt64 = 0
            for range in ranges.sorted(by: { $0.0 < $1.0 }) {
                #expect(range.0 == end && range.1 > end, "seed \(seed)")
                end = range.1
            }
            #expect(end == UInt64(size), "seed \(seed)")
            #expect(result.messages.flatMap(\.body) == ReferenceJSON.lines(table), "seed \(seed)")
        }
    }
}
