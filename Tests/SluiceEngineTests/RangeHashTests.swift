import Sluice
import SluiceCSV
import SluiceJSON
import SluiceTesting
import Testing

@Suite struct `The hash of a range` {
    /// Hashes ranges of random bytes, each closed when the next row arrives, while windows drop the bytes before a random
    /// place.
    @Test func `covers all its bytes, even those that have left memory`() {
        for seed: UInt64 in 0..<2_000 {
            var random = SplitMix64(seed: seed)
            func below(_ limit: Int) -> Int { Int(random.next() % UInt64(limit)) }
            let input = (0..<1 + below(2_000)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            input.withView { bytes in
                var hash = RangeHash(start: 0)
                var (position, dropped, start) = (0, 0, 0)
                while position < input.count {
                    let window = Window(bytes.from(dropped), offset: UInt64(dropped), isLast: true)
                    position = min(input.count, position + 1 + below(300))
                    switch below(4) {
                    case 0: hash.extend(to: UInt64(position))
                    case 1:
                        hash.leave(window, upTo: UInt64(position))
                        dropped = position
                    case 2 where Int(hash.end) > start, 3:
                        let end = below(2) == 0 && Int(hash.end) > start ? Int(hash.end) : position
                        let found = hash.close(at: UInt64(end), in: window)
                        let expected = BytesHash(UnsafeRawBufferPointer(bytes[start..<end].buffer))
                        #expect(found == expected, "seed \(seed), \(start)-\(end)")
                        (start, position) = (end, max(end, dropped))
                    default:
                        hash.skip(to: UInt64(position))
                        start = position
                    }
                }
            }
        }
    }

    @Test func `is the 128-bit XXH3`() {
        // Digests from xxh128sum, version 0.8.1.
        for (text, digits) in [("", "99aa06d3014798d86001c324468d497f"), ("abc", "06b05ab6733a618578af5f94892f3950")] {
            #expect(Array(text.utf8).withUnsafeBytes { BytesHash($0) }.digits == digits)
        }
    }

    @Test func `is the same for pieces of any size`() {
        var random = SplitMix64(seed: 3)
        for count in [0, 1, 16, 17, 128, 129, 240, 241, 1024, 5_000] {
            let bytes = (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            let hasher = BytesHasher()
            var rest = bytes[...]
            while !rest.isEmpty {
                let piece = rest.prefix(1 + Int(random.next() % 400))
                piece.withUnsafeBytes { hasher.add($0) }
                rest = rest.dropFirst(piece.count)
            }
            #expect(hasher.hash == bytes.withUnsafeBytes { BytesHash($0) })
        }
    }
}

@Suite struct `A message's id` {
    @Test func `matches the worked example in the documentation`() {
        let bytes = Array(Self.orders.utf8)
        let identity = CSVConverter().identity(SourceName("orders"))
        let hash = bytes.withUnsafeBytes { BytesHash($0) }
        #expect(hash.digits == "4646301f379e7785e57c8e7f47591907")
        let id = MessageIDs(identity, .json).id(segment: 0, index: 0, range: 0..<85, hash)
        #expect(id.digits == "0b4250ebb7560b1dd801db910e7b0e62")
    }

    private static let orders =
        "order,customer,note\r\n1,Åsa,\"said \"\"hello\"\", left\"\r\n2,,two  spaces\r\n3,\"O\n\"\"Neil\"\"\",\r\n"

    @Test func `is added as a number, in any order`() throws {
        let ids = try ["ffffffffffffffffffffffffffffffff", "00000000000000000000000000000003"].map {
            try #require(MessageID($0))
        }
        #expect((ids[0] + ids[1]).digits == "00000000000000000000000000000002")
        #expect(ids[1] + ids[0] == ids[0] + ids[1] && ids[0] + .zero == ids[0])
        for text in ["", "f", "+0000000000000000000000000000003", "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"] {
            #expect(MessageID(text) == nil)
        }
    }
}

@Suite struct `The limit of a message` {
    @Test(arguments: [nil, 22]) func `is respected by the longest attributes with the longest body`(_ level: Int?) {
        for text in MessageFormat.Text.allCases {
            let format = MessageFormat(limit: 4096, text: text, compression: level)
            let source = SourceName(String(repeating: "x", count: SourceName.limit))
            var message = CSVConverter().manifest(at: Checkpoint(start: CSVConverter().identity(source)))
            message.body = [UInt8](repeating: 0x61, count: format.bodyLimit)
            message.content = format.content
            message.range = .max - 1 ..< .max
            message.records = .max - 1 ... .max
            message.segment = .max
            message.index = .max
            // ExtendedPayloadSize of type Number, and sluice.event of type String with at most 190 bytes.
            let others = 19 + 6 + 20 + 12 + 6 + 190
            #expect(message.size + others <= format.limit)
            message.content = .manifest
            #expect(message.size + others <= format.limit)
        }
    }

    @Test func `is respected by every last message`() throws {
        var dialect = Dialect.rfc4180
        dialect.header = .names((0..<10_000).map { "column \($0)" })
        let format = MessageFormat(limit: 4096, text: .ndjson, compression: 22, oversize: .offload)
        let source = SourceName(String(repeating: "\"", count: 5_000))
        var tally = MessageTally(messages: .max, rows: .max, rejectedBefore: .max)
        for start: UInt64 in 0..<1_000 { tally.addEmptySpan(4 * start..<4 * start + 1) }
        for source in [source, SourceName(String(repeating: "\"", count: 480))] {
            let converter = CSVConverter(dialect: dialect, messageFormat: format)
            let identity = converter.identity(source)
            let entry = RecordPosition(offset: .max, number: .max, line: .max)
            let end = Checkpoint(identity: identity, position: entry, tally: tally)
            let error = CSVError(.textAfterQuote, offset: .max, record: .max, field: .max)
            for message in [converter.manifest(at: end), converter.aborted(at: end, by: error)] {
                #expect(message.body.count <= format.bodyLimit)
                let body = try #require(JSONValue(parsing: message.body))
                #expect(body["configuration"]?.text == identity.configuration && body["idSum"] != nil)
                #expect(body["emptySpans"]?.integer == 1_000)
            }
        }
    }
}
