import SluiceCSV

/// The variables for the dialect, one for each of the command's options: `SLUICE_BARE_CR` is `--bare-cr`. Those that take several
/// values take one CSV record.
extension EnvironmentReader {
    /// Those that may contradict each other.
    static let dialectVariables = [
        "SLUICE_DELIMITER", "SLUICE_QUOTE", "SLUICE_ESCAPE", "SLUICE_COMMENT", "SLUICE_TRIM", "SLUICE_HEADER",
        "SLUICE_HEADER_ROWS", "SLUICE_HEADER_JOIN",
    ]

    /// Returns the dialect that the variables describe. Settings without a variable are those of `base`.
    mutating func dialect(over base: Dialect = .rfc4180) -> Dialect {
        var dialect = flag("SLUICE_LENIENT") ? base.accepting : base
        readSyntax(&dialect)
        readStart(&dialect)
        set(&dialect.bareCR, choice("SLUICE_BARE_CR"))
        set(&dialect.quoteInPlain, choice("SLUICE_QUOTE_IN_PLAIN"))
        set(&dialect.afterQuote, choice("SLUICE_AFTER_QUOTE"))
        set(&dialect.unterminated, choice("SLUICE_UNTERMINATED"))
        set(&dialect.ragged, choice("SLUICE_RAGGED"))
        set(&dialect.duplicateHeaders, choice("SLUICE_DUPLICATE_HEADERS"))
        set(&dialect.invalidUTF8, choice("SLUICE_INVALID_UTF8"))
        set(&dialect.blankLines, choice("SLUICE_BLANK_LINES"))
        set(&dialect.nulInNames, choice("SLUICE_NUL_IN_NAME"))
        set(&dialect.maxRecord, size("SLUICE_MAX_RECORD", in: Dialect.recordLimits))
        set(&dialect.maxColumns, number("SLUICE_MAX_COLUMNS", in: Dialect.columnLimits))
        if flag("SLUICE_ASSUME_CSV") { dialect.assumesCSV = true }
        return dialect
    }

    /// Reads the bytes that have a meaning.
    private mutating func readSyntax(_ dialect: inout Dialect) {
        if let bytes = delimiter("SLUICE_DELIMITER") {
            dialect.delimiter = bytes[0]
            dialect.delimiterTail = Array(bytes.dropFirst())
        }
        if value("SLUICE_QUOTE") == "none" {
            dialect.usesQuotes = false
        } else if let quote = character("SLUICE_QUOTE", or: ", or none") {
            dialect.usesQuotes = true
            dialect.quote = quote
        }
        if let escape = character("SLUICE_ESCAPE") { dialect.escape = escape }
        if let comments = texts("SLUICE_COMMENT") { dialect.comments = comments }
        set(&dialect.trim, choice("SLUICE_TRIM"))
    }

    /// Reads what comes before the first row.
    private mutating func readStart(_ dialect: inout Dialect) {
        if flag("SLUICE_NO_HEADER") { dialect.header = .none }
        if let names = list("SLUICE_HEADER") { dialect.header = .names(names) }
        set(&dialect.skippedLines, number("SLUICE_SKIP_LINES", in: Dialect.skipLimits))
        set(&dialect.headerRows, headerRows("SLUICE_HEADER_ROWS"))
        set(&dialect.headerJoin, value("SLUICE_HEADER_JOIN"))
        set(&dialect.skippedAfterHeader, number("SLUICE_SKIP_AFTER_HEADER", in: Dialect.skipLimits))
        set(&dialect.sepLine, choice("SLUICE_SEP_LINE"))
    }

    private func set<Value>(_ setting: inout Value, _ value: Value?) { if let value { setting = value } }

    private mutating func character(_ name: String, or others: String = "") -> UInt8? {
        guard let text = value(name) else { return nil }
        return Dialect.byte(named: text) ?? fault(name, takes: "one ASCII character, or tab\(others)")
    }

    private mutating func delimiter(_ name: String) -> [UInt8]? {
        guard let text = value(name) else { return nil }
        if let bytes = Dialect.delimiter(named: text) { return bytes }
        return fault(name, takes: "one ASCII character, tab, or up to \(Dialect.longestDelimiter) bytes")
    }

    private mutating func headerRows(_ name: String) -> [Int]? {
        guard let text = value(name) else { return nil }
        let rows = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
        let numbers = rows.compactMap(\.self)
        return numbers.count == rows.count
            ? numbers : fault(name, takes: "numbers in ascending order, separated by commas")
    }
}
