/// A fault in the input: its kind, its place, and what is known of it.
///
/// Offsets count bytes from 0, a byte order mark included; lines, records and fields count from 1, the header and blank
/// lines being records too. Offsets count the bytes as they are stored or, if the input is
/// compressed, as they are unpacked.
///
/// It holds facts only. ``reason`` says what is wrong; what to do about it depends on who reads the input, and each of
/// them (command, function) has a table of its own.
public struct CSVError: Error, Sendable, Hashable {
    /// The kind of fault.
    public enum Code: String, Sendable, Hashable, CaseIterable {
        /// A CR outside quotes that no LF follows.
        case bareCR
        /// A quote after the first byte of a plain field.
        case quoteInPlain
        /// A byte other than delimiter or line end after a closing quote.
        case textAfterQuote
        /// The input ends inside quotes; the offset is that of the opening quote.
        case unterminatedQuote
        /// Another number of fields than the header has; the offset is that of the record.
        case raggedRecord
        /// Two columns with one name; the offset is that of the header record, the field the second of the two.
        case duplicateHeader
        /// The header differs from that of the inputs before this one; the offset is that of the header record, the field the
        /// first that differs.
        case headerMismatch
        /// Ill-formed UTF-8; the offset is that of the first byte of the ill-formed part.
        case invalidUTF8
        /// A record of no bytes.
        case blankLine
        /// The input starts with a UTF-16 byte order mark, or looks like UTF-16 without one.
        case utf16Input
        /// The input starts with a UTF-32 byte order mark, or looks like UTF-32 without one.
        case utf32Input
        /// The byte order mark says another encoding than the one that was named.
        case byteOrderMark
        /// The encoding that was named needs a byte order mark, and there is none.
        case noByteOrderMark
        /// The input can't be in the encoding that was named.
        case wrongEncoding
        /// Bytes that the named encoding has no character for; the offset is that of the first of them, as stored.
        case invalidEncoding
        /// The input is no CSV but a file of another kind.
        case notCSV
        /// The first line is `sep=` and a delimiter, an instruction to one program.
        case sepLine
        /// A column name holds the character NUL; the offset is that of the header record.
        case nulInName
        /// A record of more bytes than ``Dialect/maxRecord``; the offset is that of the record. The run ends there.
        case recordTooLong
        /// A record of more fields than ``Dialect/maxColumns``; the offset is that of the record. The run ends there.
        case tooManyColumns
        /// A row that fits no message; the offset is that of the record.
        case rowTooLarge
        /// The compressed input is damaged or cut short; the offset is that of the first byte that is missing.
        case badCompression
        /// The file was changed while it was read, so what was read may never have been in it; the offset is that of the record
        /// where this was found.
        case inputChanged
    }

    /// What else is known of a fault: what its text and advice about it need.
    public enum Detail: Sendable, Hashable {
        /// Nothing.
        case none
        /// The fields of a ragged record.
        case fields(FieldCount)
        /// The columns, counted from 1, that have the same name.
        case columns([Int])
        /// What the bytes around the fault look like.
        case sign(Sign)
        /// What the bytes were found to be.
        case found(Finding)
        /// The delimiter that a first line names.
        case delimiter(UInt8)
    }

    /// The kind of fault.
    public var code: Code
    /// The invalid byte, counted from 0.
    public var offset: UInt64
    /// The physical line that holds the byte, counted from 1; nil if nobody could count.
    ///
    /// Lines end with LF, with CR LF, and with CR where that ends records; those inside quotes count.
    public var line: UInt64?
    /// The record, counted from 1.
    public var record: UInt64
    /// The field, counted from 1.
    public var field: Int
    /// The name of the field's column; nil if the header is not read or has no such column.
    public var column: String?
    /// What else is known.
    public var detail: Detail

    /// Makes an error.
    public init(
        _ code: Code,
        offset: UInt64,
        line: UInt64? = nil,
        record: UInt64,
        field: Int = 1,
        column: String? = nil,
        detail: Detail = .none
    ) {
        self.code = code
        self.offset = offset
        self.line = line
        self.record = record
        self.field = field
        self.column = column
        self.detail = detail
    }
}

extension CSVError {
    /// How many fields a record has, and how many it should have.
    public struct FieldCount: Sendable, Hashable {
        /// The record's fields.
        public var found: Int
        /// Those of the header or, without one, of the first record.
        public var expected: Int
        /// There is a header.
        public var hasHeader: Bool
        /// The record has more fields than expected, and there is nothing in those.
        public var surplusIsEmpty: Bool
        /// The record has fewer fields than expected, and those that follow it, without the line ends between them, give the
        /// right number.
        public var isSplit: Bool

        /// Makes a count.
        public init(found: Int, expected: Int, hasHeader: Bool, surplusIsEmpty: Bool, isSplit: Bool = false) {
            self.found = found
            self.expected = expected
            self.hasHeader = hasHeader
            self.surplusIsEmpty = surplusIsEmpty
            self.isSplit = isSplit
        }
    }

    /// What the bytes around a fault look like: what tells a fault that can be accepted as it is from one that cannot.
    public enum Sign: String, Sendable, Hashable, CaseIterable {
        /// Only spaces and tabs stand between the start of the field and the quote.
        case spaceBeforeQuote
        /// Only spaces and tabs stand between the closing quote and the end of the field.
        case spaceAfterQuote
        /// A backslash precedes the quote.
        case backslashBeforeQuote
        /// The quotes are around a part of the field's text only.
        case quotedWord
        /// If the fault were accepted, the record would not have the right number of fields, or quoted text would be
        /// taken apart.
        case breaksRecord
        /// The CR stands where a record of the right number of fields ends.
        case endsRecord
        /// The line that the CR is in has the right number of fields if the CR is part of a value.
        case insideValue
        /// The input ends in the line of the opening quote.
        case endsWithInput
        /// The record has other characters that are no ASCII and well-formed UTF-8.
        case amongUTF8
    }

    /// Columns with the same name that ``Detail/columns(_:)`` lists at most; more help nobody.
    package static let listedColumns = 8

    /// Whether the fault is in a field, or is one that lacks, rather than in a record or the input.
    package var isAboutField: Bool {
        switch code {
        case .bareCR, .quoteInPlain, .textAfterQuote, .unterminatedQuote, .raggedRecord, .invalidUTF8, .invalidEncoding:
            true
        case .duplicateHeader, .headerMismatch, .nulInName, .blankLine, .recordTooLong, .tooManyColumns, .rowTooLarge,
            .badCompression, .inputChanged:
            false
        case .utf16Input, .utf32Input, .byteOrderMark, .noByteOrderMark, .wrongEncoding, .notCSV, .sepLine: false
        }
    }
}
