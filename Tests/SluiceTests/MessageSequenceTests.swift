import Sluice
import SluiceCSV
import SluiceTesting
import Testing

@Suite struct `Messages of an asynchronous stream` {
    /// Chunks of given sizes, used in turn.
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
            let format = MessageFormat(limit: 700, compression: level).cutting(segmentSize: 128)
            let sluice = Sluice(dialect: dialect, limits: format)
            let expected = Packed.pack(.stream(Pieces(input, sizes: [.max])), sluice)
            for sizes in [[1 << 20], [1], [7, 1, 64]] {
                let found = await collect(sluice.messages(from: chunks(input, sizes), source: "test.csv"))
                #expect(found.messages == expected.messages, "seed \(seed), chunks of \(sizes)")
                #expect(found.error == expected.error, "seed \(seed), chunks of \(sizes)")
            }
        }
    }

    @Test func `are ready as soon as they are full`() async throws {
        let rows = [[UInt8]](repeating: Array("1,2\n".utf8), count: 1000)
        let (stream, continuation) = AsyncStream<[UInt8]>.makeStream()
        var messages = Sluice(limits: MessageFormat(limit: 2000)).messages(from: stream, source: "s")
            .makeAsyncIterator()
        continuation.yield(Array("a,b\n".utf8) + rows.flatMap(\.self))
        // The stream goes on, so only what was yielded can have made it.
        let first = try await messages.next()
        #expect(first?.size ?? 0 > 1900)
    }

    @Test func `are refused in an encoding that would have to be transcoded`() async {
        let found = await collect(Sluice(encoding: .latin1).messages(from: chunks([], [1]), source: "s"))
        #expect(found.messages.isEmpty && found.error != nil)
    }
}
