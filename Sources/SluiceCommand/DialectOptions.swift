import ArgumentParser
import Sluice
import SluiceCSV

/// The options that say what the input's bytes mean: `--lenient` for all questions at once, the others for one each.
struct DialectOptions: ParsableArguments {
    @Flag(help: "Accept all that RFC 4180 does not allow; other options override it.") var lenient = false
    @Option(help: "Of the input's text: utf-8, utf-16, utf-16le, utf-16be or latin1.") var encoding: Encoding = .utf8
    @Option(help: "One ASCII character, or 'tab'.") var delimiter: String?
    @Option(help: "One ASCII character.") var quote: String?
    @Flag(help: "The input has no header; rows are arrays.") var noHeader = false
    @Option(help: "The input has no header; these are the names, separated by commas.") var header: String?
    @Option(help: "CR outside quotes without LF.") var bareCr: Dialect.BareCR?
    @Option(help: "Quote inside an unquoted field.") var quoteInPlain: Dialect.QuoteInPlain?
    @Option(help: "Text after a closing quote.") var afterQuote: Dialect.AfterQuote?
    @Option(help: "Input that ends inside quotes.") var unterminated: Dialect.Unterminated?
    @Option(help: "Records with too few or too many fields.") var ragged: Dialect.Ragged?
    @Option(help: "Column names that occur twice.") var duplicateHeaders: Dialect.DuplicateHeaders?
    @Option(help: "Bytes that are not UTF-8.") var invalidUtf8: Dialect.InvalidUTF8?
    @Option(help: "Records of no bytes.") var blankLines: Dialect.BlankLines?

    func dialect() throws -> Dialect {
        var dialect = lenient ? Dialect.lenient : .rfc4180
        if let delimiter { dialect.delimiter = try byte(delimiter, "delimiter") }
        if let quote { dialect.quote = try byte(quote, "quote") }
        if let fault = dialect.fault { throw ValidationError(fault) }
        if noHeader { dialect.header = .none }
        if let header {
            dialect.header = .names(header.split(separator: ",", omittingEmptySubsequences: false).map(String.init))
        }
        dialect.bareCR = bareCr ?? dialect.bareCR
        dialect.quoteInPlain = quoteInPlain ?? dialect.quoteInPlain
        dialect.afterQuote = afterQuote ?? dialect.afterQuote
        dialect.unterminated = unterminated ?? dialect.unterminated
        dialect.ragged = ragged ?? dialect.ragged
        dialect.duplicateHeaders = duplicateHeaders ?? dialect.duplicateHeaders
        dialect.invalidUTF8 = invalidUtf8 ?? dialect.invalidUTF8
        dialect.blankLines = blankLines ?? dialect.blankLines
        return dialect
    }

    private func byte(_ text: String, _ name: String) throws -> UInt8 {
        if text == "tab" || text == "\\t" { return 0x09 }
        guard text.utf8.count == 1, let byte = text.utf8.first else {
            throw ValidationError("--\(name) takes one ASCII character")
        }
        return byte
    }
}

extension Encoding: ExpressibleByArgument {}
extension Dialect.BareCR: ExpressibleByArgument {}
extension Dialect.QuoteInPlain: ExpressibleByArgument {}
extension Dialect.AfterQuote: ExpressibleByArgument {}
extension Dialect.Unterminated: ExpressibleByArgument {}
extension Dialect.Ragged: ExpressibleByArgument {}
extension Dialect.DuplicateHeaders: ExpressibleByArgument {}
extension Dialect.InvalidUTF8: ExpressibleByArgument {}
extension Dialect.BlankLines: ExpressibleByArgument {}
