import ArgumentParser
import SluiceCSV
import SluiceEngine
import SluicePlatform

/// What the options set.
extension DialectOptions {
    func setSyntax(of dialect: inout Dialect) throws {
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
    }

    private func byte(_ text: String, _ name: String, _ others: String = "") throws -> UInt8 {
        if let byte = Dialect.byte(named: text) { return byte }
        throw ValidationError("--\(name) takes one ASCII character\(others)")
    }

    func setStart(of dialect: inout Dialect) throws {
        if noHeader { dialect.header = .none }
        if let header {
            guard let names = Dialect.names(inRecord: header), !RawText.isRaw(header) else {
                throw ValidationError("--header takes names as one CSV record in UTF-8, such as a,b or '\"x,1\",y'")
            }
            dialect.header = .names(names)
        }
        if let count = try number(skipLines, in: Dialect.skipLimits, "skip-lines") { dialect.skippedLines = count }
        if let headerRows {
            let rows = headerRows.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
            let numbers = rows.compactMap(\.self)
            guard numbers.count == rows.count else {
                throw ValidationError("--header-rows takes numbers in ascending order, such as 1,2")
            }
            dialect.headerRows = numbers
        }
        if let headerJoin {
            if RawText.isRaw(headerJoin) { throw ValidationError("--header-join takes a text in UTF-8") }
            dialect.headerJoin = headerJoin
        }
        if let count = try number(skipAfterHeader, in: Dialect.skipLimits, "skip-after-header") {
            dialect.skippedAfterHeader = count
        }
        try choose(&dialect.sepLine, sepLine, "sep-line")
    }

    /// Throws if the dialect gives two columns the same name and refuses that.
    func checkNames(of dialect: Dialect) throws {
        guard case .names(let names) = dialect.header, dialect.duplicateHeaders == .error,
            let duplicate = Header.firstDuplicate(names.map { Array($0.utf8) })
        else { return }
        let name = TerminalText.name(names[duplicate])
        throw ValidationError(
            "--header has the name '\(name)' twice; to number such names: --duplicate-headers rename"
        )
    }

    func setTolerance(of dialect: inout Dialect) throws {
        try choose(&dialect.bareCR, bareCr, "bare-cr")
        try choose(&dialect.quoteInPlain, quoteInPlain, "quote-in-plain")
        try choose(&dialect.afterQuote, afterQuote, "after-quote")
        try choose(&dialect.unterminated, unterminated, "unterminated")
        try choose(&dialect.ragged, ragged, "ragged")
        try choose(&dialect.duplicateHeaders, duplicateHeaders, "duplicate-headers")
        try choose(&dialect.invalidUTF8, invalidUtf8, "invalid-utf8")
        try choose(&dialect.blankLines, blankLines, "blank-lines")
        try choose(&dialect.nulInNames, nulInName, "nul-in-name")
        if assumeCsv { dialect.assumesCSV = true }
    }

    func setLimits(of dialect: inout Dialect) throws {
        if let maxRecord { dialect.maxRecord = try size(maxRecord, in: Dialect.recordLimits, "max-record") }
        if let count = try number(maxColumns, in: Dialect.columnLimits, "max-columns") { dialect.maxColumns = count }
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
}
