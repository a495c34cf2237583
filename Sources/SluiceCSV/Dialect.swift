/// The meaning of the bytes of a CSV input.
///
/// The default, ``rfc4180``, accepts what RFC 4180 allows (with LF or CRLF line ends) and refuses everything else with a
/// ``CSVError``. Each option decides one question on which real files differ. ``lenient`` sets all of them so that no record
/// is refused for its form. Nothing is sniffed, trimmed or guessed.
public struct Dialect: Sendable, Hashable {
    /// The byte between fields: one ASCII byte, neither the quote nor CR nor LF. With a ``delimiterTail``, the first of several
    /// bytes.
    public var delimiter: UInt8 = UInt8(ascii: ",")
    /// The byte around quoted fields: one ASCII byte, neither the delimiter nor CR nor LF.
    public var quote: UInt8 = UInt8(ascii: "\"")
    /// The source of the column names.
    public var header: HeaderSource = .firstRecord
    /// How to treat a CR outside quotes that no LF follows.
    public var bareCR: BareCR = .error
    /// How to treat a quote after the first byte of a plain field.
    public var quoteInPlain: QuoteInPlain = .error
    /// How to treat text between a closing quote and the next delimiter or line end.
    public var afterQuote: AfterQuote = .error
    /// How to treat an input that ends inside quotes.
    public var unterminated: Unterminated = .error
    /// How to treat a record with another number of fields than the header or, without one, than the first record.
    public var ragged: Ragged = .error
    /// How to treat two columns with the same name.
    public var duplicateHeaders: DuplicateHeaders = .error
    /// How to treat bytes that are not well-formed UTF-8 (Unicode Standard, Table 3-7).
    public var invalidUTF8: InvalidUTF8 = .error
    /// How to treat records of no bytes.
    public var blankLines: BlankLines = .skip
    /// The most bytes of a record, not counting its line end; a longer one is the error ``CSVError/Code/recordTooLong``.
    /// The limit keeps a quote that is never closed from taking a whole stream into memory.
    public var maxRecord = usualMaxRecord
    /// The most fields of a record, including the header; more are the error ``CSVError/Code/tooManyColumns``.
    public var maxColumns = usualMaxColumns
    /// How to treat column names that contain NUL.
    public var nulInNames: NULInNames = .error
    /// Whether to read the input as CSV even if its first bytes are those of another kind of file.
    public var assumesCSV = false
    /// The settings of Dialect+Further.swift; nil if all have their defaults.
    var box: Box?

    /// The default of ``maxRecord``: 16 MiB.
    public static let usualMaxRecord = 1 << 24
    /// The default of ``maxColumns``: 100,000.
    public static let usualMaxColumns = 100_000
    /// The allowed values of ``maxRecord``.
    public static let recordLimits = 1...1 << 40
    /// The allowed values of ``maxColumns``.
    public static let columnLimits = 1...1 << 24

    /// Exactly RFC 4180; everything else is an error.
    public static let rfc4180 = Dialect()

    /// The dialect in which every option has its accepting value.
    public static let lenient = Dialect(
        bareCR: .newline,
        quoteInPlain: .data,
        afterQuote: .append,
        unterminated: .close,
        ragged: .pad,
        duplicateHeaders: .rename,
        invalidUTF8: .replace,
        nulInNames: .data
    )

    /// Creates a dialect. Options that are not given are as in RFC 4180.
    public init(
        delimiter: UInt8 = UInt8(ascii: ","),
        quote: UInt8 = UInt8(ascii: "\""),
        header: HeaderSource = .firstRecord,
        bareCR: BareCR = .error,
        quoteInPlain: QuoteInPlain = .error,
        afterQuote: AfterQuote = .error,
        unterminated: Unterminated = .error,
        ragged: Ragged = .error,
        duplicateHeaders: DuplicateHeaders = .error,
        invalidUTF8: InvalidUTF8 = .error,
        blankLines: BlankLines = .skip,
        maxRecord: Int = usualMaxRecord,
        maxColumns: Int = usualMaxColumns,
        nulInNames: NULInNames = .error,
        assumesCSV: Bool = false
    ) {
        self.delimiter = delimiter
        self.quote = quote
        self.header = header
        self.bareCR = bareCR
        self.quoteInPlain = quoteInPlain
        self.afterQuote = afterQuote
        self.unterminated = unterminated
        self.ragged = ragged
        self.duplicateHeaders = duplicateHeaders
        self.invalidUTF8 = invalidUTF8
        self.blankLines = blankLines
        self.maxRecord = maxRecord
        self.maxColumns = maxColumns
        self.nulInNames = nulInNames
        self.assumesCSV = assumesCSV
    }

    /// Why the dialect cannot be used, or nil if it can: bytes with a meaning conflict, such as the delimiter and the quote, the
    /// header has no names, or a limit is out of range. Reading with such a dialect throws.
    public var fault: String? {
        if !Self.recordLimits.contains(maxRecord) {
            return "the record limit must be from 1 byte to 1 TiB, not \(maxRecord) bytes"
        }
        if !Self.columnLimits.contains(maxColumns) {
            return "the column limit must be from 1 to \(Self.columnLimits.upperBound), not \(maxColumns)"
        }
        if case .names(let names) = header {
            if names.isEmpty { return "the header must have at least one name" }
            if names.count > maxColumns {
                return "the header has \(names.count) names, more than the limit of \(maxColumns)"
            }
        }
        return startFault ?? syntaxFault
    }
}

extension Dialect {
    /// The source of the column names.
    public enum HeaderSource: Sendable, Hashable {
        /// The first record that is not blank names the columns.
        case firstRecord
        /// There are no names; each row is an array.
        case none
        /// These names; the input has no header record.
        case names([String])
    }

    /// How to treat a CR outside quotes that no LF follows, even as the last byte of the input.
    public enum BareCR: String, Sendable, Hashable, CaseIterable {
        /// Error ``CSVError/Code/bareCR``.
        case error
        /// It ends the record.
        case newline
        /// It is a byte of the field.
        case data
    }

    /// How to treat a quote after the first byte of a plain field.
    public enum QuoteInPlain: String, Sendable, Hashable, CaseIterable {
        /// Error ``CSVError/Code/quoteInPlain``.
        case error
        /// It is a byte of the field.
        case data
    }

    /// How to treat a byte other than a delimiter or line end after a closing quote.
    public enum AfterQuote: String, Sendable, Hashable, CaseIterable {
        /// Error ``CSVError/Code/textAfterQuote``.
        case error
        /// It is appended to the value, with everything up to the next delimiter or line end, quotes too.
        case append
    }

    /// How to treat an input that ends inside quotes.
    public enum Unterminated: String, Sendable, Hashable, CaseIterable {
        /// Error ``CSVError/Code/unterminatedQuote``.
        case error
        /// The field ends with the input.
        case close
        /// Error ``CSVError/Code/unterminatedQuote``; where bad records are put aside, only the line of the opening quote is bad,
        /// and reading goes on at the next line. For inputs whose values hold no line ends.
        case nextLine = "next-line"
    }

    /// How to treat a record with too few or too many fields.
    public enum Ragged: String, Sendable, Hashable, CaseIterable {
        /// Error ``CSVError/Code/raggedRecord``.
        case error
        /// Missing fields are `""`; surplus fields get the keys `_N`, where N is the column counted from 1.
        case pad
        /// Missing fields are left out; surplus fields as with `pad`.
        case omit
        /// Missing fields are `""`; surplus fields are dropped.
        case truncate
    }

    /// How to treat two columns with the same name.
    public enum DuplicateHeaders: String, Sendable, Hashable, CaseIterable {
        /// Error ``CSVError/Code/duplicateHeader``.
        case error
        /// Later columns get `_2`, `_3`… appended, counting up until the name is unique.
        case rename
    }

    /// How to treat ill-formed UTF-8.
    public enum InvalidUTF8: String, Sendable, Hashable, CaseIterable {
        /// Error ``CSVError/Code/invalidUTF8``.
        case error
        /// Each maximal subpart becomes U+FFFD (Unicode Standard, section 3.9).
        case replace
    }

    /// How to treat records of no bytes.
    public enum BlankLines: String, Sendable, Hashable, CaseIterable {
        /// They are skipped, except in a table of one column, where each is a row with the value `""`.
        case skip
        /// They are skipped in every table.
        case skipAll = "skip-all"
        /// Error ``CSVError/Code/blankLine``.
        case error
    }

    /// How to treat column names that contain the character NUL.
    public enum NULInNames: String, Sendable, Hashable, CaseIterable {
        /// Error ``CSVError/Code/nulInName``.
        case error
        /// It is a character of the name.
        case data
    }
}
