import Sluice
import SluiceFoundation
import SluiceTesting
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct `Rows` {
    private let input = Array("a,b\n1,\"x\"\n2,y\n".utf8)
    private let rows = Array("{\"a\":\"1\",\"b\":\"x\"}\n{\"a\":\"2\",\"b\":\"y\"}\n".utf8)

    @Test func `are made of bytes in memory, of any type`() throws {
        #expect(try CSVConverter().convert(input) == rows)
        #expect(try CSVConverter().convert(input[...]) == rows)
        #expect(try CSVConverter().convert(Data(input)) == rows)
        #expect(try CSVConverter().convert(Compressing.gzip(input)) == rows)
        #expect(try CSVConverter(format: .array).convert([UInt8]()) == Array("[]\n".utf8))
        #expect(throws: SluiceError.self) { try CSVConverter().convert(Array("a,b\n1\n".utf8)) }
    }

    struct Full: Error, Equatable {}

    /// Takes a number of bytes.
    struct Small: ByteSink {
        var room: Int
        var failsAtEnd = false
        var ends = 0

        mutating func write(_ bytes: UnsafeRawBufferPointer) throws(Full) {
            room -= bytes.count
            if room < 0 { throw Full() }
        }

        mutating func finish() throws(Full) {
            ends += 1
            if failsAtEnd { throw Full() }
        }
    }

    @Test func `go to sinks that have errors of their own type`() throws {
        var sink = Small(room: 5)
        do throws(ConversionError<Full>) {
            try CSVConverter().convert(input, to: &sink)
            Issue.record("no error")
        } catch {
            #expect(error.sinkFailure == Full() && error.earlier == nil)
        }
        #expect(sink.ends == 1)
        sink = Small(room: 1000, failsAtEnd: true)
        do throws(ConversionError<Full>) {
            try CSVConverter().convert(Array("a,b\n1\n".utf8), to: &sink)
            Issue.record("no error")
        } catch {
            guard case .badData(let cause) = error.earlier else { throw error }
            #expect(error.sinkFailure == Full() && cause.code == .raggedRecord)
        }
        sink = Small(room: 1000)
        #expect(try CSVConverter().convert(input, to: &sink) == 2)
        let file = try TemporaryFile(input)
        var found: [UInt8] = []
        try CSVConverter().convert(file: file.path) { found += $0 }
        #expect(found == rows)
        do throws(ConversionError<Full>) {
            try CSVConverter().convert(file: file.path) { (_) throws(Full) in throw Full() }
        } catch {
            #expect(error.sinkFailure == Full() && error.earlier == nil)
        }
    }

    @Test func `go to a file that appears once they are all there`() throws {
        let file = try TemporaryFile(input)
        let path = "/tmp/sluice-rows-\(UInt64.random(in: 0 ... .max))"
        #expect(try CSVConverter().convert(file: file.path, toFile: path) == 2)
        #expect(try Array(Data(contentsOf: URL(filePath: path))) == rows)
        #expect(throws: SluiceError.self) { try CSVConverter().convert(file: file.path, toFile: path) }
        let invalid = try TemporaryFile(Array("a,b\n1\n".utf8))
        #expect(throws: SluiceError.self) {
            try CSVConverter().convert(file: invalid.path, toFile: path, replacesFile: true)
        }
        #expect(try Array(Data(contentsOf: URL(filePath: path))) == rows)
        try FileManager.default.removeItem(atPath: path)
    }

    private func chunks(_ bytes: [UInt8], _ size: Int) -> AsyncStream<[UInt8]> {
        AsyncStream { stream in
            for start in stride(from: 0, to: bytes.count, by: size) {
                stream.yield(Array(bytes[start..<min(start + size, bytes.count)]))
            }
            stream.finish()
        }
    }

    @Test func `of a stream are those of the same bytes, however it is cut, compressed or not`() async throws {
        for seed: UInt64 in 0..<100 {
            let dialect = CSVGenerator.dialect(seed: seed)
            var generator = CSVGenerator(seed: seed, dialect: dialect)
            let input = generator.input()
            let converter = CSVConverter(dialect: dialect, format: seed % 2 == 0 ? .ndjson : .array)
            var sink = ArraySink()
            var expected: SluiceError?
            do throws(ConversionError<Never>) { try converter.convert(input, to: &sink) } catch {
                expected = error.cause
            }
            for bytes in [input, seed % 8 == 0 ? try Compressing.gzip(input) : input] {
                var (found, error): ([UInt8], SluiceError?) = ([], nil)
                do {
                    for try await rows in converter.rows(from: chunks(bytes, 1 + Int(seed % 40))) { found += rows }
                } catch let caught as SluiceError {
                    error = caught
                }
                #expect(found == sink.bytes && error == expected, "seed \(seed)")
            }
        }
    }

    @Test func `of a stream end with a cancellation`() async throws {
        let endless = AsyncStream<[UInt8]>(unfolding: { Array("a,b\n".utf8) })
        let task = Task {
            for try await _ in CSVConverter().rows(from: endless) { withUnsafeCurrentTask { $0?.cancel() } }
        }
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func `are made of the chunks of a file`() async throws {
        let file = try TemporaryFile(input)
        var found: [UInt8] = []
        for try await rows in CSVConverter().rows(from: FileChunks(file.path, chunkSize: 3)) { found += rows }
        #expect(found == rows)
        await #expect(throws: SluiceError.self) { for try await _ in FileChunks("/no/such/file") {} }
    }
}

extension ConversionError {
    var sinkFailure: SinkFailure? { if case .sink(let failure, _) = self { failure } else { nil } }
    var earlier: SluiceError? { if case .sink(_, let error) = self { error } else { nil } }
}
