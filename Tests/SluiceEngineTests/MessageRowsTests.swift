import Sluice
import SluiceTesting
import Testing

@Suite struct `Rows of a message` {
    private func lines(_ text: String, _ content: Message.Content) -> String? {
        (try? MessageRows.lines(in: Array(text.utf8), content)).map { String(decoding: $0, as: UTF8.self) }
    }

    @Test func `are unpacked unchanged`() {
        let row = #"{"a":"[\"},{\\","b":["x",{"y":","}]}"#
        #expect(lines("[\(row),\(row),{}]", .json) == "\(row)\n\(row)\n{}\n")
        #expect(lines(#"[["1","2"],["3"]]"#, .json) == "[\"1\",\"2\"]\n[\"3\"]\n")
        #expect(lines("[]", .json) == "")
        for text in ["", "[", "{}", "[{}", "[{}]]", #"[{"a":"}]"#, "[],[]"] {
            #expect(lines(text, .json) == nil, "\(text)")
        }
        #expect(lines("{}\n{}", .ndjson) == "{}\n{}\n")
        #expect(lines("{}\n[]\n", .ndjson) == "{}\n[]\n")
        #expect(lines("x", .manifest) == nil)
    }

    @Test(
        arguments: [
            "foo", "1", #""a""#, "{", "{]", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, "{a:1}", #"{"a":01}"#, #"{"a":+1}"#,
            #"{"a":1.}"#, #"{"a":.5}"#, #"{"a":1e}"#, #"{"a":NaN}"#, #"{"a":tru}"#, #"{"a":truee}"#, #"{"a":nul"#,
            #"{"a":"\x"}"#, #"{"a":"\u00g0"}"#, #"{"a":"\"}"#, "{\"a\":\"\t\"}", "{\"a\":\"\n\"}", #"{"a": 1}"#, " {}",
            "{} ",
            "[1,]", "[,1]", "[1 2]", "", "\n",
        ]
    )
    func `are damaged unless they are compact JSON objects or arrays`(_ row: String) {
        #expect(lines("[{},\(row)]", .json) == nil)
        #expect(lines("[\(row),{}]", .json) == nil)
        #expect(lines("{}\n\(row)\n{}", .ndjson) == nil)
        if !row.isEmpty { #expect(lines("{\"a\":1}\n\(row)", .ndjson) == nil) }
    }

    @Test func `are damaged if they are not UTF-8 or are nested too deeply`() {
        let bytes = Array("[{\"a\":\"".utf8) + [0xC3] + Array("\"}]".utf8)
        #expect(throws: MessageRows.Fault.damaged) { try MessageRows.lines(in: bytes, .json) }
        let deep = String(repeating: "[", count: 1 << 20)
        #expect(lines("[\(deep)", .json) == nil)
        #expect(lines(deep, .ndjson) == nil)
    }

    @Test(arguments: [
        "0", "-0.5e+10", "12E3", "true", "false", "null", #""\u00e9\ud83d\ude00\/""#, #"{"b":[]}"#, "[[],{}]",
    ])
    func `may hold values of every kind`(_ value: String) {
        #expect(lines("[{\"a\":\(value)},[\(value)]]", .json) == "{\"a\":\(value)}\n[\(value)]\n")
    }

    @Test func `may hold values as deep as a column's may be, within objects as deep as names may be`() {
        let value = String(repeating: "[", count: 64) + "1" + String(repeating: "]", count: 64)
        let row = String(repeating: "{\"a\":", count: 33) + value + String(repeating: "}", count: 33)
        #expect(lines("[\(row)]", .json) == "\(row)\n")
        #expect(lines("[{\"a\":\(row)}]", .json) == nil)
    }

    @Test func `are decoded from base64 of any length, and not from invalid base64`() {
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
        let text = Array("[\"".utf8) + [UInt8](repeating: 0x61, count: (1 << 20) - 4) + Array("\"]".utf8)
        let bomb = Base64.encoded(try Compressing.zstd(text))
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

    @Test func `are unpacked from compressed messages`() throws {
        let rows = (0..<5000).map { "\($0),\"x, [\"\n" }.joined()
        let converter = CSVConverter(messageFormat: MessageFormat(limit: 5000, compression: 3))
        let source = Pieces(Array(("a,b\n" + rows).utf8), sizes: [.max])
        let packed = Packed.pack(.stream(source), converter)
        let lines = packed.messages.compactMap { try? MessageRows.lines(in: $0.body, $0.content) }
        #expect(lines.count > 1)
        let expected = (0..<5000).map { "{\"a\":\"\($0)\",\"b\":\"x, [\"}\n" }.joined()
        #expect(lines.flatMap(\.self) == Array(expected.utf8))
    }
}
