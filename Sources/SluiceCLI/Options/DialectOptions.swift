import ArgumentParser
import SluiceCSV
import SluiceEngine
import SluiceJSON
import SluicePlatform

/// The options for the input's dialect: the bytes that have a meaning, the start of the input, what RFC 4180 does not allow, and
/// limits. `--lenient` accepts everything that RFC 4180 does not allow; each of the options after it sets one thing, and overrides
/// it.
///
/// Options with values are strings, which are looked up here: for each further type of option, the parser would search every
/// conformance in the program at every start. So are all of these options in one group, for each further group costs the same.
package struct DialectOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The input's encoding, a WHATWG label: utf-8 (the default), utf-16, windows-1252…",
            valueName: "label"
        ),
        completion: .list(Encoding.all.map(\.name))
    )
    var encoding: String?
    @Option(
        help: ArgumentHelp(
            """
            What separates fields: one ASCII character, 'tab', or up to \(Dialect.longestDelimiter) bytes, such as \
            '||'; the default is a comma.
            """,
            valueName: "text"
        ),
        completion: .list(["tab"])
    )
    var delimiter: String?
    @Option(
        help: ArgumentHelp(
            "What surrounds quoted fields: one ASCII character, or 'none', as in --quote none; the default is \".",
            valueName: "char"
        ),
        completion: .list(["none"])
    )
    var quote: String?
    @Option(
        help: ArgumentHelp(
            "The character after which the next byte is data, inside and outside quotes: --escape '\\'.",
            valueName: "char"
        )
    )
    var escape: String?
    @Option(
        help: ArgumentHelp(
            "Skip lines that start with this text, where a record could start: --comment '#'.",
            valueName: "text"
        )
    )
    var comment: [String] = []
    @Option(
        help: ArgumentHelp(
            """
            Spaces to remove: none (the default); initial: those after a delimiter; spaces: spaces and tabs around \
            unquoted values and around quotes, as in --trim spaces.
            """,
            valueName: "which"
        ),
        completion: choices(Dialect.Trim.self)
    )
    var trim: String?

    @Flag(help: "The input has no header; rows are arrays.") var noHeader = false
    @Option(
        help: ArgumentHelp(
            "The input has no header; use these names, given as a CSV record with commas: a,b or '\"x,1\",y'.",
            valueName: "names"
        )
    )
    var header: String?
    @Option(
        help: ArgumentHelp(
            "Skip this many lines before the header (default: 0): --skip-lines 3. Quotes mean nothing in them.",
            valueName: "n"
        )
    )
    var skipLines: String?
    @Option(
        help: ArgumentHelp(
            "The records that name the columns, counted after skipped lines (default: 1): --header-rows 1,2.",
            valueName: "list"
        )
    )
    var headerRows: String?
    @Option(
        help: ArgumentHelp(
            "What joins the values of several header rows (default: a space): --header-join .",
            valueName: "text"
        )
    )
    var headerJoin: String?
    @Option(
        help: ArgumentHelp(
            "Skip this many records after the header, such as units (default: 0): --skip-after-header 1.",
            valueName: "n"
        )
    )
    var skipAfterHeader: String?
    @Option(
        help: ArgumentHelp(
            """
            A first line such as sep=; : error (the default), or use it as the delimiter, as in --sep-line use.
            """,
            valueName: "what"
        ),
        completion: choices(Dialect.SepLine.self)
    )
    var sepLine: String?

    @Flag(help: "Accept everything that RFC 4180 does not allow; other options override it.") var lenient = false
    @Option(
        help: "CR outside quotes without LF: \(values(Dialect.BareCR.self)).",
        completion: choices(Dialect.BareCR.self)
    )
    var bareCr: String?
    @Option(
        help: "Quote inside an unquoted field: \(values(Dialect.QuoteInPlain.self)).",
        completion: choices(Dialect.QuoteInPlain.self)
    )
    var quoteInPlain: String?
    @Option(
        help: "Text after a closing quote: \(values(Dialect.AfterQuote.self)).",
        completion: choices(Dialect.AfterQuote.self)
    )
    var afterQuote: String?
    @Option(
        help: "Input that ends inside quotes: \(values(Dialect.Unterminated.self)).",
        completion: choices(Dialect.Unterminated.self)
    )
    var unterminated: String?
    @Option(
        help: "Records with too few or too many fields: \(values(Dialect.Ragged.self)).",
        completion: choices(Dialect.Ragged.self)
    )
    var ragged: String?
    @Option(
        help: "Column names that occur twice: \(values(Dialect.DuplicateHeaders.self)).",
        completion: choices(Dialect.DuplicateHeaders.self)
    )
    var duplicateHeaders: String?
    @Option(
        help: "Bytes that are not UTF-8: \(values(Dialect.InvalidUTF8.self)).",
        completion: choices(Dialect.InvalidUTF8.self)
    )
    var invalidUtf8: String?
    @Option(help: "Blank lines: \(values(Dialect.BlankLines.self)).", completion: choices(Dialect.BlankLines.self))
    var blankLines: String?
    @Option(
        help: "Column names that contain NUL: \(values(Dialect.NULInNames.self)).",
        completion: choices(Dialect.NULInNames.self)
    )
    var nulInName: String?
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
        var dialect = lenient ? base.accepting : base
        try setSyntax(of: &dialect)
        try setStart(of: &dialect)
        try setTolerance(of: &dialect)
        try setLimits(of: &dialect)
        if let fault = dialect.fault { throw ValidationError(fault) }
        try checkNames(of: dialect)
        return dialect
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

/// Returns the words as a shell completes them.
func choices<Value: Choice>(_: Value.Type) -> CompletionKind { .list(Value.allCases.map(\.rawValue)) }

/// Sets `value` to the case called `name`, if a name is given.
func choose<Value: Choice>(_ value: inout Value, _ name: String?, _ option: String) throws {
    guard let name else { return }
    guard let chosen = Value(rawValue: name) else {
        throw ValidationError("--\(option) takes one of \(values(Value.self)), not '\(name)'")
    }
    value = chosen
}

/// Returns the number that an option's text states, or nil if the option is not given.
func number(_ text: String?, in range: ClosedRange<Int>, _ option: String) throws -> Int? {
    guard let text else { return nil }
    if let number = Int(text), range.contains(number) { return number }
    throw ValidationError("--\(option) takes a number from \(range.lowerBound) to \(range.upperBound)")
}
