import ArgumentParser
import SluiceCSV
import SluiceEngine
import SluiceJSON
import SluicePlatform

/// The options for the input's dialect. `--lenient` accepts everything that RFC 4180 does not allow; each of the others
/// sets one thing, and overrides it.
///
/// Options with values are strings, which are looked up here: for each further type of option, the parser would search every
/// conformance in the program at every start.
package struct DialectOptions: ParsableArguments {
    @Flag(help: "Accept everything that RFC 4180 does not allow; other options override it.") var lenient = false
    @Option(help: "The input's encoding, a WHATWG label: utf-8 (the default), utf-16, windows-1252…")
    var encoding: String?
    @Option(help: "One ASCII character, or 'tab'.") var delimiter: String?
    @Option(help: "One ASCII character.") var quote: String?
    @Flag(help: "The input has no header; rows are arrays.") var noHeader = false
    @Option(
        help: """
            The input has no header; use these names, given as a CSV record with commas: a,b or '"x,1",y'.
            """
    )
    var header: String?
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
    @Flag(help: "Read inputs as CSV even if they start like files of another kind.") var assumeCsv = false

    @Option(help: "Maximum size of a record without its line end; the default is 16MiB.") var maxRecord: String?
    @Option(help: "Maximum number of fields in a record, including the header; the default is 100000.")
    var maxColumns: String?
    @Option(help: "Maximum memory (window) that a zstd input may require; the default is 128MiB.")
    var maxWindow: String?

    @OptionGroup var schema: SchemaOption

    package init() {}

    /// Returns the dialect that the options describe. Settings without an option are those of `base`.
    package func dialect(over base: Dialect = .rfc4180) throws -> Dialect {
        var dialect = base
        if lenient { dialect = base.accepting }
        if let delimiter { dialect.delimiter = try byte(delimiter, "delimiter") }
        if let quote { dialect.quote = try byte(quote, "quote") }
        if let fault = dialect.fault { throw ValidationError(fault) }
        if noHeader { dialect.header = .none }
        if let header {
            guard let names = Dialect.names(inRecord: header), !RawText.isRaw(header) else {
                throw ValidationError("--header takes names as one CSV record in UTF-8, such as a,b or '\"x,1\",y'")
            }
            dialect.header = .names(names)
        }
        try choose(&dialect.bareCR, bareCr, "bare-cr")
        try choose(&dialect.quoteInPlain, quoteInPlain, "quote-in-plain")
        try choose(&dialect.afterQuote, afterQuote, "after-quote")
        try choose(&dialect.unterminated, unterminated, "unterminated")
        try choose(&dialect.ragged, ragged, "ragged")
        try choose(&dialect.duplicateHeaders, duplicateHeaders, "duplicate-headers")
        if case .names(let names) = dialect.header, dialect.duplicateHeaders == .error,
            let duplicate = Header.firstDuplicate(names.map { Array($0.utf8) })
        {
            let name = TerminalText.name(names[duplicate])
            throw ValidationError(
                "--header has the name '\(name)' twice; to number such names: --duplicate-headers rename"
            )
        }
        try choose(&dialect.invalidUTF8, invalidUtf8, "invalid-utf8")
        try choose(&dialect.blankLines, blankLines, "blank-lines")
        if let maxRecord { dialect.maxRecord = try size(maxRecord, in: Dialect.recordLimits, "max-record") }
        if let maxColumns {
            guard let count = Int(maxColumns), Dialect.columnLimits.contains(count) else {
                throw ValidationError("--max-columns takes a number from 1 to \(Dialect.columnLimits.upperBound)")
            }
            dialect.maxColumns = count
        }
        try choose(&dialect.nulInNames, nulInName, "nul-in-name")
        if assumeCsv { dialect.assumesCSV = true }
        return dialect
    }

    /// Returns the most memory that a zstd input may ask for, in bytes.
    package func window() throws -> Int {
        try maxWindow.map { try size($0, in: 1024...1 << 31, "max-window") } ?? CSVConverter.usualMaxWindow
    }

    private func size(_ text: String, in range: ClosedRange<Int>, _ name: String) throws -> Int {
        if let size = ByteCount.parse(text, in: range) { return size }
        throw ValidationError("--\(name) takes \(ByteCount.expectation(range)), not '\(text)'")
    }

    package func inputEncoding(over base: Encoding = .utf8) throws -> Encoding {
        guard let label = encoding else { return base }
        if let found = Encoding(label: label) { return found }
        if let refusal = Encoding.refusal(of: label) { throw ValidationError("--encoding \(refusal)") }
        let names = Encoding.all.map(\.name).joined(separator: ", ")
        throw ValidationError(
            "--encoding takes a label of the WHATWG Encoding Standard, such as \(names), not '\(label)'"
        )
    }

    private func byte(_ text: String, _ name: String) throws -> UInt8 {
        if let byte = Dialect.byte(named: text) { return byte }
        throw ValidationError("--\(name) takes one ASCII character")
    }
}

extension DialectOptions {
    /// Returns a converter with these options over what the schema states, the kernel that the environment chooses, and this
    /// program's remote inputs.
    package func converter(
        format: RowFormat = .ndjson,
        limits: MessageFormat = .sqs,
        rows: RowOptions,
        threads: ThreadOption
    ) throws -> CSVConverter {
        let schema = try schema.load()
        var converter = CSVConverter(
            dialect: try dialect(over: schema?.dialect() ?? .rfc4180),
            encoding: try inputEncoding(over: schema?.encoding ?? .utf8),
            format: format,
            messageFormat: limits,
            threads: threads.count,
            kernel: try KernelChoice.kernel()
        )
        schema?.apply(to: &converter.shape)
        converter.remoteInputs = RemoteInputs.current
        converter.maxWindow = try window()
        converter.shape = try rows.shape(over: converter.shape)
        if let fault = converter.rowFault { throw ValidationError(fault) }
        return converter
    }
}

/// An option's value that is one of a fixed set of words.
typealias Choice = CaseIterable & RawRepresentable<String>

/// Returns the words as help and errors list them: `error, newline, data`.
func values<Value: Choice>(_: Value.Type) -> String {
    Value.allCases.map(\.rawValue).joined(separator: ", ")
}

/// Sets `value` to the case called `name`, if a name is given.
func choose<Value: Choice>(_ value: inout Value, _ name: String?, _ option: String) throws {
    guard let name else { return }
    guard let chosen = Value(rawValue: name) else {
        throw ValidationError("--\(option) takes one of \(values(Value.self)), not '\(name)'")
    }
    value = chosen
}
