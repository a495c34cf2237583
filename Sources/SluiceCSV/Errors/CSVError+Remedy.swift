extension CSVError {
    /// A way to accept a record that is refused. Its name, an option or a variable, is for the caller to choose.
    public enum Remedy: String, Sendable, Hashable, CaseIterable {
        /// A CR ends the record: ``Dialect/BareCR/newline``.
        case endRecordAtCR
        /// A CR belongs to the value: ``Dialect/BareCR/data``.
        case keepCR
        /// A quote belongs to the value: ``Dialect/QuoteInPlain/data``.
        case keepQuote
        /// Text after a closing quote belongs to the value: ``Dialect/AfterQuote/append``.
        case appendText
        /// The end of the input closes the quote: ``Dialect/Unterminated/close``.
        case closeQuote
        /// Missing fields are empty and surplus fields get names: ``Dialect/Ragged/pad``.
        case padRecord
        /// Repeated names are numbered: ``Dialect/DuplicateHeaders/rename``.
        case numberColumns
        /// U+FFFD replaces ill-formed UTF-8: ``Dialect/InvalidUTF8/replace``.
        case replaceBytes
        /// Records of no bytes are skipped: ``Dialect/BlankLines/skipAll``.
        case skipBlankLines
        /// Spaces around values and quotes are removed: ``Dialect/Trim/spaces``.
        case trimSpaces
        /// The backslash is the escape character: ``Dialect/escape``.
        case escapeByBackslash
        /// The first line names the delimiter: ``Dialect/SepLine/use``.
        case useSepLine
    }

    /// The ways to accept the record that keep its values as they were meant, as far as its bytes show. Empty if every way
    /// would silently change quotes, columns or rows.
    public var remedies: [Remedy] {
        switch (code, detail) {
        case (.bareCR, .sign(.endsRecord)): [.endRecordAtCR]
        case (.bareCR, .sign(.insideValue)): [.keepCR]
        case (.bareCR, _): [.endRecordAtCR, .keepCR]
        case (.quoteInPlain, .sign(.trimmable)), (.textAfterQuote, .sign(.trimmable)): [.trimSpaces]
        case (.quoteInPlain, .sign(.escapable)), (.textAfterQuote, .sign(.escapable)): [.escapeByBackslash]
        case (.quoteInPlain, .none): [.keepQuote]
        case (.textAfterQuote, .none): [.appendText]
        case (.unterminatedQuote, .sign(.endsWithInput)): [.closeQuote]
        case (.raggedRecord, .fields(let count)): count.isPadded ? [.padRecord] : []
        case (.duplicateHeader, _): [.numberColumns]
        case (.invalidUTF8, .sign(.amongUTF8)): [.replaceBytes]
        case (.blankLine, _): [.skipBlankLines]
        case (.sepLine, .delimiter): [.useSepLine]
        default: []
        }
    }

    /// The probable cause, and what to change in the input; nil if ``reason`` and ``remedies`` suffice.
    public var explanation: String? {
        switch (code, detail) {
        case (.quoteInPlain, .sign(.trimmable)), (.textAfterQuote, .sign(.trimmable)):
            "a quoted field must start and end with its quotes"
        case (.quoteInPlain, .sign(.escapable)), (.textAfterQuote, .sign(.escapable)):
            "RFC 4180 has no backslash escapes"
        case (.quoteInPlain, .sign(.spaceBeforeQuote)):
            "a quoted field must start with its quote: remove the spaces before it"
        case (.textAfterQuote, .sign(.spaceAfterQuote)):
            "a quoted field must end with its quote: remove the spaces after it"
        case (.quoteInPlain, .sign(.backslashBeforeQuote)), (.textAfterQuote, .sign(.backslashBeforeQuote)):
            "RFC 4180 has no backslash escapes: quote the whole value, with each inner quote doubled"
        case (.quoteInPlain, .sign(.notDoubled)), (.textAfterQuote, .sign(.notDoubled)):
            "a value that contains quotes must be quoted as a whole, with the escape character before each inner quote"
        case (.quoteInPlain, .sign), (.textAfterQuote, .sign):
            "a value that contains quotes must be quoted as a whole, with each inner quote doubled"
        case (.unterminatedQuote, .sign(.endsWithInput)): "the input may have been cut short"
        case (.unterminatedQuote, _):
            "either it belongs to a value, which must be quoted, with the quote doubled, or the input was cut short"
        case (.raggedRecord, .fields(let count)): count.explanation
        case (.invalidUTF8, .sign(.amongUTF8)):
            "other characters of the record are UTF-8, so it is damaged or mixes encodings"
        case (.badCompression, _): "fetch the file again; rows of its damaged part may have been written"
        case (.inputChanged, _): "discard what was read, and read the file again when nothing writes to it"
        default: nil
        }
    }
}

extension CSVError.FieldCount {
    /// Whether padding is likely right: fields at the end may be missing because they are empty, unless the next record has
    /// them, and surplus fields may be empty.
    fileprivate var isPadded: Bool { found < expected ? found > 1 && !isSplit : surplusIsEmpty && expected > 1 }

    fileprivate var explanation: String? {
        if expected == 1 { return "the file may use another delimiter, or its first line may not be the header" }
        if isSplit {
            return "it may be part of a row that is split by a line end: a value that contains one must be quoted"
        }
        if found == 1 { return "it may be a note, or part of a row that is split by an unquoted line end" }
        if found < expected { return nil }
        return surplusIsEmpty ? nil : "a value that contains a delimiter must be quoted"
    }
}
