import SluiceCSV

extension CSVGenerator {
    /// Returns a dialect: strict, lenient or any combination of options, now and then with other delimiters and quotes.
    package static func dialect(seed: UInt64) -> Dialect {
        var random = SplitMix64(seed: seed)
        var dialect = random.pick(Dialect.rfc4180, .lenient, mixture(&random), mixture(&random))
        dialect.header = random.pick(
            .firstRecord,
            .firstRecord,
            .none,
            .names(["x"]),
            .names(["x", "y"]),
            .names(["_4", "y", "_3"])
        )
        if random.oneIn(4) {
            (dialect.delimiter, dialect.quote) = random.pick(from: delimitersAndQuotes, or: (0x2C, 0x22))
        }
        // At least 3: the longest list of given names has three.
        if random.oneIn(6) { dialect.maxRecord = Int.random(in: 1...60, using: &random) }
        if random.oneIn(6) { dialect.maxColumns = Int.random(in: 3...5, using: &random) }
        if random.oneIn(2) { addFurther(to: &dialect, &random) }
        return dialect
    }

    /// Adds what files need that are not plain tables: each setting now and then, unless it conflicts with the others.
    package static func addFurther(to dialect: inout Dialect, seed: UInt64) {
        var random = SplitMix64(seed: seed)
        addFurther(to: &dialect, &random)
    }

    private static func addFurther(to dialect: inout Dialect, _ random: inout SplitMix64) {
        func add(_ change: (inout Dialect) -> Void) {
            var changed = dialect
            change(&changed)
            if changed.fault == nil { dialect = changed }
        }
        if random.oneIn(3) { dialect.skippedLines = random.pick(1, 1, 2, 5) }
        if random.oneIn(4) {
            let rows = random.pick([2], [1, 2], [1, 3], [2, 3])
            let join = random.pick(" ", "", "::")
            add { ($0.headerRows, $0.headerJoin) = (rows, join) }
        }
        if random.oneIn(4) { dialect.skippedAfterHeader = random.pick(1, 1, 2) }
        if random.oneIn(5) { add { $0.usesQuotes = false } }
        if random.oneIn(4) {
            let delimiter = random.pick(from: ["||", "§", "::", "x|", "=>|", "<<>"].map { Array($0.utf8) }, or: [0x2C])
            add { ($0.delimiter, $0.delimiterTail) = (delimiter[0], Array(delimiter.dropFirst())) }
        }
        if random.oneIn(3) {
            let texts = random.pick(["#"], ["#", "//"], ["Total", "To"], ["#!", "#"], ["é#"], ["a"])
            add { $0.comments = texts.map { Array($0.utf8) } }
        }
        if random.oneIn(3) {
            let (escape, isDoubled) = (random.pick(0x5C, 0x5C, 0x5E as UInt8), !random.oneIn(3))
            add { ($0.escape, $0.doublesQuotes) = (escape, isDoubled) }
        }
        if random.oneIn(3) {
            let trim = random.pick(Dialect.Trim.initial, .spaces, .spaces)
            add { $0.trim = trim }
        }
        if random.oneIn(4) { dialect.sepLine = .use }
    }

    private static let delimitersAndQuotes: [(UInt8, UInt8)] = [
        (0x09, 0x22), (0x3B, 0x22), (0x7C, 0x27), (0x20, 0x22), (0x5C, 0x22), (0x1F, 0x22),
        (0x2C, 0x5C), (0x00, 0x27), (0x22, 0x2C), (0x61, 0x62), (0x7F, 0x00),
    ]

    private static func mixture(_ random: inout SplitMix64) -> Dialect {
        Dialect(
            bareCR: random.pick(from: Dialect.BareCR.allCases, or: .error),
            quoteInPlain: random.pick(from: Dialect.QuoteInPlain.allCases, or: .error),
            afterQuote: random.pick(from: Dialect.AfterQuote.allCases, or: .error),
            unterminated: random.pick(from: Dialect.Unterminated.allCases, or: .error),
            ragged: random.pick(from: Dialect.Ragged.allCases, or: .error),
            duplicateHeaders: random.pick(from: Dialect.DuplicateHeaders.allCases, or: .error),
            invalidUTF8: random.pick(from: Dialect.InvalidUTF8.allCases, or: .error),
            blankLines: random.pick(from: Dialect.BlankLines.allCases, or: .skip),
            nulInNames: random.pick(from: Dialect.NULInNames.allCases, or: .data)
        )
    }
}
