import SluiceCSV
import SluiceTesting
import Testing

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

@Suite struct `A record cursor` {
    @Test(arguments: Cases.all)
    func `returns the rows, names and errors of the reference parser in every worked case and kernel`(
        _ example: Case
    ) throws {
        for kernel in Kernel.available {
            let found = try Reading(example.input, example.dialect, kernel)
            #expect(found == Reading(expected: example.input, example.dialect), "\(example.name), \(kernel.name)")
        }
    }

    @Test(arguments: 0..<4 as Range<UInt64>)
    func `agrees with the reference parser on seeded random and mutated inputs`(_ batch: UInt64) throws {
        for seed in Seeds.part(batch, of: 500) {
            let dialect = CSVGenerator.dialect(seed: seed)
            var generator = CSVGenerator(seed: seed, dialect: dialect)
            let input = generator.input()
            for kernel in Kernel.available {
                let found = try Reading(input, dialect, kernel)
                #expect(found == Reading(expected: input, dialect), "seed \(seed), \(kernel.name)")
            }
        }
    }

    @Test func `recognises input that is not CSV as the reference parser does`() throws {
        let inputs: [[UInt8]] = [
            Array("PK".utf8) + [3, 4], [0x1F, 0x8B, 8, 0], Array("{\"a\":1}\n".utf8), [0x61, 0, 0x2C, 0, 0x62, 0],
            [0xFF, 0xFE, 0, 0], Array("sep=;\r\na;b\r\n".utf8), Array("\u{FEFF}\"sep=,\"\n".utf8),
            Array("a,\0b\0,\0b\0\n1,2,3\n".utf8), Array("PK,name\n1,2\n".utf8),
        ]
        for input in inputs {
            for dialect in [Dialect.rfc4180, .lenient, Dialect(header: .none), Dialect(assumesCSV: true)] {
                for kernel in Kernel.available {
                    let found = try Reading(input, dialect, kernel)
                    #expect(found == Reading(expected: input, dialect), "\(input)")
                }
            }
        }
    }

    @Test func `returns views of the input where nothing needs unescaping`() throws {
        let input = Array("a,b,c,d\r\nplain,\"quoted, too\",\"it's \"\"so\"\"\",\"\"\r\n".utf8)
        var cursor = try RecordCursor(input.span.bytes)
        let header = try cursor.header
        #expect(header == ["a", "b", "c", "d"])
        guard let record = try cursor.next() else {
            Issue.record("no record")
            return
        }
        let found = (0..<record.count).map { Field(record[$0]) }
        #expect(
            found == [
                Field("plain", isQuoted: false), Field("quoted, too", isQuoted: true),
                Field("it's \"\"so\"\"", isQuoted: true, value: "it's \"so\""), Field("", isQuoted: true),
            ]
        )
        let place = record[1].bytes.withUnsafeBytes { $0.baseAddress }
        #expect(input.withUnsafeBytes { $0.baseAddress.map { $0 + 16 } } == place)
    }

    @Test func `reads files, even empty ones, and reports why it cannot read others`() throws {
        let file = try NamedFile(Array("a\n1\n2\n".utf8))
        var cursor = try RecordCursor(file: file.path)
        var values: [String] = []
        while let record = try cursor.next() { values.append("\(record.number)@\(record.offset)=\(record[0].string)") }
        #expect(values == ["2@2=1", "3@4=2"])
        let emptyFile = try NamedFile([])
        var empty = try RecordCursor(file: emptyFile.path)
        let isOver = try empty.next() == nil
        #expect(isOver)
        for (path, fault) in [
            ("/no/such/file", SystemFault("open", path: "/no/such/file", code: ENOENT)),
            ("/tmp", SystemFault("map", path: "/tmp", code: EISDIR)),
            ("/dev/null", SystemFault("map", path: "/dev/null", code: ENODEV)),
        ] {
            #expect(throws: CursorError.file(fault)) { _ = try RecordCursor(file: path).isReadable }
        }
    }

    @Test func `refuses an invalid dialect`() {
        let input = Array("a\n1\n".utf8)
        for dialect in [
            Dialect(delimiter: 0x0A), Dialect(delimiter: 0x22), Dialect(quote: 0x0D), Dialect(delimiter: 0xE9),
            Dialect(header: .names([])),
        ] {
            #expect(throws: OptionError.self) { _ = try RecordCursor(input.span.bytes, dialect: dialect).isReadable }
            #expect(throws: CursorError.self) { _ = try RecordCursor(file: "/x", dialect: dialect).isReadable }
        }
    }

    /// The compiler accepts these programs, although a record must not be used after the next one was read.
    @Test func `traps with a message if a record or a field is used after the cursor has advanced`() async {
        let record = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let input = Array("a\n1\n2\n".utf8)
            var cursor = try RecordCursor(input.span.bytes)
            var kept: CSVRecord?
            while let record = try cursor.next() {
                if let kept { print(kept[0].string) }
                kept = record
            }
        }
        let field = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let input = Array("a\n1\n2\n".utf8)
            var cursor = try RecordCursor(input.span.bytes)
            var kept: CSVField?
            while let record = try cursor.next() {
                if let kept { print(kept.string) }
                kept = record[0]
            }
        }
        for result in [record, field] {
            let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
            #expect(text.contains("was used after its RecordCursor went on"), "\(text)")
        }
    }

    /// At a page's end, where reading past the new end of the file faults, and within a page, where it does not.
    @Test(arguments: [4096, (1 << 20) - 100, 5])
    func `reports that the file was truncated before it reports the end`(_ size: Int) throws {
        let file = try NamedFile(Array("a,b\n".utf8) + [UInt8](repeating: UInt8(ascii: "\n"), count: 1 << 20))
        var cursor = try RecordCursor(file: file.path)
        _ = try cursor.header
        #expect(truncate(file.path, size) == 0)
        do throws(CSVError) {
            while try cursor.next() != nil {}
            Issue.record("no error")
        } catch {
            #expect(error.code == .inputChanged)
        }
    }
}

extension `A record cursor` {
    @Test func `detects after the last record that the file was written to`() throws {
        let file = try NamedFile(Array("a,b\n1,2\n3,4\n".utf8))
        var cursor = try RecordCursor(file: file.path)
        var records = 0
        let error = #expect(throws: CSVError.self) {
            while try cursor.next() != nil {
                records += 1
                // A modification time so far from the earlier one that even a coarse clock shows the change.
                var times = [timespec(tv_sec: 1, tv_nsec: 1), timespec(tv_sec: 1, tv_nsec: 1)]
                utimensat(AT_FDCWD, file.path, &times, 0)
            }
        }
        #expect(error?.code == .inputChanged && records == 2)
    }
}

extension RecordCursor {
    /// Exists so that an expression which creates a cursor can be tested.
    fileprivate var isReadable: Bool { true }
}

/// A copy of a record's field.
private struct Field: Equatable {
    var bytes: [UInt8]
    var isQuoted: Bool
    var value: [UInt8]

    init(_ field: borrowing CSVField) {
        bytes = field.bytes.withUnsafeBytes { Array($0) }
        isQuoted = field.isQuoted
        value = field.unescaped
        #expect(field.needsUnescaping == (bytes != value))
        #expect(field.string == String(decoding: value, as: UTF8.self))
    }

    init(_ text: String, isQuoted: Bool, value: String? = nil) {
        bytes = Array(text.utf8)
        self.isQuoted = isQuoted
        self.value = Array((value ?? text).utf8)
    }
}

/// Everything that a cursor gives for an input, or should give.
private struct Reading: Equatable {
    struct Row: Equatable {
        var number: UInt64
        var start: UInt64
        var values: [[UInt8]]
    }

    var header: [String]?
    var rows: [Row] = []
    var error: CSVError?

    init(_ input: [UInt8], _ dialect: Dialect, _ kernel: Kernel) throws {
        var cursor = try RecordCursor(input.span.bytes, dialect: dialect, kernel: kernel)
        do throws(CSVError) {
            header = try cursor.header
            while let record = try cursor.next() {
                let values = (0..<record.count).map { Field(record[$0]).value }
                rows.append(Row(number: record.number, start: record.offset, values: values))
            }
        } catch {
            self.error = error
        }
    }

    init(expected input: [UInt8], _ dialect: Dialect) {
        let table = ReferenceParser.parse(input, dialect: dialect)
        header = table.header?.map { String(decoding: $0, as: UTF8.self) }
        rows = table.rows.map { Row(number: $0.number, start: $0.start, values: $0.values) }
        error = table.error
    }
}

/// A file with given bytes that is removed with this object.
private final class NamedFile {
    struct Failed: Error {}

    let path: String

    init(_ bytes: [UInt8]) throws {
        var name = Array("/tmp/sluice-test-XXXXXX".utf8CString)
        let descriptor = mkstemp(&name)
        path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        guard descriptor >= 0 else { throw Failed() }
        defer { close(descriptor) }
        guard write(descriptor, bytes, bytes.count) == bytes.count else { throw Failed() }
    }

    deinit { unlink(path) }
}
