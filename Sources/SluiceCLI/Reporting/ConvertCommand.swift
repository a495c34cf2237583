import SluiceCSV
import SluiceEngine
import SluiceJSON

/// The command that converts an input as its description says.
///
///     sluice convert orders.csv --schema orders.json          if the description was written to a file
///     sluice convert orders.csv --delimiter ';' --types id:integer,price:number
struct ConvertCommand {
    private let description: Description
    private let schema: String?

    init(_ description: Description, schema: String?) {
        self.description = description
        self.schema = schema
    }

    var text: String { (["sluice", "convert"] + file + options).map(ShellQuoting.quoted).joined(separator: " ") }

    /// A file whose name looks like an option follows `--`, which must come last.
    private var isDashed: Bool { description.input.hasPrefix("-") && description.input != "-" }
    private var file: [String] { isDashed ? ["./\(description.input)"] : [description.input] }

    private var options: [String] {
        // Invalid records would end the conversion.
        let rejects = description.faults.isEmpty ? [] : ["--rejects", "stderr"]
        guard let schema else { return dialect + header + types + rejects }
        return ["--schema", schema] + unstated + rejects
    }

    private var dialect: [String] {
        var dialect = description.dialect
        if !names.isEmpty { dialect.header = .firstRecord }
        return Self.options(of: dialect, description.encoding)
    }

    private static func options(of dialect: Dialect, _ encoding: Encoding) -> [String] {
        let converter = CSVConverter(dialect: dialect, encoding: encoding)
        return RunOptions(converter.identity(SourceName("")).configuration)?.dialect ?? []
    }

    /// The options that a schema's dialect can't state.
    private var unstated: [String] {
        var dialect = Dialect()
        let own = description.dialect
        (dialect.quoteInPlain, dialect.afterQuote, dialect.unterminated) = (
            own.quoteInPlain, own.afterQuote, own.unterminated
        )
        (dialect.ragged, dialect.duplicateHeaders, dialect.invalidUTF8) = (
            own.ragged, own.duplicateHeaders, own.invalidUTF8
        )
        (dialect.blankLines, dialect.nulInNames, dialect.assumesCSV) = (own.blankLines, own.nulInNames, own.assumesCSV)
        (dialect.maxRecord, dialect.maxColumns) = (own.maxRecord, own.maxColumns)
        if own.bareCR == .data { dialect.bareCR = .data }
        if own.trim == .spaces { dialect.trim = .spaces }
        if own.comments.count > 1 { dialect.comments = own.comments }
        dialect.sepLine = own.sepLine
        if own.header != .firstRecord { dialect.skippedLines = own.skippedLines }
        return Self.options(of: dialect, .utf8)
    }

    private var names: [String] { description.names.map { String(decoding: $0, as: UTF8.self) } }

    /// Rows are objects, as with a schema.
    private var header: [String] {
        guard description.dialect.header != .firstRecord, !names.isEmpty else { return [] }
        let option = ShellQuoting.option("header", Dialect.record(of: names))
        return Self.canBePassed(option) ? option : ["--no-header"]
    }

    /// Columns with words for missing values stay strings: without a schema, such words would be missing in every column.
    private var types: [String] {
        let typed = zip(names, description.columns).filter { $1.type != .text && $1.missingWords.isEmpty }
        if typed.isEmpty { return [] }
        let option = ShellQuoting.option("types", Dialect.record(of: typed.map { "\($0):\($1.type.name)" }))
        return Self.canBePassed(option) ? option : []
    }

    /// Linux passes no argument of more than 128 KiB to a program. Tables that need one have a schema.
    private static func canBePassed(_ option: [String]) -> Bool { option.allSatisfy { $0.utf8.count < 1 << 17 } }
}
