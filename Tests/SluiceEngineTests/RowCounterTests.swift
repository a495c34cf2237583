import Sluice
import SluiceCSV
import SluiceJSON
import SluiceTesting
import Testing

@Suite struct `Rows that are counted as they stand` {
    /// Returns the numbers of rows that every kernel counts in a text, and in the same as the inside of a JSON string.
    private func counts(_ text: String, isArray: Bool) -> Set<Int?> {
        let plain = Array(text.utf8)
        let escaped = Kernel.best.escaped(plain)
        var counts: Set<Int?> = []
        for kernel in Kernel.available {
            for (bytes, isEscaped) in [(plain, false), (escaped, true)] {
                // What follows the text must not be taken for a part of it.
                for padding in [UInt8](repeating: 0, count: RowCounter.padding) + Array(#"","a":"\"]},"#.utf8) {
                    let memory = bytes + [UInt8](repeating: padding, count: RowCounter.padding)
                    counts.insert(
                        memory.withView {
                            RowCounter.rows(
                                in: $0[0..<bytes.count],
                                isArray: isArray,
                                isEscaped: isEscaped,
                                kernel: kernel
                            )
                        }
                    )
                }
            }
        }
        return counts
    }

    @Test(arguments: [
        (#"[{"a":"1"}]"#, 1), (#"[{"a":"1"},{"a":"2"}]"#, 2), (#"[{"a":"","b":"x"},["1","2"],[""]]"#, 3),
        (#"[{"a":"\"","\\":"\n\\"},{"a":"},{","b":"\u00e9\/"}]"#, 2), ("[{\"a\":\"é€😀\"}]", 1),
        (#"[{"a":"\\\\\\\"\\"}]"#, 1),
        (#"[{"a":1},{"a":-0.5e3,"b":null,"c":"x"},{"a":true,"b":false}]"#, 3),
        (#"[{"a":{"b":"1","c":2},"d":"3"},{"a":{"b":{"c":"1"}}},{"a":{"b":{"c":1}},"d":null}]"#, 3),
    ])
    func `are objects and arrays of strings in an array`(_ text: String, _ count: Int) {
        #expect(counts(text, isArray: true) == [count])
    }

    @Test(arguments: [("{\"a\":\"1\"}", 1), ("{\"a\":\"1\"}\n", 1), ("[\"1\"]\n{\"a\":\"2\"}\n[\"\"]\n", 3)])
    func `are objects and arrays of strings on lines`(_ text: String, _ count: Int) {
        #expect(counts(text, isArray: false) == [count])
    }

    @Test(arguments: [
        "", "[", "[]", "[{}]", #"[{"a":01}]"#, #"[{"a":1}}]"#, #"[{"a":{"b":1}]"#, #"[{"a":{"b":"1"}]"#, #"[{"a":1,}]"#,
        #"[{"a":[]}]"#, #"[{"a":tru}]"#, #"[{"a":1"b":2}]"#, #"[{"a":{}}]"#, #"[{"a":nullx}]"#, #"[{"a":}]"#,
        #"[{"a":"1"}"#, #"[{"a":"1"},]"#, #"[{"a":"1"}]]"#, #"[{"a":"1"]"#,
        #"[{"a":"1","b"}]"#, #"[{"a":"1",}]"#, #"[{"a":"\x"}]"#, #"[{"a":"\u00g0"}]"#, #"[{"a":"\u00"}]"#,
        "[{\"a\":\"\t\"}]",
        #"[{"a": "1"}]"#, #"[ {"a":"1"}]"#, #"[["1",2]]"#, #"[["1"}]"#, #"[{"a":"1"]]"#, #"[{"a":"1"}{"a":"1"}]"#,
        #"[{"a":"1"#, #"[{"a":"1\"#, #"[{"a"#,
    ])
    func `are left to the general reader if anything else is there`(_ text: String) {
        #expect(counts(text, isArray: true) == [nil])
        #expect(counts(text, isArray: false) == [nil])
    }

    @Test func `are all that Sluice writes`() throws {
        for seed in Seeds.part(0, of: 200) {
            let dialect = CSVGenerator.dialect(seed: seed)
            var generator = CSVGenerator(seed: seed, dialect: dialect)
            let text: MessageFormat.Text = seed % 2 == 0 ? .json : .ndjson
            let converter = CSVConverter(dialect: dialect, messageFormat: MessageFormat(text: text))
            for message in Packed.pack(.stream(Pieces(generator.input(), sizes: [.max])), converter).messages {
                guard message.content != .manifest, message.content != .aborted else { continue }
                let rows = try MessageRows.lines(in: message.body, message.content).count { $0 == 0x0A }
                let found = counts(String(decoding: message.body, as: UTF8.self), isArray: text == .json)
                #expect(found == [rows], "seed \(seed)")
            }
        }
    }

    @Test(arguments: 0..<4)
    func `are as many as the general reader finds`(_ part: UInt64) {
        let pieces = [
            "{", "}", "[", "]", "\"", ":", ",", "\\", "n", "u00e9", "\n", "a", "é", "{\"a\":\"", "\",\"b\":\"", "\"}",
            "\"},{\"a\":\"",
            "\"]", "[\"", "\",\"", "x", "\\\"", "\\\\", String(repeating: "y", count: 70),
        ]
        for seed in Seeds.part(part, of: 3000) {
            var random = SplitMix64(seed: seed)
            let isArray = seed % 2 == 0
            var text = isArray ? "[{\"a\":\"" : "{\"a\":\""
            for _ in 0..<Int.random(in: 0..<12, using: &random) {
                text += pieces[Int.random(in: 0..<pieces.count, using: &random)]
            }
            text += isArray ? "\"}]" : "\"}"
            let lines = try? MessageRows.lines(in: Array(text.utf8), isArray ? .json : .ndjson)
            let found = counts(text, isArray: isArray)
            #expect(found.count == 1, "\(text)")
            if let count = found.first, let count { #expect(lines?.count { $0 == 0x0A } == count, "\(text)") }
        }
    }
}
