import ArgumentParser
import SluiceCSV
import SluicePlatform

/// The options for the bytes that have a meaning.
struct SyntaxOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The input's encoding, a WHATWG label: utf-8 (the default), utf-16, windows-1252…",
            valueName: "label"
        )
    )
    var encoding: String?
    @Option(
        help: ArgumentHelp(
            """
            What separates fields: one ASCII character, 'tab', or up to \(Dialect.longestDelimiter) bytes, such as \
            '||'; the default is a comma.
            """,
            valueName: "text"
        )
    )
    var delimiter: String?
    @Option(
        help: ArgumentHelp(
            "What surrounds quoted fields: one ASCII character, or 'none', as in --quote none; the default is \".",
            valueName: "char"
        )
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
        help: ArgumentHelp("Skip lines that start with this text, where a record could start: --comment '#'.", valueName: "text")
    )
    var comment: [String] = []
    @Option(
        help: ArgumentHelp(
            """
            Spaces to remove: none (the default); initial: those after a delimiter; spaces: spaces and tabs around \
            unquoted values and around quotes, as in --trim spaces.
            """,
            valueName: "which"
        )
    )
    var trim: String?
    @Flag(help: "Read inputs as CSV even if they start like files of another kind.") var assumeCsv = false

    func apply(to dialect: inout Dialect) throws {
        if let delimiter {
            guard let bytes = Dialect.delimiter(named: delimiter), !RawText.isRaw(delimiter) else {
                throw ValidationError(
                    "--delimiter takes one ASCII character, 'tab', or up to \(Dialect.longestDelimiter) bytes of UTF-8"
                )
            }
            dialect.delimiter = bytes[0]
            dialect.delimiterTail = Array(bytes.dropFirst())
        }
        if let quote {
            dialect.usesQuotes = quote != "none"
            if dialect.usesQuotes { dialect.quote = try byte(quote, "quote", ", or 'none'") }
        }
        if let escape { dialect.escape = try byte(escape, "escape") }
        if !comment.isEmpty {
            if comment.contains(where: RawText.isRaw) { throw ValidationError("--comment takes a text in UTF-8") }
            dialect.comments = comment.map { Array($0.utf8) }
        }
        try choose(&dialect.trim, trim, "trim")
        if assumeCsv { dialect.assumesCSV = true }
    }

    private func byte(_ text: String, _ name: String, _ others: String = "") throws -> UInt8 {
        if let byte = Dialect.byte(named: text) { return byte }
        throw ValidationError("--\(name) takes one ASCII character\(others)")
    }
}
