import Logging
import Sluice
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
            #expect(usual.idleTimeout == .seconds(30) && !usual.checksMD5)
            #expect(usual.logLevel == .info && usual.metricsNamespace == "Sluice")
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
        #expect(try configuration(["SLUICE_IDLE_TIMEOUT": "7"]).idleTimeout == .seconds(7))
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
        ("SLUICE_DELIMITER", "ab"), ("SLUICE_DELIMITER", "\""), ("SLUICE_QUOTE", "é"), ("SLUICE_NO_HEADER", "2"),
        ("SLUICE_BARE_CR", "x"), ("SLUICE_RAGGED", "x"), ("SLUICE_BLANK_LINES", "x"), ("LOG_LEVEL", "loud"),
        ("SLUICE_IDLE_TIMEOUT", "0"), ("SLUICE_IDLE_TIMEOUT", "901"),
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
