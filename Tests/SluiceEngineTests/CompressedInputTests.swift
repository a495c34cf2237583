import Sluice
import SluiceCSV
import SluiceCases
import SluiceTesting
import Testing

@Suite struct `Compressed input` {
    @Test(arguments: Cases.all)
    func `converts like plain input, in pieces of any size`(_ example: Case) throws {
        for (name, bytes) in try Compressing.ways(example.input) {
            for size in Pieces.sizes(for: bytes) {
                let outcome = try outcome(bytes, pieces: size, example.dialect)
                #expect(outcome == Everywhere.expected(example.input, example.dialect), "\(name), \(size)")
            }
        }
    }

    @Test func `may consist of many members or frames, split anywhere, even empty ones`() throws {
        for cut in 0...Sample.text.count {
            let (head, tail) = (Array(Sample.text[..<cut]), Array(Sample.text[cut...]))
            let skippable: [UInt8] = [0x5A, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 1, 2, 3]
            let gzip = try Compressing.gzip(head) + Compressing.gzip([]) + Compressing.gzip(tail)
            let zstd = try skippable + Compressing.zstd(head) + skippable + Compressing.zstd(tail) + skippable
            for bytes in [gzip, zstd] {
                for size in [1, Int.max] {
                    #expect(try outcome(bytes, pieces: size) == Everywhere.expected(Sample.text, .rfc4180))
                }
            }
        }
    }

    @Test func `that holds nothing is an empty input`() throws {
        for (name, bytes) in try Compressing.ways([]) {
            #expect(try outcome(bytes) == Everywhere.Outcome(output: [], rows: 0), "\(name)")
        }
    }

    @Test func `that is cut off anywhere fails after the complete records`() throws {
        for (name, bytes) in try Compressing.ways(Sample.text) {
            var last: UInt64 = 0
            for count in magicLength(name)..<bytes.count {
                let outcome = try outcome(Array(bytes[..<count]))
                let error = try #require(outcome.badCompression, "\(name), \(count) bytes: \(outcome)")
                #expect(outcome == Sample.outcome(damagedAt: error.offset), "\(name), \(count) bytes")
                #expect(error.offset >= last)
                if name == "stored gzip" {
                    // The text starts after the gzip header of 10 bytes and the block header of 5.
                    #expect(error.offset == UInt64(min(max(count - 15, 0), Sample.text.count)))
                }
                last = error.offset
            }
            #expect(name == "zstd" || last == UInt64(Sample.text.count))
        }
    }

    @Test func `with any bit flipped fails or converts as before, and never yields a wrong row`() throws {
        let half = try Compressing.ways(Array(Sample.text[..<9]))
        for (first, second) in zip(half, try Compressing.ways(Array(Sample.text[9...]))) {
            let whole = first.bytes + second.bytes
            // Changed magic bytes would make it another kind of input.
            for bit in 8 * magicLength(first.name)..<8 * whole.count {
                var bytes = whole
                bytes[bit / 8] ^= 1 << UInt8(bit % 8)
                let outcome = try outcome(bytes)
                let expected = Everywhere.expected(Sample.text, .rfc4180)
                if outcome == expected { continue }
                #expect(expected.output.starts(with: outcome.output), "\(first.name), bit \(bit)")
                // Deflate codes carry no checks: a damaged member may also look cut off, after bytes that it does not hold,
                // and these may be invalid CSV.
                if first.name == "gzip", outcome.error != nil { continue }
                let error = try #require(outcome.badCompression, "\(first.name), bit \(bit): \(outcome)")
                #expect(outcome == Sample.outcome(damagedAt: error.offset), "\(first.name), bit \(bit)")
            }
        }
    }

    @Test func `with trailing garbage fails after its last complete record`() throws {
        let text = Sample.text + Array("4,open".utf8)
        for (name, bytes) in try Compressing.ways(text) {
            for garbage in [[0], [0, 0, 0, 0, 0], Array("garbage".utf8), [0x1F], [0x28, 0xB5]] {
                for size in [1, Int.max] {
                    let found = try outcome(bytes + garbage, pieces: size)
                    var expected = Sample.outcome(damagedAt: UInt64(Sample.text.count))
                    let end = UInt64(text.count)
                    expected.error = .badData(CSVError(.badCompression, offset: end, line: 6, record: 5))
                    #expect(found == expected, "\(name), \(garbage)")
                }
            }
        }
    }

    @Test func `with a bad checksum at its end yields the same rows and error in pieces of any size`() throws {
        let text = Array("n,text\n".utf8) + (0..<70_000).flatMap { Array("\($0),some text\n".utf8) }
        let expected = Everywhere.expected(text, .rfc4180).output
        for (name, whole) in try Compressing.ways(text) {
            var bytes = whole
            // A frame's checksum is its last four bytes. A member's checksum is the four bytes before its size.
            bytes[bytes.count - 6 + (name == "zstd" ? 3 : 0)] ^= 1
            let found = try outcome(bytes)
            let error = try #require(found.badCompression)
            #expect(error.offset > 1_000_000)
            #expect(error.record == found.rows + 2)
            #expect(expected.starts(with: found.output))
            for size in Seeds.isFew ? [4097] : [1, 4097] {
                #expect(try outcome(bytes, pieces: size) == found, "\(name), \(size)")
            }
        }
    }

    @Test func `may request a zstd window up to the limit, and no larger`() throws {
        let text = Sample.text
        #expect(text.count < 32)
        for (log, maxWindow) in [(27, 1 << 27), (28, 1 << 27), (28, 1 << 28), (31, 1 << 31), (31, 1 << 30)]
            as [(UInt8, Int)]
        {
            // The frame has no checksum, a window of 2 to the power of `log`, and one raw block, the last.
            let header = [0x28, 0xB5, 0x2F, 0xFD, 0, (log - 10) << 3, UInt8(text.count << 3 & 0xFF | 1), 0, 0]
            let found = try outcome(header + text, maxWindow: maxWindow)
            if 1 << Int(log) <= maxWindow {
                #expect(found == Everywhere.expected(text, .rfc4180), "\(log)")
            } else {
                guard case .overLimit(.zstdWindow, let reason) = found.error else {
                    Issue.record("\(log): \(found)")
                    continue
                }
                #expect(reason.contains("a zstd window of more than") && found.output.isEmpty)
            }
        }
    }

    @Test func `is decoded from its first byte, even if its second piece looks like a beginning`() throws {
        // A damaged frame. Its fifth byte begins a skippable frame, after which comes a frame with a raw block that is cut
        // off.
        let bytes: [UInt8] = [
            0x28, 0xB5, 0x2F, 0xFD, 0x50, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 0x61, 0x62, 0x63,
            0x28, 0xB5, 0x2F, 0xFD, 4, 0x58, 0x41, 0, 0, 0x61, 0x0A, 0x62,
        ]
        for size in [1, 3, 4, 5, 7, Int.max] {
            let found = try outcome(bytes, pieces: size)
            #expect(found.output.isEmpty && found.badCompression?.offset == 0, "\(size): \(found)")
        }
    }

    @Test func `is recognised from no more bytes than necessary`() throws {
        let inputs: [([UInt8], read: Int, Compression?)] = [
            ([], 0, nil), (Array("a,b\n".utf8), 1, nil), (Array("P,b\n".utf8), 2, nil), (Array("(a,b\n".utf8), 2, nil),
            ([0x1F], 1, nil), ([0x1F, 0x41], 2, nil), ([0x28, 0xB5, 0x2F], 3, nil), ([0x50, 0x2A, 0x4D], 3, nil),
            ([0x28, 0xB5, 0x2F, 0x41, 0x42], 4, nil), ([0x1F, 0x8B, 0x41], 2, .gzip),
            ([0x28, 0xB5, 0x2F, 0xFD, 0x41], 4, .zstd), ([0x5F, 0x2A, 0x4D, 0x18, 0x41], 4, .zstd),
        ]
        for (bytes, read, expected) in inputs {
            let counter = Counter(bytes)
            var (compression, source) = try OpenedInput.sniff(counter)
            #expect(counter.given == read)
            #expect(compression == expected)
            var all: [UInt8] = []
            var memory: [UInt8] = [0, 0, 0]
            while case let count = try source.read(into: &memory), count > 0 { all += memory[..<count] }
            #expect(all == bytes)
        }
    }
}

/// An input whose records are easy to count.
private enum Sample {
    static let text = Array("n,text\n1,a\n2,\"b\nc\"\n3,é\n".utf8)
    private static let recordEnds = [7, 11, 19, 24]

    /// Returns the expected outcome if the text is damaged from the given offset on.
    static func outcome(damagedAt offset: UInt64) -> Everywhere.Outcome {
        let records = recordEnds.filter { $0 <= offset }
        var outcome = Everywhere.expected(Array(text[..<(records.last ?? 0)]), .rfc4180)
        outcome.error = .badData(
            CSVError(
                .badCompression,
                offset: offset,
                line: ReferenceParser.line(of: offset, in: text, dialect: .rfc4180),
                record: UInt64(records.count + 1)
            )
        )
        return outcome
    }
}

/// A source that gives one byte at a time and counts them.
private final class Counter: ByteSource {
    private let bytes: [UInt8]
    private(set) var given = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    func read(into memory: UnsafeMutableRawBufferPointer) -> Int {
        guard given < bytes.count else { return 0 }
        memory[0] = bytes[given]
        given += 1
        return 1
    }
}

extension Everywhere.Outcome {
    fileprivate var badCompression: CSVError? {
        guard case .badData(let error) = error, error.code == .badCompression else { return nil }
        return error
    }
}

private func magicLength(_ name: String) -> Int { name == "zstd" ? 4 : 2 }

/// Returns the outcome of converting compressed bytes.
private func outcome(
    _ bytes: [UInt8],
    pieces size: Int = .max,
    _ dialect: Dialect = .rfc4180,
    maxWindow: Int = CSVConverter.usualMaxWindow
) throws -> Everywhere.Outcome {
    let decompressed = try OpenedInput.decoded(Pieces(bytes, sizes: [size]), .utf8, maxWindow: maxWindow)
    return Everywhere.outcome(of: decompressed, CSVConverter(dialect: dialect))
}
