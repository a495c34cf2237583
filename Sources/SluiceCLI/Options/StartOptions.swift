import ArgumentParser
import SluiceCSV
import SluicePlatform

/// The options for what comes before the first row.
struct StartOptions: ParsableArguments {
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
        )
    )
    var sepLine: String?

    func apply(to dialect: inout Dialect) throws {
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
}
