import Sluice
import SluiceTesting
import Testing

@Suite struct `Rows of a message` {
    private func lines(_ text: String, _ content: Message.Content) -> String? {
        (try? MessageRows.lines(in: Array(text.utf8), content)).map { String(decoding: $0, as: UTF8.self) }
    }

    @Test func `come out of arrays as they went in`() {
        let row = #"{"a":"[\"},{\\","b":["x",{"y":","}]}"#
        #expect(lines("[\(row),\(row),{}]", .json) == "\(row)\n\(row)\n{}\n")
        #expect(lines(#"[["1","2"],["3"]]"#, .json) == "[\"1\",\"2\"]\n[\"3\"]\n")
        #expect(lines("[]", .json) == "")
        for text in ["", "[", "{}", "[{}", "[{}]]", #"[{"a":"}]"#, "[],[]"] {
            #expect(lines(text, .json) == nil, "\(text)")
        }
        #expect(lines("{}\n{}", .ndjson) == "{}\n{}\n")
        #expect(lines("x", .manifest) == nil)
    }

    @Test func `come out of base64 of any length, and not of what is none`() {
        for count in 0..<40 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37) }
            #expect(Base64.decoded(Base64.encoded(bytes)) == bytes)
        }
        for text in ["A", "AA=A", "====", "A===", "AAA!"] {
            #expect(Base64.decoded(Array(text.utf8)) == nil, "\(text)")
        }
        #expect(lines("AAAA", .jsonZstd) == nil)
    }

    @Test func `are not unpacked beyond the limit`() throws {
        let bomb = Base64.encoded(try Compressing.zstd([UInt8](repeating: 0x61, count: 1 << 20)))
        #expect(bomb.count < 1000)
        for content in [Message.Content.ndjsonZstd, .jsonZstd] {
            #expect(throws: MessageRows.Fault.tooLarge) {
                try MessageRows.lines(in: bomb, content, limit: (1 << 20) - 1)
            }
        }
        #expect(try MessageRows.lines(in: bomb, .ndjsonZstd, limit: 1 << 20).count == (1 << 20) + 1)
        #expect(throws: MessageRows.Fault.tooLarge) { try MessageRows.lines(in: Array("{}".utf8), .ndjson, limit: 1) }
        #expect(throws: MessageRows.Fault.damaged) { try MessageRows.lines(in: Array(bomb.dropLast(8)), .ndjsonZstd) }
    }

    @Test func `come out of compressed messages`() throws {
        let rows = (0..<5000).map { "\($0),\"x, [\"\n" }.joined()
        let sluice = Sluice(limits: MessageFormat(limit: 5000, compression: 3))
        let source = Pieces(Array(("a,b\n" + rows).utf8), sizes: [.max])
        let packed = Packed.pack(.stream(source), sluice)
        let lines = packed.messages.compactMap { try? MessageRows.lines(in: $0.body, $0.content) }
        #expect(lines.count > 1)
        let expected = (0..<5000).map { "{\"a\":\"\($0)\",\"b\":\"x, [\"}\n" }.joined()
        #expect(lines.flatMap(\.self) == Array(expected.utf8))
    }
}
