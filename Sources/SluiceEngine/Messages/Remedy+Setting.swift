import SluiceCSV

extension CSVError.Remedy {
    /// The setting that accepts the error, by its name in a configuration; see ``Identity``. The command has an option of this
    /// name, and the function a variable: `bare-cr` is `--bare-cr` and `SLUICE_BARE_CR`.
    package var setting: (name: String, value: String) {
        switch self {
        case .endRecordAtCR: ("bare-cr", Dialect.BareCR.newline.rawValue)
        case .keepCR: ("bare-cr", Dialect.BareCR.data.rawValue)
        case .keepQuote: ("quote-in-plain", Dialect.QuoteInPlain.data.rawValue)
        case .appendText: ("after-quote", Dialect.AfterQuote.append.rawValue)
        case .closeQuote: ("unterminated", Dialect.Unterminated.close.rawValue)
        case .padRecord: ("ragged", Dialect.Ragged.pad.rawValue)
        case .numberColumns: ("duplicate-headers", Dialect.DuplicateHeaders.rename.rawValue)
        case .replaceBytes: ("invalid-utf8", Dialect.InvalidUTF8.replace.rawValue)
        case .skipBlankLines: ("blank-lines", Dialect.BlankLines.skipAll.rawValue)
        case .trimSpaces: ("trim", Dialect.Trim.spaces.rawValue)
        case .escapeByBackslash: ("escape", "\\")
        case .useSepLine: ("sep-line", Dialect.SepLine.use.rawValue)
        }
    }
}
