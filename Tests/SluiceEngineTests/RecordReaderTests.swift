import Sluice
import SluiceCSV
import SluicePlatform
import SluiceTesting
import Testing

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

@Suite struct `A record reader` {
    @Test func `returns values where they are in memory, unless they had to be changed`() throws {
        let input = Array("a,b,c,d\r\nplain,\"quoted, too\",\"it's \"\"so\"\"\",\"\"\r\n".utf8)
        let reader = try CSVReader(input)
        #expect(try reader.columns?.names == ["a", "b", "c", "d"])
        let record = try #require(try reader.next())
        #expect(record.strings == ["plain", "quoted, too", "it's \"so\"", ""])
        #expect(record.map(\.isQuoted) == [false, true, true, true])
        #expect(record["b"].map { String($0) } == "quoted, too" && record["x"] == nil)
        #expect(record.dictionary == ["a": "plain", "b": "quoted, too", "c": "it's \"so\"", "d": ""])
        #expect(record[0] == "plain" && !(record[0] == "plai"))
        let field = record[1]
        #expect(
            field.span.count == 11 && field.span[0] == UInt8(ascii: "q")
                && String(copying: field.utf8Span) == "quoted, too"
        )
        #expect(try reader.next() == nil)
    }

    @Test func `gives records that can be kept while it reads on`() throws {
        var input = Array("n,text\n".utf8)
        for number in 0..<20_000 { input += Array("\(number),\"said \"\"\(number)\"\"\"\n".utf8) }
        let reader = try CSVReader(input)
        var kept: [CSVRecord] = []
        while let record = try reader.next() {
            if record.number % 1000 == 0 { kept.append(record) }
            if record.number % 1001 == 0 { kept.append(record.detached()) }
        }
        #expect(kept.count == 39)
        for record in kept {
            let number = record.number - 2
            #expect(record.strings == ["\(number)", "said \"\(number)\""] && record.line == record.number)
        }
    }

    @Test func `reads files, even empty ones, and reports why it cannot read others`() throws {
        let file = try TemporaryFile(Array("a\n1\n2\n".utf8))
        let reader = try CSVReader(file: file.path)
        var values: [String] = []
        try reader.forEach { values.append("\($0.number)@\($0.offset)=\($0[0])") }
        #expect(values == ["2@2=1", "3@4=2"])
        let emptyFile = try TemporaryFile([])
        let empty = try CSVReader(file: emptyFile.path)
        #expect(try empty.next() == nil && empty.columns == nil)
        #expect(throws: SluiceError.input(SystemFault("open", path: "/no/such/file", code: ENOENT))) {
            _ = try CSVReader(file: "/no/such/file")
        }
        #expect(throws: SluiceError.noInput("it is a directory; name the files in it")) {
            _ = try CSVReader(file: "/tmp")
        }
    }

    @Test func `refuses an invalid dialect before it reads`() async throws {
        for dialect in [Dialect(delimiter: 0x0A), Dialect(quote: 0x0D), Dialect(header: .names([]))] {
            let error = #expect(throws: SluiceError.self) { _ = try CSVReader([0x61], dialect: dialect) }
            if case .misuse = error {} else { Issue.record("\(String(describing: error))") }
            await #expect(throws: SluiceError.self) {
                for try await _ in CSVRecords(chunks([0x61], size: 1), dialect: dialect) {}
            }
        }
    }

    @Test func `returns the records before an error, then throws it at each call`() async throws {
        let reader = try CSVReader(Array("a,b\n1,2\n3\n4,5\n".utf8))
        #expect(try reader.next()?.strings == ["1", "2"])
        let error = try #require(throws: SluiceError.self) { try reader.next() }
        let found = error.badData
        #expect(found?.code == .raggedRecord && found?.line == 3 && found?.column == "b")
        for _ in 0..<2 { #expect(throws: error) { try reader.next() } }
        #expect(throws: error) { try reader.forEach { _ in } }
        var records = CSVRecords(chunks(Array("a,b\n1,2\n3\n4,5\n".utf8), size: 4)).makeAsyncIterator()
        #expect(try await records.next()?.strings == ["1", "2"])
        for _ in 0..<3 { await #expect(throws: error) { try await records.next() } }
    }

    @Test func `goes on after the record at which a closure threw`() throws {
        struct Enough: Error {}
        let reader = try CSVReader(Array("a\n1\n2\n3\n".utf8))
        #expect(throws: Enough.self) { try reader.forEach { if $0.strings == ["2"] { throw Enough() } } }
        #expect(try reader.next()?.strings == ["3"] && reader.next() == nil)
    }

    @Test func `throws what a stream threw at each call`() async throws {
        struct Broken: Error {}
        let stream = AsyncThrowingStream<[UInt8], any Error> { $0.finish(throwing: Broken()) }
        var records = CSVRecords(stream).makeAsyncIterator()
        for _ in 0..<3 { await #expect(throws: Broken.self) { try await records.next() } }
    }

    @Test func `leaves invalid records out, counts them, and keeps what was wrong until it is taken`() throws {
        let input = Array("a,b\n1,2\n3\n4,5\n6,\"7\"x\n".utf8)
        let skipping = try CSVReader(input, invalidRecords: .skip)
        var values: [[String]] = []
        try skipping.forEach { values.append($0.strings) }
        #expect(values == [["1", "2"], ["4", "5"]])
        #expect(skipping.rejectedCount == 2 && skipping.takeRejectedRecords().isEmpty)
        let collecting = try CSVReader(input, invalidRecords: .collect)
        while try collecting.next() != nil {}
        let rejected = collecting.takeRejectedRecords()
        #expect(rejected.map(\.error.code) == [.raggedRecord, .textAfterQuote])
        #expect(rejected.map(\.lines) == [3...3, 5...5] && rejected.map(\.range) == [8..<10, 14..<21])
        #expect(rejected.map(\.bytes) == [Array("3".utf8), Array("6,\"7\"x".utf8)])
        #expect(collecting.rejectedCount == 2 && collecting.takeRejectedRecords().isEmpty)
    }

    @Test func `decompresses files, bytes and streams`() async throws {
        let text = Array(("a,b\n" + String(repeating: "1,\"x y\"\n", count: 50_000)).utf8)
        for (name, input) in try Compressing.ways(text) {
            let file = try TemporaryFile(input)
            let reader = try CSVReader(file: file.path)
            var count = 0
            while let record = try reader.next() { count += record[1] == "x y" ? 1 : 0 }
            let memory = try CSVReader(input)
            while let record = try memory.next() { count += record[1] == "x y" ? 1 : 0 }
            for try await record in CSVRecords(chunks(input, size: 1000)) { count += record[1] == "x y" ? 1 : 0 }
            #expect(count == 150_000, "\(name)")
            let cut = try CSVReader(Array(input.dropLast(9)))
            let error = #expect(throws: SluiceError.self) { while try cut.next() != nil {} }
            #expect(error?.badData?.code == .badCompression, "\(name)")
        }
    }

    @Test func `decodes text in another encoding`() async throws {
        let input: [UInt8] = Array("a,b\n1,".utf8) + [0xE9, 0x0A]
        #expect(try CSVReader(input, encoding: .windows1252).next()?.strings == ["1", "é"])
        for try await record in CSVRecords(chunks(input, size: 1), encoding: .windows1252) {
            #expect(record.strings == ["1", "é"] && record.line == 2)
        }
    }

    /// At a page's end, where reading past the new end of the file faults, and within a page, where it does not.
    @Test(arguments: [4096, (1 << 20) - 100, 5])
    func `reports that the file was truncated before it reports the end`(_ size: Int) throws {
        let file = try TemporaryFile(Array("a,b\n".utf8) + [UInt8](repeating: UInt8(ascii: "\n"), count: 1 << 20))
        let reader = try CSVReader(file: file.path)
        _ = try reader.columns
        #expect(truncate(file.path, size) == 0)
        #expect(throws: SluiceError.inputChanged) { while try reader.next() != nil {} }
    }

    @Test func `detects after the last record that the file was written to`() throws {
        let file = try TemporaryFile(Array("a,b\n1,2\n3,4\n".utf8))
        let reader = try CSVReader(file: file.path)
        var records = 0
        #expect(throws: SluiceError.inputChanged) {
            while try reader.next() != nil {
                records += 1
                // A modification time so far from the earlier one that even a coarse clock shows the change.
                var times = [timespec(tv_sec: 1, tv_nsec: 1), timespec(tv_sec: 1, tv_nsec: 1)]
                utimensat(AT_FDCWD, file.path, &times, 0)
            }
        }
        #expect(records == 2)
    }
}

@Suite struct `Records of a stream` {
    @Test(arguments: 0..<4)
    func `are those of the reference parser, however it is cut`(_ batch: UInt64) async throws {
        for seed in Seeds.part(batch, of: 200) {
            let dialect = CSVGenerator.dialect(seed: seed)
            var generator = CSVGenerator(seed: seed, dialect: dialect)
            let input = generator.input()
            var found = Everywhere.Reading()
            do {
                for try await record in CSVRecords(chunks(input, size: 1 + Int(seed % 61)), dialect: dialect) {
                    found.add(record)
                }
            } catch let error as SluiceError {
                found.error = error
            }
            var expected = Everywhere.expectedReading(input, dialect, rejects: false)
            expected.header = nil
            #expect(found == expected, "seed \(seed)")
        }
    }

    @Test func `request a chunk only when all records before it were taken`() async throws {
        let counter = Counter()
        let parts = ["a\n1\n", "2\n3", "\n4\n"].map { Array($0.utf8) }
        let stream = AsyncStream<[UInt8]>(unfolding: { counter.take(of: parts) })
        var iterator = CSVRecords(stream).makeAsyncIterator()
        var asked: [Int] = []
        while let record = try await iterator.next() {
            #expect(record.count == 1)
            asked.append(counter.count)
        }
        #expect(asked == [1, 2, 3, 3])
    }

    @Test func `end with a cancellation as soon as the task is cancelled`() async throws {
        let endless = AsyncStream<[UInt8]>(unfolding: { Array("a,b\n".utf8) })
        let task = Task {
            var count = 0
            for try await _ in CSVRecords(endless) {
                count += 1
                if count == 100 { withUnsafeCurrentTask { $0?.cancel() } }
            }
        }
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}

@Suite struct `A field` {
    private func field(_ text: String) throws -> CSVField {
        try #require(try CSVReader(Array("a\n\"\(text)\"\n".utf8)).next())[0]
    }

    @Test(arguments: [
        "0", "-0", "1", "+7", "12345678901234567", "123456789012345678", "-1234567890123456789", "9223372036854775807",
        "-9223372036854775808", "9223372036854775808", "18446744073709551615", "18446744073709551616", "00012", "", "-",
        "+", " 1", "1 ",
        "1.0", "1e3", "٣", "0x10", "127", "128", "-128", "-129", "--1", "99999999999999999999999999",
    ])
    func `is an integer if the standard library takes its text for one`(_ text: String) throws {
        let field = try field(text)
        #expect(Int(field) == Int(text))
        #expect(UInt64(field) == UInt64(text))
        #expect(Int8(field) == Int8(text))
    }

    @Test(arguments: [
        "0", "-0", "1", "0.1", "-12.75", "3.141592653589793", "123456789012345", "9007199254740993", "1e22", "1e-5",
        "1.7976931348623157e308", "5e-324", "0.30000000000000004", "123456789.123456", ".5", "5.", "", "-", ".", "+1.5",
        "1.2.3", "nan", "inf", "1,5", " 1", "100000000000000000000000", "0.000000000000001", "000.100", "-.5",
    ])
    func `is the nearest floating-point number`(_ text: String) throws {
        let field = try field(text)
        #expect(Double(field)?.bitPattern == Double(text)?.bitPattern)
        #expect(Float(field)?.bitPattern == Float(text)?.bitPattern)
    }

    @Test func `is the nearest floating-point number on random digits`() throws {
        var random = SplitMix64(seed: 7)
        for _ in 0..<2000 {
            var text = String(random.next() % 1_000_000_000_000_000)
            let point = Int(random.next() % UInt64(text.count + 1))
            text.insert(".", at: text.index(text.startIndex, offsetBy: point))
            #expect(Double(try field(text))?.bitPattern == Double(text)?.bitPattern, "\(text)")
        }
    }
}

/// Counts the chunks that were asked for. Used by one task at a time.
private final class Counter: @unchecked Sendable {
    private(set) var count = 0

    func take(of parts: [[UInt8]]) -> [UInt8]? {
        defer { count = min(count + 1, parts.count) }
        return count < parts.count ? parts[count] : nil
    }
}

extension SluiceError {
    /// What is wrong with the data, if that is the error.
    fileprivate var badData: CSVError? { if case .badData(let error) = self { error } else { nil } }
}

/// Returns a stream of chunks of that size.
private func chunks(_ bytes: [UInt8], size: Int) -> AsyncStream<[UInt8]> {
    AsyncStream { stream in
        for start in stride(from: 0, to: bytes.count, by: size) {
            stream.yield(Array(bytes[start..<min(start + size, bytes.count)]))
        }
        stream.finish()
    }
}
