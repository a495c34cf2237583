/// What the bytes of a CSV input mean.
///
/// The default, ``rfc4180``, accepts what RFC 4180 allows (with LF or CRLF line ends) and refuses the rest with a
/// ``CSVError``. Each option decides one question on which real files differ; ``lenient`` answers all of them so that
/// no input is refused. Nothing is sniffed, trimmed or guessed.
public struct Dialect: Sendable, Hashable {
    /// The byte between fields: one ASCII byte, neither the quote nor CR nor LF.
    public var delimiter: UInt8 = UInt8(ascii: ",")
    /// The byte around quoted fields: one ASCII byte, neither the delimiter nor CR nor LF.
    public var quote: UInt8 = UInt8(ascii: "\"")
    /// Where the column names come from.
    public var header: HeaderSource = .firstRecord
    /// A CR outside quotes that no LF follows.
    public var bareCR: BareCR = .error
    /// A quote after the first byte of a plain field.
    public var quoteInPlain: QuoteInPlain = .error
    /// Text between a closing quote and the next delimiter or line end.
    public var afterQuote: AfterQuote = .error
    /// The input ends inside quotes.
    public var unterminated: Unterminated = .error
    /// A record with another number of fields than the header or, without one, than the first record.
    public var ragged: Ragged = .error
    /// Two columns with the same name.
    public var duplicateHeaders: DuplicateHeaders = .error
    /// Bytes that are not well-formed UTF-8 (Unicode Standard, Table 3-7).
    public var invalidUTF8: InvalidUTF8 = .error
    /// Records of no bytes.
    public var blankLines: BlankLines = .skip
    /// The most bytes from a record's first to its last, its line end not counted; a longer one is the error
    /// ``CSVError/Code/recordTooLong``. So a quote that is never closed does not take a whole stream into memory.
    public var maxRecord = usualMaxRecord
    /// The most fields of a record, the header's too; one with more is the error ``CSVError/Code/tooManyColumns``.
    public var maxColumns = usualMaxColumns

    /// 16 MiB.
    public static let usualMaxRecord = 1 << 24
    /// 100,000.
    public static let usualMaxColumns = 100_000
    /// The values that ``maxRecord`` may have.
    public static let recordLimits = 1...1 << 40
    /// The values that ``maxColumns`` may have.
    public static let columnLimits = 1...1 << 24
    /// Column names that hold NUL.
    public var nulInNames: NULInNames = .error
    /// Take the input for CSV even if its first bytes are those of another kind of file.
    public var assumesCSV = false

    /// RFC 4180 to the letter; everything else is an error.
    public static let rfc4180 = Dialect()

    /// Every option at the value that accepts.
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

    /// Makes a dialect; what is not named is as in RFC 4180.
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

    /// Why nothing can be read like this, or nil if it can: the delimiter and the quote cannot be used together, or the
    /// header has no names. Whatever reads throws then.
    public var fault: String? {
        if !Self.recordLimits.contains(maxRecord) {
            return "a record's limit is from 1 byte to 1 TiB, not \(maxRecord) bytes"
        }
        if !Self.columnLimits.contains(maxColumns) {
            return "the limit of columns is from 1 to \(Self.columnLimits.upperBound), not \(maxColumns)"
        }
        if case .names(let names) = header {
            if names.isEmpty { return "the header must have a name" }
            if names.count > maxColumns { return "the header has \(names.count) names, more than \(maxColumns)" }
        }
        for (name, byte) in [("delimiter", delimiter), ("quote", quote)] {
            if byte >= 0x80 { return "the \(name) must be one ASCII byte" }
            if byte == 0x0A || byte == 0x0D { return "the \(name) cannot be a line end" }
        }
        return delimiter == quote ? "the delimiter and the quote must differ" : nil
    }
}

extension Dialect {
    /// Where the column names come from.
    public enum HeaderSource: Sendable, Hashable {
        /// The first record that is not blank names the columns.
        case firstRecord
        /// There are no names; rows are arrays.
        case none
        /// These names; the input has no header record.
        case names([String])
    }

    /// A CR outside quotes that no LF follows, also as the last byte of the input.
    public enum BareCR: String, Sendable, Hashable, CaseIterable {
        /// Error ``CSVError/Code/bareCR``.
        case error
        /// It ends the record.
        case newline
        /// It is a byte of the field.
        case data
    }

    /// A quote after the first byte of a plain field.
    public enum QuoteInPlain: String, Sendable, Hashable, CaseIterable {
        /// Error ``CSVError/Code/quoteInPlain``.
        case error
        /// It is a byte of the field.
        case data
    }

    /// A byte other than delimiter or line end after a closing quote.
    public enum AfterQuote: String, Sendable, Hashable, CaseIterable {
        /// Error ``CSVError/Code/textAfterQuote``.
        case error
        /// It and all up to the next delimiter or line end, quotes too, are appended to the value.
        case append
    }

    /// The input ends inside quotes.
    public enum Unterminated: String, Sendable, Hashable, CaseIterable {
        /// Error ``CSVError/Code/unterminatedQuote``.
        case error
        /// The field ends with the input.
        case close
    }

    /// A record with too few or too many fields.
    public enum Ragged: String, Sendable, Hashable, CaseIterable {
        /// Error ``CSVError/Code/raggedRecord``.
        case error
        /// Missing fields are `""`; further ones get the keys `_N`, N being the column counted from 1.
        case pad
        /// Missing fields are left out; further ones as with `pad`.
        case omit
        /// Missing fields are `""`; further ones are dropped.
        case truncate
    }

    /// Two columns with the same name.
    public enum DuplicateHeaders: String, Sendable, Hashable, CaseIterable {
        /// Error ``CSVError/Code/duplicateHeader``.
        case error
        /// The later ones get `_2`, `_3`… appended, raised until the name collides with no other.
        case rename
    }

    /// Ill-formed UTF-8.
    public enum InvalidUTF8: String, Sendable, Hashable, CaseIterable {
        /// Error ``CSVError/Code/invalidUTF8``.
        case error
        /// U+FFFD for each maximal subpart (Unicode Standard, section 3.9).
        case replace
    }

    /// Records of no bytes.
    public enum BlankLines: String, Sendable, Hashable, CaseIterable {
        /// Skipped, except in a table of one column, where each is a row with the value `""`.
        case skip
        /// Skipped in every table.
        case skipAll = "skip-all"
        /// Error ``CSVError/Code/blankLine``.
        case error
    }

    /// Column names that hold the character NUL.
    public enum NULInNames: String, Sendable, Hashable, CaseIterable {
        /// Error ``CSVError/Code/nulInName``.
        case error
        /// It is a character of the name.
        case data
    }
}
