import Sluice
import SluiceCSV
import SluicePlatform
import Testing

struct RawTextTests {
    /// Returns a string of the given scalars. Literals cannot hold noncharacters.
    private static func text(_ scalars: UInt32...) -> String {
        String(String.UnicodeScalarView(scalars.compactMap(Unicode.Scalar.init)))
    }

    @Test func `any bytes survive conversion to a string and back`() {
        var generator = SystemRandomNumberGenerator()
        var cases: [[UInt8]] = [
            [], [0xFF], Array("é".utf8), Array(Self.text(0xFDD8, 0xFDE0).utf8), [0xEF, 0xB7], [0xEF, 0xB7, 0x98],
        ]
        // Bytes that form the characters used for escaping, or break them.
        let alphabet: [UInt8] = [
            0x61, 0x2F, 0xEF, 0xB7, 0x90, 0x98, 0xA0, 0xAF, 0xF4, 0x8F, 0xBF, 0xC3, 0xED, 0xFF, 0x80,
        ]
        for _ in 0..<20_000 {
            let count = Int.random(in: 0...8, using: &generator)
            cases.append((0..<count).compactMap { _ in alphabet.randomElement(using: &generator) })
        }
        var strings: [[UInt8]: [UInt8]] = [:]
        for bytes in cases {
            let text = RawText.string(bytes)
            #expect(RawText.bytes(text) == bytes)
            // No two names map to the same string.
            #expect(strings.updateValue(bytes, forKey: Array(text.utf8)) ?? bytes == bytes)
        }
    }

    @Test func `text from a library user stands for itself`() {
        for text in ["", "a", "é", Self.text(0xFDD0), Self.text(0xFDE1, 0xFDD9), Self.text(0x10FFFF)] {
            #expect(RawText.bytes(text) == Array(text.utf8))
        }
    }

    @Test func `control characters are escaped for a terminal`() {
        #expect(TerminalText.name("a\u{1B}[31m\n\u{9B}\\") == #"a\x1b[31m\x0a\xc2\x9b\\"#)
        #expect(TerminalText.name(#"C:\é"#) == #"C:\é"#)
        #expect(TerminalText.name(RawText.string([0x61, 0xE9])) == #"a\xe9"#)
        #expect(TerminalText.lines("a\t\u{1B}\n") == "a\t\\x1b\n")
        #expect(TerminalText.json("{\"a\u{7F}\u{202E}\":1}\n") == "{\"a\\u007f\\u202e\":1}\n")
        #expect(TerminalText.json(RawText.string([0xE9])) == #"\\xe9"#)
    }

    @Test func `byte counts may have units`() {
        for (text, count) in [
            ("0", 0), ("262144", 262_144), ("256KiB", 262_144), ("256 kib", 262_144), ("250kB", 250_000),
            ("1 MiB", 1 << 20),
            ("7B", 7), ("16777215TiB", 16_777_215 << 40),
        ] as [(String, UInt64)] {
            #expect(ByteCount.parse(text) == count)
        }
        for text in [
            "", "B", "1K", "1k", "1M", "-1", "+1", "1.5MiB", "1  B", " 1", "1 ", "1e3", "20000000TiB", "1KiBs", "٣",
        ] {
            #expect(ByteCount.parse(text) == nil)
        }
    }

    @Test func `names are written as one RFC 4180 record and read back`() {
        for names in [["a"], ["a", "b"], [""], ["", ""], ["a,b", "c\"d", "e\nf", "\r", " "], ["é"]] {
            #expect(Dialect.names(inRecord: Dialect.record(of: names)) == names)
        }
        #expect(Dialect.names(inRecord: "a,\"b\n\",c\n") == ["a", "b\n", "c"])
        for text in ["a\nb", "\"a", "a\"", "\"a\"b", "\n"] { #expect(Dialect.names(inRecord: text) == nil) }
    }
}
