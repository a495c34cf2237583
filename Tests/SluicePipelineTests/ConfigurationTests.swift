import Logging
import Sluice
import SluiceJSON
import SluicePipeline
import Testing

@Suite struct `The configuration` {
    private let queue = ["SLUICE_QUEUE_URL": "https://sqs.example/1/q"]

    private func configuration(_ more: [String: String] = [:]) throws -> Configuration {
        let environment = queue.merging(more) { $1 }
        return try Configuration { environment[$0] }
    }

    private func faults(_ environment: [String: String]) -> [String] {
        do throws(Configuration.Faults) { _ = try Configuration { environment[$0] } } catch { return error.faults }
        return []
    }

    @Test func `has default values where nothing is set`() throws {
        for environment in [[:], ["SLUICE_ZSTD": "", "SLUICE_SUFFIXES": "", "LOG_LEVEL": ""]] {
            let usual = try configuration(environment)
            #expect(usual.queueURL == "https://sqs.example/1/q" && usual.errorQueueURL == nil)
            #expect(usual.dialect == .rfc4180 && usual.format == .sqs && usual.suffixes == [".csv"])
            #expect(usual.idleTimeout == .seconds(30) && !usual.checksMD5 && !usual.paysForRequests)
            #expect(usual.logLevel == .info && usual.metricsNamespace == "Sluice" && usual.metricsLevel == .all)
            #expect(!usual.reportsFailedMessages)
            #expect(usual.functionName == "sluice-lambda")
        }
    }

    @Test func `reads every variable`() throws {
        let set = try configuration([
            "SLUICE_ERROR_QUEUE_URL": "http://127.0.0.1:1/e", "SLUICE_MAX_BYTES": "1048576",
            "SLUICE_MESSAGE_FORMAT": "ndjson", "SLUICE_ZSTD": "7", "SLUICE_OVERSIZE": "reject",
            "SLUICE_SUFFIXES": ".csv, .tsv", "LOG_LEVEL": "WARN", "SLUICE_METRICS_NAMESPACE": "Mine",
            "AWS_LAMBDA_FUNCTION_NAME": "f", "SLUICE_DELIMITER": "tab", "SLUICE_QUOTE": "'", "SLUICE_HEADER": "a,b",
            "SLUICE_BARE_CR": "data", "SLUICE_QUOTE_IN_PLAIN": "data", "SLUICE_AFTER_QUOTE": "append",
            "SLUICE_UNTERMINATED": "close", "SLUICE_RAGGED": "omit", "SLUICE_DUPLICATE_HEADERS": "rename",
            "SLUICE_INVALID_UTF8": "replace", "SLUICE_BLANK_LINES": "skip-all", "SLUICE_CHECK_MD5": "true",
            "SLUICE_REQUESTER_PAYS": "true", "SLUICE_METRICS_LEVEL": "alarms", "SLUICE_BATCH_ITEM_FAILURES": "true",
        ])
        let format = MessageFormat(limit: 1_048_576, text: .ndjson, compression: 7, oversize: .reject)
        let dialect = Dialect(
            delimiter: 9,
            quote: UInt8(ascii: "'"),
            header: .names(["a", "b"]),
            bareCR: .data,
            quoteInPlain: .data,
            afterQuote: .append,
            unterminated: .close,
            ragged: .omit,
            duplicateHeaders: .rename,
            invalidUTF8: .replace,
            blankLines: .skipAll
        )
        #expect(set.format == format && set.dialect == dialect && set.suffixes == [".csv", ".tsv"])
        #expect(set.errorQueueURL == "http://127.0.0.1:1/e" && set.logLevel == .warning)
        #expect(set.metricsNamespace == "Mine" && set.functionName == "f" && set.checksMD5)
        #expect(set.paysForRequests && set.metricsLevel == .alarms && set.reportsFailedMessages)
        #expect(try configuration(["SLUICE_IDLE_TIMEOUT": "7"]).idleTimeout == .seconds(7))
    }

    @Test func `reads every variable for the dialect of files that are not plain tables`() throws {
        let set = try configuration([
            "SLUICE_DELIMITER": "||", "SLUICE_QUOTE": "none", "SLUICE_ESCAPE": "\\", "SLUICE_COMMENT": "#,\"//\"",
            "SLUICE_TRIM": "spaces", "SLUICE_SKIP_LINES": "3", "SLUICE_HEADER_ROWS": "1,3", "SLUICE_HEADER_JOIN": ".",
            "SLUICE_SKIP_AFTER_HEADER": "2", "SLUICE_SEP_LINE": "use",
        ])
        var dialect = Dialect(delimiter: UInt8(ascii: "|"))
        dialect.delimiterTail = [UInt8(ascii: "|")]
        dialect.usesQuotes = false
        dialect.escape = UInt8(ascii: "\\")
        dialect.comments = ["#", "//"].map { Array($0.utf8) }
        dialect.trim = .spaces
        dialect.skippedLines = 3
        dialect.headerRows = [1, 3]
        dialect.headerJoin = "."
        dialect.skippedAfterHeader = 2
        dialect.sepLine = .use
        #expect(set.dialect == dialect)
    }

    @Test func `reads every variable for rows`() throws {
        let set = try configuration([
            "SLUICE_TYPES": "a:integer,\"b:c,d:date\"", "SLUICE_NULL": ",NA", "SLUICE_EMPTY": "omit",
            "SLUICE_NULL_AS": "omit", "SLUICE_QUOTED_EMPTY": "string", "SLUICE_SELECT": "b,a", "SLUICE_DROP": "c",
            "SLUICE_RENAME": "a=x,b=y=z", "SLUICE_NEST": ".", "SLUICE_ADD_COLUMN": "file=@source,kind=@@a=b",
            "SLUICE_LEADING_ZEROS": "strip", "SLUICE_BIG_INTEGERS": "string",
        ])
        var shape = RowShape()
        shape.types = ["a:integer", "b:c,d:date"].compactMap(RowShape.NamedType.init)
        shape.nullTexts = [[], Array("NA".utf8)]
        (shape.emptyForm, shape.nullForm, shape.keepsQuotedEmpty) = (.omit, .omit, true)
        (shape.selected, shape.dropped) = ([Array("b".utf8), Array("a".utf8)], [Array("c".utf8)])
        shape.renamed = [("a", "x"), ("b=y", "z")].map { .init(old: Array($0.utf8), new: Array($1.utf8)) }
        shape.nestSeparator = [UInt8(ascii: ".")]
        shape.added = [
            .init(name: Array("file".utf8), value: .source),
            .init(name: Array("kind".utf8), value: .literal(Array("@a=b".utf8))),
        ]
        (shape.stripsLeadingZeros, shape.bigIntegers) = (true, .string)
        #expect(set.shape == shape && shape.types.count == 2)
        #expect(try configuration().shape.isPlain)
        #expect(try configuration(["SLUICE_NULL": "\"\""]).shape.nullTexts == [[]])
    }

    @Test func `has shorthands for several options`() throws {
        let set = try configuration(["SLUICE_LENIENT": "true", "SLUICE_RAGGED": "error", "SLUICE_NO_HEADER": "1"])
        var dialect = Dialect.lenient
        dialect.ragged = .error
        dialect.header = .none
        #expect(set.dialect == dialect)
        #expect(try configuration(["SLUICE_ZSTD": "true"]).format.compression == 3)
        #expect(try configuration(["SLUICE_ZSTD": "false"]).format.compression == nil)
    }

    @Test(arguments: CSVError.Remedy.allCases)
    func `has a variable for every remedy`(_ remedy: CSVError.Remedy) throws {
        let variable = "SLUICE_" + remedy.setting.name.uppercased().replacing("-", with: "_")
        #expect(try configuration([variable: remedy.setting.value]).dialect != .rfc4180)
    }

    @Test func `limits records, and accepts units`() throws {
        #expect(try configuration().dialect.maxRecord == 16 << 20 && configuration().dialect.maxColumns == 100_000)
        let set = try configuration(["SLUICE_MAX_RECORD": "64MiB", "SLUICE_MAX_COLUMNS": "500"])
        #expect(set.dialect.maxRecord == 64 << 20 && set.dialect.maxColumns == 500)
    }

    @Test(arguments: [
        ("SLUICE_MAX_RECORD", "0"), ("SLUICE_MAX_RECORD", "16M"), ("SLUICE_MAX_COLUMNS", "0"),
        ("SLUICE_QUEUE_URL", "q"), ("SLUICE_ERROR_QUEUE_URL", "https://"), ("SLUICE_MAX_BYTES", "4095"),
        ("SLUICE_MAX_BYTES", "1048577"), ("SLUICE_MAX_BYTES", "many"), ("SLUICE_MESSAGE_FORMAT", "xml"),
        ("SLUICE_ZSTD", "23"), ("SLUICE_OVERSIZE", "drop"), ("SLUICE_SUFFIXES", ".csv,"), ("SLUICE_LENIENT", "perhaps"),
        ("SLUICE_DELIMITER", "\""), ("SLUICE_QUOTE", "é"), ("SLUICE_NO_HEADER", "2"),
        ("SLUICE_BARE_CR", "x"), ("SLUICE_RAGGED", "x"), ("SLUICE_BLANK_LINES", "x"), ("LOG_LEVEL", "loud"),
        ("SLUICE_IDLE_TIMEOUT", "0"), ("SLUICE_IDLE_TIMEOUT", "901"), ("SLUICE_DELIMITER", "123456789"),
        ("SLUICE_REQUESTER_PAYS", "requester"), ("SLUICE_METRICS_LEVEL", "few"),
        ("SLUICE_ESCAPE", "ab"), ("SLUICE_COMMENT", "\"a\"b"), ("SLUICE_COMMENT", "a\"b"), ("SLUICE_TRIM", "x"),
        ("SLUICE_SKIP_LINES", "-1"), ("SLUICE_HEADER_ROWS", "1,"), ("SLUICE_HEADER_ROWS", "2,1"),
        ("SLUICE_SKIP_AFTER_HEADER", "x"), ("SLUICE_SEP_LINE", "x"), ("SLUICE_TYPES", "a"), ("SLUICE_TYPES", "a:int"),
        ("SLUICE_TYPES", "a:date,a:time"), ("SLUICE_NULL", "\"a\"b"), ("SLUICE_EMPTY", "x"), ("SLUICE_NULL_AS", "x"),
        ("SLUICE_QUOTED_EMPTY", "x"), ("SLUICE_SELECT", "a,a"), ("SLUICE_RENAME", "a"), ("SLUICE_ADD_COLUMN", "a"),
        ("SLUICE_ADD_COLUMN", "a=@b"), ("SLUICE_LEADING_ZEROS", "x"), ("SLUICE_BIG_INTEGERS", "x"),
    ])
    func `names an invalid variable`(_ name: String, _ value: String) {
        let faults = faults(queue.merging([name: value]) { $1 })
        #expect(faults.count == 1 && faults[0].contains(name), "\(faults)")
    }

    @Test func `states where rows that fit no message go`() throws {
        let variables = ["SLUICE_OVERSIZE": "offload", "SLUICE_OFFLOAD_BUCKET": "b"]
        let set = try configuration(variables)
        #expect(set.format.oversize == .offload && set.offload?.bucket == "b" && set.offload?.prefix == "")
        let prefixed = try configuration(variables.merging(["SLUICE_OFFLOAD_PREFIX": "rows/"]) { $1 })
        #expect(prefixed.offload?.prefix == "rows/")
        #expect(try configuration(["SLUICE_OFFLOAD_BUCKET": "b"]).offload == nil)
    }

    @Test func `reports all faults at once`() {
        let faults = faults([
            "SLUICE_MAX_BYTES": "0", "SLUICE_RAGGED": "x", "LOG_LEVEL": "y", "SLUICE_OVERSIZE": "offload",
        ])
        #expect(faults.count == 5)
        let names = ["SLUICE_QUEUE_URL", "SLUICE_MAX_BYTES", "SLUICE_RAGGED", "LOG_LEVEL", "SLUICE_OFFLOAD_BUCKET"]
        for name in names {
            #expect(faults.contains { $0.hasPrefix(name) })
        }
    }

    @Test func `accepts keys by their suffix`() throws {
        let usual = try configuration()
        #expect(usual.accepts(key: "a.csv") && usual.accepts(key: "dir/A.CSV"))
        #expect(!usual.accepts(key: "a.csv.gz") && !usual.accepts(key: "dir/") && !usual.accepts(key: ""))
        #expect(try configuration(["SLUICE_SUFFIXES": "*"]).accepts(key: "anything"))
        let two = try configuration(["SLUICE_SUFFIXES": ".csv,.TXT"])
        #expect(two.accepts(key: "a.txt") && two.accepts(key: "a.csv") && !two.accepts(key: "a.tsv"))
    }
}
