import SluiceCSV
import SluiceTesting
import Testing

@testable import Sluice

@Suite struct `Input in another encoding` {
    @Test(arguments: Cases.all)
    func `converts as the same text in UTF-8`(_ example: Case) throws {
        guard let text = String(validating: example.input, as: UTF8.self) else { return }
        let expected = Everywhere.expected(example.input, example.dialect)
        for size in Pieces.sizes(for: example.input) {
            #expect(outcome(bytes(text, .little), .utf16LittleEndian, pieces: size, example.dialect) == expected)
            #expect(outcome(bytes(text, .big), .utf16BigEndian, pieces: size, example.dialect) == expected)
            // The mark tells the order and is gone: a mark of the text itself is then the first.
            #expect(outcome([0xFF, 0xFE] + bytes(text, .little), .utf16, pieces: size, example.dialect) == expected)
            #expect(outcome([0xFE, 0xFF] + bytes(text, .big), .utf16, pieces: size, example.dialect) == expected)
            if text.unicodeScalars.allSatisfy({ $0.value < 0x100 }) {
                let latin1 = text.unicodeScalars.map { UInt8($0.value) }
                #expect(outcome(latin1, .latin1, pieces: size, example.dialect) == expected)
            }
        }
    }

    @Test func `may hold every character there is`() throws {
        let scalars = (0...0x10_FFFF).compactMap(Unicode.Scalar.init)
        let text = String(String.UnicodeScalarView(scalars))
        #expect(try utf8(bytes(text, .little), .utf16LittleEndian) == Array(text.utf8))
        #expect(try utf8(bytes(text, .big), .utf16BigEndian) == Array(text.utf8))
    }

    @Test func `may hold every byte of Latin-1`() throws {
        let all = [UInt8](0...255)
        #expect(try utf8(all, .latin1) == all.flatMap { Array(String(Unicode.Scalar($0)).utf8) })
        #expect(outcome([0xFF, 0xFE, 0x0A, 0xE9], .latin1).output == Array(#"{"ÿþ":"é"}"#.utf8) + [0x0A])
    }

    @Test(arguments: [1, 2, 3, Int.max])
    func `that makes no characters makes one byte that is no UTF-8 for each unit`(_ size: Int) throws {
        let (high, low): ([UInt8], [UInt8]) = ([0xD8, 0x3D], [0xDE, 0x00])
        let a: [UInt8] = [0x00, 0x61]
        let expectations: [([UInt8], [UInt8])] = [
            (high + low, Array("😀".utf8)), (low + high, [0xFF, 0xFF]), (high + a, [0xFF, 0x61]),
            (high + high + low, [0xFF] + Array("😀".utf8)), (a + low, [0x61, 0xFF]), (high, [0xFF]),
            (a + [0x00], [0x61, 0xFF]), (high + [0xDE], [0xFF, 0xFF]), ([0x00], [0xFF]), ([], []),
        ]
        for (bytes, expected) in expectations {
            #expect(try utf8(bytes, .utf16BigEndian, pieces: size) == expected)
            #expect(try utf8([0xFE, 0xFF] + bytes, .utf16, pieces: size) == expected)
        }
    }

    @Test func `that makes no characters is an error or replaced, as the dialect says`() {
        let input = bytes("é\n1\n", .little) + [0x00, 0xD8] + bytes("\n", .little)
        let strict = outcome(input, .utf16LittleEndian)
        #expect(strict.error == .badData(CSVError(.invalidUTF8, offset: 5, line: 3, record: 3, column: "é")))
        #expect(strict.output == Array("{\"é\":\"1\"}\n".utf8))
        let lenient = outcome(input, .utf16LittleEndian, .lenient)
        #expect(lenient.output == Array("{\"é\":\"1\"}\n{\"é\":\"\u{FFFD}\"}\n".utf8))
    }

    @Test func `of unknown byte order is refused, unless it is empty`() {
        for input: [UInt8] in [[0x61], [0x61, 0x00], [0x00, 0x61, 0x00, 0x0A]] {
            guard case .unusable? = outcome(input, .utf16).error else {
                Issue.record("\(input)")
                continue
            }
        }
        #expect(outcome([], .utf16) == Everywhere.Outcome(output: [], rows: 0))
    }

    @Test func `that is compressed and cut off is damaged where the UTF-8 ends`() throws {
        let text = bytes("é\n1\n2\n", .little)
        let stored = try Compressing.gzip(text, level: 0)
        // The header of 15 bytes, and the text but for a line feed and half a character.
        let cut = Array(stored[..<(15 + text.count - 3)])
        let source = try DecompressedSource(Pieces(cut, sizes: [1]), .gzip)
        let outcome = Everywhere.outcome(of: TranscodedSource(source, UTF16ToUTF8(order: .little)), Sluice())
        #expect(outcome.output == Array("{\"é\":\"1\"}\n".utf8))
        #expect(outcome.error == .badData(CSVError(.badCompression, offset: 5, line: 3, record: 3)))
    }
}

private enum Order {
    case big
    case little
}

private func bytes(_ text: String, _ order: Order) -> [UInt8] {
    text.utf16.flatMap { unit in
        let (high, low) = (UInt8(unit >> 8), UInt8(unit & 0xFF))
        return order == .big ? [high, low] : [low, high]
    }
}

private func source(_ bytes: [UInt8], _ encoding: Encoding, pieces size: Int) -> any ByteSource {
    let source = Pieces(bytes, sizes: [size])
    return encoding.transcoder.map { TranscodedSource(source, $0) } ?? source
}

private func outcome(
    _ bytes: [UInt8],
    _ encoding: Encoding,
    pieces size: Int = .max,
    _ dialect: Dialect = .rfc4180
) -> Everywhere.Outcome {
    Everywhere.outcome(of: source(bytes, encoding, pieces: size), Sluice(dialect: dialect))
}

/// All that is read, with memory for few bytes at a time.
private func utf8(_ bytes: [UInt8], _ encoding: Encoding, pieces size: Int = .max) throws -> [UInt8] {
    var source = source(bytes, encoding, pieces: size)
    var all: [UInt8] = []
    var memory = [UInt8](repeating: 0, count: size == .max ? 1 << 16 : size)
    while case let count = try source.read(into: &memory), count > 0 { all += memory[..<count] }
    return all
}
