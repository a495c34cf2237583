import Sluice
import SluiceCSV
import SluiceTesting
import Testing

@Suite struct `Chunks of a compressed input` {
    private static let sizes = [1, 7, 4097, Int.max]
    private static let format = MessageFormat(limit: 1524).cutting(segmentSize: 256)
    private static let text = Array("n,text\n".utf8) + (0..<200).flatMap { Array("\($0),\"some\ntext\"\n".utf8) }

    private func chunks(_ bytes: [UInt8], _ size: Int) -> AsyncStream<[UInt8]> {
        AsyncStream { stream in
            var rest = bytes[...]
            while !rest.isEmpty {
                stream.yield(Array(rest.prefix(size)))
                rest = rest.dropFirst(size)
            }
            stream.finish()
        }
    }

    /// Returns the outcome of chunks of the given size, after a checkpoint if there is one.
    private func outcome(
        _ bytes: [UInt8],
        _ size: Int,
        _ converter: CSVConverter = CSVConverter(messageFormat: format),
        after checkpoint: Checkpoint? = nil
    ) async -> Packed {
        let start = checkpoint ?? Checkpoint(start: converter.identity(SourceName("test.csv")))
        let chunks = DecompressedChunks(chunks(bytes, size), at: 0)
        var packed = Packed()
        do {
            for try await event in converter.events(from: chunks, start: start, isReadAgain: checkpoint != nil) {
                switch event {
                case .message(let message): packed.messages.append(message)
                case .checkpoint(let checkpoint): packed.checkpoints.append(checkpoint)
                }
            }
        } catch {
            packed.error = error as? SluiceError
        }
        return packed
    }

    /// Returns the outcome of the same bytes as a source.
    private func expected(
        _ bytes: [UInt8],
        _ converter: CSVConverter = CSVConverter(messageFormat: format),
        after checkpoint: Checkpoint? = nil
    ) throws -> Packed {
        let source = try OpenedInput.decoded(Pieces(bytes, sizes: [.max]), .utf8)
        return Packed.pack(.stream(source), converter, from: checkpoint)
    }

    @Test func `yield the messages of the text, in chunks of any size`() async throws {
        let plain = try expected(Self.text)
        #expect(plain.error == nil && plain.checkpoints.count > 5)
        for (name, bytes) in try Compressing.ways(Self.text) + [("plain", Self.text)] {
            for size in Self.sizes { #expect(await outcome(bytes, size) == plain, "\(name), \(size)") }
        }
    }

    @Test func `may be none, or plain bytes that begin like compressed input`() async throws {
        for bytes in [[], [0x50], Array("P*\n1\n".utf8), [0x28, 0xB5]] {
            let plain = try expected(bytes)
            for size in [1, Int.max] {
                let found = await outcome(bytes, size)
                #expect(found.messages == plain.messages && found.error == plain.error, "\(bytes)")
            }
        }
    }

    @Test func `are passed on unchanged if they are not the first`() async throws {
        let bytes = try Compressing.gzip(Self.text)
        var found: [UInt8] = []
        for try await chunk in DecompressedChunks(chunks(bytes, 7), at: 1) { chunk.withUnsafeBytes { found += $0 } }
        #expect(found == bytes)
    }

    @Test func `that are cut off or damaged yield the rows and the error of the file`() async throws {
        let long = Array("n,text\n".utf8) + (0..<30_000).flatMap { Array("\($0),some text\n".utf8) }
        let converter = CSVConverter(messageFormat: MessageFormat(limit: 20_000))
        for (name, whole) in try Compressing.ways(long) {
            var changed = whole
            changed[whole.count - 6 + (name == "zstd" ? 3 : 0)] ^= 1
            for bytes in [Array(whole.dropLast(5)), Array(whole.prefix(whole.count / 2)), changed, whole + [0]] {
                let file = try expected(bytes, converter)
                #expect(file.messages.last?.content == .aborted)
                for size in [4097, Int.max] {
                    #expect(await outcome(bytes, size, converter) == file, "\(name), \(size)")
                }
            }
        }
    }

    @Test func `are read again from the start to continue after any checkpoint`() async throws {
        let bytes = try Compressing.zstd(Self.text)
        for checkpoint in try expected(bytes).checkpoints {
            let rest = await outcome(bytes, 7, after: checkpoint)
            #expect(try rest == expected(bytes, after: checkpoint))
            #expect(rest.messages.last?.content == .manifest)
            #expect(rest.checkpoints.allSatisfy { $0.offset > checkpoint.offset })
        }
    }
}
