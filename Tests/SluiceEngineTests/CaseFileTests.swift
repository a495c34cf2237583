import Sluice
import SluiceCSV
import SluiceCases
import SluicePlatform
import SluiceTesting
import Testing

/// Tests the files of `Fixtures/cases` against the tables of its README: every way to run the engine gives the same answer.
@Suite struct `A real-world case file` {
    /// The expected error, and whether `--lenient` gives it too.
    private struct Expectation {
        var file: String
        var encoding = Encoding.utf8
        var dialect = Dialect.rfc4180
        var error: CSVError
        var isAlsoLenient = true
    }

    private static func error(
        _ code: CSVError.Code,
        _ finding: CSVError.Finding? = nil,
        offset: UInt64 = 0,
        record: UInt64 = 1,
        field: Int = 1
    ) -> CSVError {
        let detail = finding.map { CSVError.Detail.found($0) } ?? .none
        return CSVError(code, offset: offset, record: record, field: field, detail: detail)
    }

    private static let sepLine = CSVError(.sepLine, offset: 0, record: 1, detail: .delimiter(UInt8(ascii: ";")))

    private static let semicolons = Dialect(delimiter: UInt8(ascii: ";"))

    private static let expectations: [Expectation] = [
        Expectation(
            file: "utf16le_bom.csv",
            encoding: .utf16BigEndian,
            error: error(.byteOrderMark, .utf16LittleEndian)
        ),
        Expectation(
            file: "utf16be_bom.csv",
            encoding: .utf16LittleEndian,
            error: error(.byteOrderMark, .utf16BigEndian)
        ),
        Expectation(
            file: "utf16le_nobom_lf.csv",
            encoding: .utf16BigEndian,
            error: error(.utf16Input, .utf16LittleEndian)
        ),
        Expectation(file: "utf16be_nobom.csv", error: error(.utf16Input, .utf16BigEndian)),
        Expectation(file: "utf16le_nobom_lf.csv", error: error(.utf16Input, .utf16LittleEndian)),
        Expectation(file: "utf16be_nobom.csv", encoding: .windows1252, error: error(.utf16Input, .utf16BigEndian)),
        Expectation(file: "utf16le_bom.csv", error: error(.utf16Input)),
        Expectation(file: "bom_double.csv", encoding: .windows1252, error: error(.byteOrderMark, .utf8)),
        Expectation(file: "bom_quoted_header.csv", encoding: .utf16, error: error(.byteOrderMark, .utf8)),
        Expectation(file: "bom_double.csv", encoding: .utf16LittleEndian, error: error(.byteOrderMark, .utf8)),
        Expectation(file: "utf32le_bom.csv", error: error(.utf32Input, .utf32LittleEndian)),
        Expectation(file: "utf32le_bom.csv", encoding: .utf16, error: error(.utf32Input, .utf32LittleEndian)),
        Expectation(file: "zipped.csv.zip", error: error(.notCSV, .zip)),
        Expectation(file: "zipped.csv.zip", encoding: .windows1252, error: error(.notCSV, .zip)),
        Expectation(file: "zipped.csv.zip", dialect: Dialect(header: .none), error: error(.notCSV, .zip)),
        Expectation(file: "zipped.csv.zip", dialect: Dialect(header: .names(["a", "a"])), error: error(.notCSV, .zip)),
        Expectation(file: "bz.csv.bz2", error: error(.notCSV, .bzip2)),
        Expectation(file: "parquet.csv", error: error(.notCSV, .parquet)),
        Expectation(file: "sep_line.csv", error: sepLine),
        Expectation(file: "sep_line.csv", dialect: semicolons, error: sepLine),
        Expectation(
            file: "utf16_ragged.csv",
            encoding: .utf16,
            error: error(.raggedRecord, offset: 22, record: 3, field: 3),
            isAlsoLenient: false
        ),
        Expectation(
            file: "utf16_lone.csv",
            encoding: .utf16,
            error: error(.invalidEncoding, .unpairedSurrogate, offset: 16, record: 2, field: 2),
            isAlsoLenient: false
        ),
        Expectation(
            file: "utf16_odd.csv",
            encoding: .utf16,
            error: error(.invalidEncoding, .oddLastByte, offset: 22, record: 3),
            isAlsoLenient: false
        ),
    ]

    @Test func `fails at the same place in every way to run the engine`() async throws {
        for expectation in Self.expectations {
            let bytes = try CaseFile.bytes(expectation.file)
            var dialects = [expectation.dialect]
            if expectation.isAlsoLenient {
                var lenient = Dialect.lenient
                lenient.delimiter = expectation.dialect.delimiter
                lenient.header = expectation.dialect.header
                dialects.append(lenient)
            }
            for dialect in dialects {
                let converter = CSVConverter(dialect: dialect, encoding: expectation.encoding, messageFormat: .sqs)
                for (name, answer) in try await CaseFile.answers(bytes, converter) {
                    #expect(answer.place == expectation.error, "\(expectation.file), \(expectation.encoding), \(name)")
                }
            }
        }
    }

    @Test func `without its byte order mark is invalid`() async throws {
        let bytes = Array(try CaseFile.bytes("utf16le_bom.csv").dropFirst(2))
        for (name, answer) in try await CaseFile.answers(bytes, CSVConverter(encoding: .utf16)) {
            #expect(answer.place == Self.error(.noByteOrderMark, .utf16LittleEndian), "\(name)")
        }
    }

    @Test func `is converted in the right encoding`() async throws {
        let windows = #"{"price":"€ 5","note":"“hi” …"}"# + "\n"
        let expectations: [(String, String, String)] = [
            ("excel_cp1252.csv", "latin1", windows), ("excel_cp1252.csv", "Windows-1252", windows),
            ("cp1252.csv", "windows-1252", #"{"nameé":"café","v":"€ 5"}"# + "\n"),
            ("utf16le_bom.csv", "utf-16", #"{"id":"1","näme":"åäö😀"}"# + "\n"),
            ("utf16be_bom.csv", "utf-16", "{\"a\":\"1\",\"b\":\"2\"}\n{\"a\":\"3\",\"b\":\"4\"}\n"),
            ("utf16be_nobom.csv", "utf-16be", "{\"id\":\"1\",\"n\":\"2\"}\n"),
            ("utf16le_nobom_lf.csv", "UTF-16LE", "{\"id\":\"1\",\"n\":\"2\"}\n"),
            ("nul.csv", "utf-8", "{\"col1\":\"1\",\"col2\":\"x\\u0000y\"}\n{\"col1\":\"\\u0000\",\"col2\":\"z\"}\n"),
        ]
        for (file, label, rows) in expectations {
            let converter = CSVConverter(encoding: try #require(Encoding(label: label)))
            for (name, answer) in try await CaseFile.answers(try CaseFile.bytes(file), converter) {
                #expect(answer.rows == rows, "\(file), \(name)")
            }
        }
    }

    @Test func `is treated as CSV if the dialect assumes it`() async throws {
        for file in ["bz.csv.bz2", "parquet.csv", "zipped.csv.zip"] {
            let converter = CSVConverter(dialect: Dialect(assumesCSV: true))
            for (_, answer) in try await CaseFile.answers(try CaseFile.bytes(file), converter) {
                #expect(answer.error?.code != .notCSV)
            }
        }
    }

    @Test func `is converted in the dialect that it needs`() async throws {
        func text(_ bytes: String) -> [UInt8] { Array(bytes.utf8) }
        let expectations: [(file: String, rows: String, change: (inout Dialect) -> Void)] = [
            ("preamble.csv", #"{"id":"1","qty":"5"}"#, { $0.skippedLines = 3 }),
            ("comments.csv", #"{"id":"1","qty":"5"}"#, { $0.comments = [text("#")] }),
            ("units_row.csv", #"{"ET":"0.0","V":"0.05"}"#, { $0.skippedAfterHeader = 1 }),
            (
                "footer.csv", "{\"id\":\"1\",\"qty\":\"5\"}\n{\"id\":\"2\",\"qty\":\"6\"}",
                { $0.comments = [text("Total"), text("Source:")] }
            ),
            ("spaces.csv", #"{"a":"1","b":"2"}"#, { $0.trim = .spaces }),
            ("space_before_quote.csv", #"{"a":"1","b":"2","c":"3"}"#, { $0.trim = .spaces }),
            ("space_quoted_comma.csv", #"{"Year":"2015","Q,ty":"3,45"}"#, { $0.trim = .initial }),
            (
                "backslash_quote.csv", "{\"id\":\"1\",\"t\":\"TV 50\\\" wide\"}\n{\"id\":\"2\",\"t\":\"a,b\"}",
                { $0.escape = UInt8(ascii: "\\") }
            ),
            (
                "multichar_delim.csv", #"{"id":"1","name":"a|b"}"#,
                { ($0.delimiter, $0.delimiterTail) = (UInt8(ascii: "|"), text("|")) }
            ),
            (
                "tsv_literal_quotes.tsv",
                "{\"id\":\"1\",\"name\":\"\\\"Kos\\\" Theatre\"}\n{\"id\":\"2\",\"name\":\"20\\\"\"}",
                { ($0.delimiter, $0.usesQuotes) = (0x09, false) }
            ),
            ("sep_line.csv", #"{"id":"1","price":"2,50"}"#, { $0.sepLine = .use }),
        ]
        for (file, rows, change) in expectations {
            var dialect = Dialect.rfc4180
            change(&dialect)
            for (name, answer) in try await CaseFile.answers(try CaseFile.bytes(file), CSVConverter(dialect: dialect)) {
                #expect(answer.rows == rows + "\n" && answer.error == nil, "\(file), \(name)")
            }
        }
    }

    @Test func `with NUL in a column name is an error unless the dialect is lenient`() async throws {
        let bytes = Array("a,\0b\0,a\n1,2,3\n".utf8)
        for (name, answer) in try await CaseFile.answers(bytes, CSVConverter()) {
            #expect(answer.place == Self.error(.nulInName, field: 2), "\(name)")
        }
        for (name, answer) in try await CaseFile.answers(bytes, CSVConverter(dialect: .lenient)) {
            #expect(answer.rows == "{\"a\":\"1\",\"\\u0000b\\u0000\":\"2\",\"a_2\":\"3\"}\n", "\(name)")
        }
    }

    @Test func `has a sep= line only if its first line is sep= and a delimiter`() async throws {
        for line in ["sep=", "sep=ab", "\"sep=;", "sep", "xsep=;", "sep=;,x", "\"sep=;x\""] {
            let bytes = Array("\(line)\n".utf8)
            for (_, answer) in try await CaseFile.answers(bytes, CSVConverter(dialect: .lenient)) {
                #expect(answer.error == nil, "\(line)")
            }
        }
        for line in ["sep=,", "SEP=\t\r\n1", "\u{FEFF}sep=;\n", "\"sep=;\"\r\n"] {
            for (_, answer) in try await CaseFile.answers(Array(line.utf8), CSVConverter(dialect: .lenient)) {
                #expect(answer.error?.code == .sepLine, "\(line)")
            }
        }
    }
}

/// The case files, and every way to run the engine on one.
enum CaseFile {
    struct Answer {
        var rows = ""
        var error: CSVError?

        /// The error, reduced to what every way to run the engine reports.
        var place: CSVError? {
            error.map { error in
                var place = CSVError(error.code, offset: error.offset, record: error.record, field: error.field)
                switch error.detail {
                case .found, .delimiter: place.detail = error.detail
                default: break
                }
                return place
            }
        }
    }

    static func bytes(_ name: String) throws -> [UInt8] {
        let root = "\(#filePath)".split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
        let path = root.joined(separator: "/") + "/Fixtures/cases/\(name)"
        return Array(try #require(System.contents(of: path, limit: 1 << 16)))
    }

    static func answers(_ bytes: [UInt8], _ converter: CSVConverter) async throws -> [(name: String, answer: Answer)] {
        var answers: [(name: String, answer: Answer)] = []
        for kernel in Kernel.available {
            var converter = converter
            converter.kernel = kernel
            let ways = [("plain", bytes)] + (try Compressing.ways(bytes).map { ($0.name, $0.bytes) })
            for (way, stored) in ways {
                for size in [1, Int.max] {
                    let name = "\(kernel.name), \(way) in pieces of \(size)"
                    answers.append(("\(name), rows", try rows(stored, size, converter)))
                    answers.append(("\(name), messages", try messages(stored, size, converter)))
                    answers.append(("\(name), chunks", try await chunks(stored, size, converter)))
                }
            }
            for threads in [1, 3] {
                converter.threads = threads
                converter.chunkSize = 8
                let file = try TemporaryFile(bytes)
                var sink = Collected()
                var answer = Answer()
                do throws(SluiceError) { try converter.convert(file: file.path, to: &sink) } catch {
                    answer.error = try fault(error)
                }
                answer.rows = String(decoding: sink.bytes, as: UTF8.self)
                answers.append(("\(kernel.name), file with \(threads) threads", answer))
            }
        }
        return answers
    }

    private static func rows(_ bytes: [UInt8], _ size: Int, _ converter: CSVConverter) throws -> Answer {
        let outcome = Everywhere.outcome(of: try source(bytes, size, converter), converter)
        return Answer(
            rows: String(decoding: outcome.output, as: UTF8.self),
            error: try outcome.error.map(fault)
        )
    }

    private static func messages(_ bytes: [UInt8], _ size: Int, _ converter: CSVConverter) throws -> Answer {
        answer(Packed.pack(.stream(try source(bytes, size, converter)), converter))
    }

    private static func chunks(_ bytes: [UInt8], _ size: Int, _ converter: CSVConverter) async throws -> Answer {
        let stream = AsyncStream<[UInt8]> { stream in
            var rest = bytes[...]
            while !rest.isEmpty {
                stream.yield(Array(rest.prefix(size)))
                rest = rest.dropFirst(size)
            }
            stream.finish()
        }
        var packed = Packed()
        let start = Checkpoint(start: converter.identity(SourceName("test.csv")))
        do {
            for try await event in converter.events(from: DecompressedChunks(stream, at: 0), start: start) {
                if case .message(let message) = event { packed.messages.append(message) }
            }
        } catch {
            packed.error = error as? SluiceError
        }
        return answer(packed)
    }

    /// Returns the rows of the messages. If the last message is `aborted`, its error must be the one that ended the run.
    private static func answer(_ packed: Packed) -> Answer {
        let rows = packed.messages.compactMap { $0.content == .json ? $0.lines : nil }.flatMap(\.self)
        var answer = Answer(rows: String(decoding: rows, as: UTF8.self))
        if case .badData(let error) = packed.error, packed.messages.last?.content == .aborted { answer.error = error }
        return answer
    }

    private static func source(_ bytes: [UInt8], _ size: Int, _ converter: CSVConverter) throws -> any ByteSource {
        try OpenedInput.decoded(
            Pieces(bytes, sizes: [size]),
            converter.encoding,
            assumesCSV: converter.dialect.assumesCSV
        )
    }

    private static func fault(_ error: SluiceError) throws -> CSVError {
        guard case .badData(let fault) = error else { throw error }
        return fault
    }
}
