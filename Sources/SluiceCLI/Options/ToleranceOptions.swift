import ArgumentParser
import SluiceCSV
import SluiceEngine

/// The options for what RFC 4180 does not allow. `--lenient` accepts all of it; each of the others sets one thing, and overrides
/// it.
struct ToleranceOptions: ParsableArguments {
    @Flag(help: "Accept everything that RFC 4180 does not allow; other options override it.") var lenient = false
    @Option(help: "CR outside quotes without LF: \(values(Dialect.BareCR.self)).") var bareCr: String?
    @Option(help: "Quote inside an unquoted field: \(values(Dialect.QuoteInPlain.self)).") var quoteInPlain: String?
    @Option(help: "Text after a closing quote: \(values(Dialect.AfterQuote.self)).") var afterQuote: String?
    @Option(help: "Input that ends inside quotes: \(values(Dialect.Unterminated.self)).") var unterminated: String?
    @Option(help: "Records with too few or too many fields: \(values(Dialect.Ragged.self)).") var ragged: String?
    @Option(help: "Column names that occur twice: \(values(Dialect.DuplicateHeaders.self)).")
    var duplicateHeaders: String?
    @Option(help: "Bytes that are not UTF-8: \(values(Dialect.InvalidUTF8.self)).") var invalidUtf8: String?
    @Option(help: "Blank lines: \(values(Dialect.BlankLines.self)).") var blankLines: String?
    @Option(help: "Column names that contain NUL: \(values(Dialect.NULInNames.self)).") var nulInName: String?

    func apply(to dialect: inout Dialect) throws {
        try choose(&dialect.bareCR, bareCr, "bare-cr")
        try choose(&dialect.quoteInPlain, quoteInPlain, "quote-in-plain")
        try choose(&dialect.afterQuote, afterQuote, "after-quote")
        try choose(&dialect.unterminated, unterminated, "unterminated")
        try choose(&dialect.ragged, ragged, "ragged")
        try choose(&dialect.duplicateHeaders, duplicateHeaders, "duplicate-headers")
        try choose(&dialect.invalidUTF8, invalidUtf8, "invalid-utf8")
        try choose(&dialect.blankLines, blankLines, "blank-lines")
        try choose(&dialect.nulInNames, nulInName, "nul-in-name")
    }
}

/// The options for the most that an input may ask for.
struct InputLimitOptions: ParsableArguments {
    @Option(help: "Maximum size of a record without its line end; the default is 16MiB.") var maxRecord: String?
    @Option(help: "Maximum number of fields in a record, including the header; the default is 100000.")
    var maxColumns: String?
    @Option(help: "Maximum memory (window) that a zstd input may require; the default is 128MiB.")
    var maxWindow: String?

    func apply(to dialect: inout Dialect) throws {
        if let maxRecord { dialect.maxRecord = try size(maxRecord, in: Dialect.recordLimits, "max-record") }
        if let count = try number(maxColumns, in: Dialect.columnLimits, "max-columns") { dialect.maxColumns = count }
    }

    func window() throws -> Int {
        try maxWindow.map { try size($0, in: 1024...1 << 31, "max-window") } ?? CSVConverter.usualMaxWindow
    }

    private func size(_ text: String, in range: ClosedRange<Int>, _ name: String) throws -> Int {
        if let size = ByteCount.parse(text, in: range) { return size }
        throw ValidationError("--\(name) takes \(ByteCount.expectation(range)), not '\(text)'")
    }
}
