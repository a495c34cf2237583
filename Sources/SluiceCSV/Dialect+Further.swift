/// What files need that are not plain tables: lines before the header, comments, escapes, other delimiters.
///
/// A dialect is copied often, and most have none of these settings. So they share one reference, which is nil as long as all
/// of them have their defaults; equal dialects have equal references.
extension Dialect {
    /// The number of physical lines before the header, which are skipped. Quotes mean nothing in them, and they take no record
    /// numbers. A `sep=` line is a line.
    public var skippedLines: Int {
        get { box?.values.skippedLines ?? 0 }
        set { further.skippedLines = newValue }
    }

    /// The records that name the columns, by their numbers in ascending order. Records count from 1 after the skipped lines;
    /// blank lines and comments do not count. Records between them are skipped.
    ///
    /// A column's name is the values of these records, joined by ``headerJoin``. The last value of a shorter record stands for
    /// its further columns, too, as in Table Dialect's example; empty values are not joined:
    ///
    ///     Person            headerRows [1, 2], headerJoin " "
    ///     name,,age         Person name, Person, Person age
    public var headerRows: [Int] {
        get { box?.values.headerRows ?? Further.usualHeaderRows }
        set { further.headerRows = newValue }
    }

    /// The text between the values of several header records that make up one name.
    public var headerJoin: String {
        get { box?.values.headerJoin ?? Further.usualHeaderJoin }
        set { further.headerJoin = newValue }
    }

    /// The number of records that are skipped before the first row, after the header if there is one. Records that are no rows,
    /// such as blank lines, do not count.
    public var skippedAfterHeader: Int {
        get { box?.values.skippedAfterHeader ?? 0 }
        set { further.skippedAfterHeader = newValue }
    }

    /// Texts. A line that starts with one of them, where a record could start, is a comment: quotes mean nothing in it. It takes
    /// a record number and is no row. A text has no quote, delimiter, escape character or line end.
    public var comments: [[UInt8]] {
        get { box?.values.comments ?? [] }
        set { further.comments = newValue }
    }

    /// The byte after which the next byte is data, inside and outside quotes; nil if there is none. As the last byte of the input
    /// it is data itself.
    public var escape: UInt8? {
        get { box?.values.escape }
        set { further.escape = newValue }
    }

    /// Whether two quotes inside quotes are one quote of the value. If not, quotes in values need an ``escape``.
    public var doublesQuotes: Bool {
        get { box?.values.doublesQuotes ?? true }
        set { further.doublesQuotes = newValue }
    }

    /// Whether fields can be quoted. If not, ``quote`` has no meaning.
    public var usesQuotes: Bool {
        get { box?.values.usesQuotes ?? true }
        set { further.usesQuotes = newValue }
    }

    /// The bytes of a longer delimiter after its first, ``delimiter``: `|` for the delimiter `||`. A longer delimiter is UTF-8 of
    /// at most ``longestDelimiter`` bytes.
    public var delimiterTail: [UInt8] {
        get { box?.values.delimiterTail ?? [] }
        set { further.delimiterTail = newValue }
    }

    /// Which spaces around a value are removed.
    public var trim: Trim {
        get { box?.values.trim ?? .none }
        set { further.trim = newValue }
    }

    /// How to treat a first line `sep=;`, which spreadsheet programs write to name the delimiter.
    public var sepLine: SepLine {
        get { box?.values.sepLine ?? .error }
        set { further.sepLine = newValue }
    }

    /// The most bytes of a delimiter.
    public static let longestDelimiter = 8
    /// The most bytes of all comment texts together, so that every manifest can state them.
    public static let longestComments = 240
    /// The most bytes of ``headerJoin``.
    public static let longestHeaderJoin = 60
    /// The allowed values of ``skippedLines``, ``skippedAfterHeader`` and, from 1 on, numbers of header rows.
    public static let skipLimits = 0...1 << 40
    /// The most header rows.
    public static let mostHeaderRows = 16

    /// Which spaces around a value are removed.
    public enum Trim: String, Sendable, Hashable, CaseIterable {
        /// None.
        case none
        /// Spaces after a delimiter.
        case initial
        /// Spaces and tabs around values without quotes, and around quotes.
        case spaces
    }

    /// How to treat a first line `sep=;`.
    public enum SepLine: String, Sendable, Hashable, CaseIterable {
        /// Error ``CSVError/Code/sepLine``, unless the line is one of the ``Dialect/skippedLines``.
        case error
        /// The byte that it names is the delimiter. The line takes no record number.
        case use
    }
}

extension Dialect {
    /// The settings of this page.
    struct Further: Sendable, Hashable {
        static let usualHeaderRows = [1]
        static let usualHeaderJoin = " "

        var skippedLines = 0
        var headerRows = usualHeaderRows
        var headerJoin = usualHeaderJoin
        var skippedAfterHeader = 0
        var comments: [[UInt8]] = []
        var escape: UInt8?
        var doublesQuotes = true
        var usesQuotes = true
        var delimiterTail: [UInt8] = []
        var trim = Trim.none
        var sepLine = SepLine.error
    }

    final class Box: Sendable, Hashable {
        let values: Further

        init(_ values: Further) { self.values = values }

        static func == (left: Box, right: Box) -> Bool { left.values == right.values }

        func hash(into hasher: inout Hasher) { hasher.combine(values) }
    }

    private var further: Further {
        get { box?.values ?? Further() }
        set { box = newValue == Further() ? nil : Box(newValue) }
    }

    /// All bytes of the delimiter.
    package var wholeDelimiter: [UInt8] { [delimiter] + delimiterTail }

    /// The same dialect, but accepting everything that ``lenient`` accepts.
    package var accepting: Dialect {
        var dialect = Dialect.lenient
        (dialect.delimiter, dialect.quote, dialect.header, dialect.box) = (delimiter, quote, header, box)
        (dialect.maxRecord, dialect.maxColumns, dialect.assumesCSV) = (maxRecord, maxColumns, assumesCSV)
        return dialect
    }
}

/// Conflicts.
extension Dialect {
    /// What is wrong with the bytes that have a meaning.
    var syntaxFault: String? {
        let delimiter = wholeDelimiter
        if let fault = delimiterFault(delimiter) { return fault }
        if usesQuotes {
            if let fault = Self.fault(of: quote, "quote") { return fault }
            if delimiter.contains(quote) { return "the delimiter and the quote must differ" }
        }
        if let escape {
            if let fault = Self.fault(of: escape, "escape character") { return fault }
            if delimiter.contains(escape) { return "the delimiter and the escape character must differ" }
            if usesQuotes, escape == quote { return "the quote and the escape character must differ" }
        } else if !doublesQuotes {
            return "quotes that are not doubled need an escape character"
        }
        return trimFault ?? comments.lazy.compactMap(commentFault).first
            ?? (comments.joined().count > Self.longestComments
                ? "the comment texts must have at most \(Self.longestComments) bytes together" : nil)
    }

    private func delimiterFault(_ delimiter: [UInt8]) -> String? {
        if delimiter.count == 1 { return Self.fault(of: delimiter[0], "delimiter") }
        if delimiter.count > Self.longestDelimiter {
            return "the delimiter must have at most \(Self.longestDelimiter) bytes"
        }
        if delimiter.withView(UTF8Text.firstIllFormed) != nil { return "the delimiter must be UTF-8" }
        return delimiter.contains { $0 == 0x0A || $0 == 0x0D } ? "the delimiter cannot contain a line end" : nil
    }

    private static func fault(of byte: UInt8, _ name: String) -> String? {
        if byte >= 0x80 { return "the \(name) must be one ASCII byte" }
        return byte == 0x0A || byte == 0x0D ? "the \(name) cannot be a line end" : nil
    }

    /// A tab that separates fields is never trimmed.
    private var trimFault: String? {
        if trim == .none { return nil }
        if wholeDelimiter == [0x20] { return "spaces that separate fields cannot be trimmed" }
        let special = [usesQuotes ? quote : nil, escape].compactMap(\.self)
        let isTrimmed = special.contains { $0 == 0x20 || (trim == .spaces && $0 == 0x09) }
        return isTrimmed ? "spaces that are quotes or escape characters cannot be trimmed" : nil
    }

    private func commentFault(_ text: [UInt8]) -> String? {
        if text.isEmpty { return "a comment text must have at least one byte" }
        let delimiter = wholeDelimiter
        let hasDelimiter = text.indices.contains { text[$0...].starts(with: delimiter) }
        let special = [0x0A, 0x0D, usesQuotes ? quote : nil, escape].compactMap(\.self)
        if !hasDelimiter, !text.contains(where: special.contains) { return nil }
        return "a comment text cannot contain a delimiter, quote, escape character or line end"
    }

    /// What is wrong with the start of the input.
    var startFault: String? {
        if !Self.skipLimits.contains(skippedLines) || !Self.skipLimits.contains(skippedAfterHeader) {
            return "the number of lines or records to skip must be from 0 to \(Self.skipLimits.upperBound)"
        }
        let rows = headerRows
        guard 1...Self.mostHeaderRows ~= rows.count else {
            return "there must be from 1 to \(Self.mostHeaderRows) header rows, not \(rows.count)"
        }
        guard rows[0] >= 1, rows[rows.count - 1] <= Self.skipLimits.upperBound,
            zip(rows, rows.dropFirst()).allSatisfy({ $0 < $1 })
        else { return "header rows must be numbers from 1 on, in ascending order" }
        if rows != Further.usualHeaderRows, header != .firstRecord {
            return "header rows cannot be chosen in an input without a header"
        }
        return headerJoin.utf8.count > Self.longestHeaderJoin
            ? "the text that joins header rows must have at most \(Self.longestHeaderJoin) bytes" : nil
    }
}
