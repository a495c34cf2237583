import Sluice
import SluiceCSV
import SluiceTesting
import Testing

@Suite struct `Messages of an asynchronous stream` {
    /// Returns a stream of chunks of the given sizes, used in turn.
    private func chunks(_ bytes: [UInt8], _ sizes: [Int]) -> AsyncStream<[UInt8]> {
        AsyncStream { stream in
            var (rest, turn) = (bytes[...], 0)
            while !rest.isEmpty {
                let chunk = rest.prefix(sizes[turn % sizes.count])
                stream.yield(Array(chunk))
                rest = rest.dropFirst(chunk.count)
                turn += 1
            }
            stream.finish()
        }
    }

    private func collect(_ messages: MessageSequence<AsyncStream<[UInt8]>>) async -> Packed {
        var packed = Packed()
        do {
            for try await message in messages { packed.messages.append(message) }
        } catch {
            packed.error = error as? SluiceError
        }
        return packed
    }

    @Test(arguments: [nil, 3])
    func `are those of the same bytes read in one piece`(_ level: Int?) async throws {
        for seed: UInt64 in 0..<150 {
            let dialect = CSVGenerator.dialect(seed: seed)
            var generator = CSVGenerator(seed: seed, dialect: dialect)
            let input = generator.input()
            let format = MessageFormat(limit: 1524, compression: level).cutting(segmentSize: 128)
            let converter = CSVConverter(dialect: dialect, messageFormat: format)
            let expected = Packed.pack(.stream(Pieces(input, sizes: [.max])), converter)
            for sizes in [[1 << 20], [1], [7, 1, 64]] {
                let found = await collect(converter.messages(from: chunks(input, sizes), source: "test.csv"))
                #expect(found.messages == expected.messages, "seed \(seed), chunks of \(sizes)")
                #expect(found.error == expected.error, "seed \(seed), chunks of \(sizes)")
            }
        }
    }

    @Test func `are ready as soon as they are full`() async throws {
        let rows = [[UInt8]](repeating: Array("1,2\n".utf8), count: 1000)
        let (stream, continuation) = AsyncStream<[UInt8]>.makeStream()
        var messages = CSVConverter(messageFormat: MessageFormat(limit: 4096)).messages(from: stream, source: "s")
            .makeAsyncIterator()
        continuation.yield(Array("a,b\n".utf8) + rows.flatMap(\.self))
        // The stream is still open, so the message consists of what was yielded so far.
        let first = try await messages.next()
        #expect(first?.body.count ?? 0 > 2900)
    }

    /// Chunks that arrive until their task is cancelled, and then end as an AsyncStream does.
    private struct EndlessChunks: AsyncSequence {
        struct AsyncIterator: AsyncIteratorProtocol {
            var bytes: [UInt8]

            mutating func next() async throws -> [UInt8]? {
                if Task.isCancelled { return nil }
                // The task that asks for the second chunk is cancelled while it waits.
                defer { bytes = [] }
                if bytes.isEmpty { withUnsafeCurrentTask { $0?.cancel() } }
                return bytes.isEmpty ? nil : bytes
            }
        }

        let bytes: [UInt8]
        func makeAsyncIterator() -> AsyncIterator { AsyncIterator(bytes: bytes) }
    }

    private func outcome<Chunks: AsyncSequence>(
        _ messages: MessageSequence<Chunks>
    ) async -> (messages: [Message], error: (any Error)?, after: Message?) where Chunks.Element: ByteChunk {
        var (found, iterator) = ([Message](), messages.makeAsyncIterator())
        do {
            while let message = try await iterator.next() { found.append(message) }
            return (found, nil, nil)
        } catch {
            let after = (try? await iterator.next()) ?? nil
            return (found, error, after)
        }
    }

    @Test func `end with CancellationError and without a manifest if the task is cancelled`() async throws {
        let text = Array("a,b\n1,2\n3,4\n".utf8)
        let format = MessageFormat(limit: 1724).cutting(segmentSize: 128)
        let converter = CSVConverter(messageFormat: format)
        let plain = await Task { await outcome(converter.messages(from: EndlessChunks(bytes: text), source: "s")) }
            .value
        #expect(plain.messages.isEmpty && plain.error is CancellationError && plain.after == nil)
        for bytes in [text, try Compressing.gzip(text), [0x1F]] {
            let chunks = DecompressedChunks(EndlessChunks(bytes: bytes), at: 0)
            let found = await Task { await outcome(converter.messages(from: chunks, source: "s")) }.value
            #expect(found.messages.isEmpty && found.error is CancellationError && found.after == nil)
        }
        let stream = AsyncStream<[UInt8]> { $0.yield(text) }
        let task = Task { await outcome(converter.messages(from: stream, source: "s")) }
        task.cancel()
        let cancelled = await task.value
        #expect(cancelled.messages.allSatisfy { $0.records != nil } && cancelled.error is CancellationError)
    }

    @Test func `do not continue after an error`() async {
        struct Broken: Error {}
        let stream = AsyncThrowingStream<[UInt8], any Error> { stream in
            stream.yield(Array("a,b\n1,2\n".utf8))
            stream.finish(throwing: Broken())
        }
        let found = await outcome(CSVConverter().messages(from: stream, source: "s"))
        #expect(found.messages.isEmpty && found.error is Broken && found.after == nil)
        let invalid = await outcome(CSVConverter().messages(from: chunks(Array("a\n1,2\n".utf8), [1]), source: "s"))
        #expect(invalid.messages.map(\.content) == [.aborted] && invalid.error is SluiceError && invalid.after == nil)
    }

    @Test func `have no manifest if fewer or more bytes arrive than were announced`() async {
        let text = Array("a,b\n1,2\n".utf8)
        for (size, isWhole) in [(7, false), (8, true), (9, false)] as [(UInt64, Bool)] {
            let found = await outcome(CSVConverter().messages(from: chunks(text, [3]), source: "s", size: size))
            #expect(found.messages.contains { $0.content == .manifest } == isWhole, "\(size)")
            let received = min(UInt64(text.count), size == 7 ? 8 : size)
            let wrong = SluiceError.wrongSize(expected: size, received: received)
            #expect((found.error as? SluiceError) == (isWhole ? nil : wrong), "\(size)")
        }
    }

    @Test func `are those of the decompressed bytes if the chunks are compressed`() async throws {
        let text = Array(("a,b\n" + String(repeating: "1,2\n", count: 2000)).utf8)
        let converter = CSVConverter(messageFormat: MessageFormat(limit: 4096))
        let expected = await collect(converter.messages(from: chunks(text, [.max]), source: "s"))
        #expect(expected.messages.last?.content == .manifest)
        for (name, input) in try Compressing.ways(text) {
            let size = UInt64(input.count)
            let found = await collect(converter.messages(from: chunks(input, [100]), source: "s", size: size))
            #expect(found.messages == expected.messages && found.error == nil, "\(name)")
            // A stream that breaks off is no damaged input, which would have a last message.
            let cut = chunks(Array(input.dropLast(5)), [100])
            let broken = await collect(converter.messages(from: cut, source: "s", size: size))
            #expect(broken.error == .wrongSize(expected: size, received: size - 5), "\(name)")
            #expect(!broken.messages.contains { $0.isLast }, "\(name)")
        }
    }

    @Test(arguments: ["windows-1252", "utf-16", "utf-16be"])
    func `may come from text in another encoding`(_ label: String) async throws {
        let encoding = try #require(Encoding(label: label))
        let text = "é,b\n1,2\n\"x\"y,3\n"
        let units = text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        let stored: [UInt8] =
            switch label {
            case "utf-16": [0xFE, 0xFF] + units
            case "utf-16be": units
            default: text.unicodeScalars.map { UInt8($0.value) }
            }
        let converter = CSVConverter(encoding: encoding)
        let source = try OpenedInput.decoded(Pieces(stored, sizes: [.max]), encoding)
        let expected = Packed.pack(.stream(source), converter)
        #expect(expected.messages.map(\.content) == [.json, .aborted])
        for size in [1, 3, Int.max] {
            let found = await collect(converter.messages(from: chunks(stored, [size]), source: "test.csv"))
            #expect(found.messages == expected.messages && found.error == expected.error, "\(size)")
        }
        let other: [UInt8] = [0xEF, 0xBB, 0xBF] + Array(text.utf8)
        let found = await collect(converter.messages(from: chunks(other, [1]), source: "test.csv"))
        #expect(found.messages.map(\.content) == [.aborted])
    }
}
