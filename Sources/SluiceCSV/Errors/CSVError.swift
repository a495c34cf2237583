/// An error in the input: its kind, its place, and what else is known about it.
///
/// Offsets count bytes from 0, including a byte order mark. Lines, records and fields count from 1; the header and blank lines
/// are records too. Offsets count the bytes as stored or, if the input is compressed, after decompression.
///
/// An error holds facts only. ``reason`` says what is wrong. What to do about it depends on the program that reads the input:
/// the command and the function each have their own table of advice.
public struct CSVError: Error, Sendable, Hashable {
    /// The kind of error.
    public enum Code: String, Sendable, Hashable, CaseIterable {
        /// A CR outside quotes that no LF follows.
        case bareCR
        /// A quote after the first byte of a plain field.
        case quoteInPlain
        /// A byte other than a delimiter or line end after a closing quote.
        case textAfterQuote
        /// The input ends inside quotes; the offset is that of the opening quote.
        case unterminatedQuote
        /// A record with another number of fields than the header; the offset is that of the record.
        case raggedRecord
        /// Two columns with the same name; the offset is that of the header record, the field is the second of the two.
        case duplicateHeader
        /// The header differs from that of the inputs before this one or from what the schema allows; the offset is that of the
        /// header record, the field is the first that differs.
        case headerMismatch
        /// Ill-formed UTF-8; the offset is that of the first byte of the ill-formed part.
        case invalidUTF8
        /// A record of no bytes.
        case blankLine
        /// The input starts with a UTF-16 byte order mark, or looks like UTF-16 without one.
        case utf16Input
        /// The input starts with a UTF-32 byte order mark, or looks like UTF-32 without one.
        case utf32Input
        /// The byte order mark contradicts the named encoding.
        case byteOrderMark
        /// The named encoding needs a byte order mark, and the input has none.
        case noByteOrderMark
        /// The input cannot be in the named encoding.
        case wrongEncoding
        /// Bytes that have no character in the named encoding; the offset is that of the first of them, as stored.
        case invalidEncoding
        /// The input is a file of another kind, not CSV.
        case notCSV
        /// The first line is `sep=` and a delimiter, an instruction to one spreadsheet program.
        case sepLine
        /// A column name contains the character NUL; the offset is that of the header record.
        case nulInName
        /// More physical lines were put aside than allowed; the offset is where reading ended.
        case tooManyRejects
        /// A record with more bytes than ``Dialect/maxRecord``; the offset is that of the record. The run ends there.
        case recordTooLong
        /// A record with more fields than ``Dialect/maxColumns``; the offset is that of the record.
        case tooManyColumns
        /// A value that is not one of its column's type.
        case typeMismatch
        /// A value that breaks a constraint of its column.
        case constraint
        /// A column that options name, or a type that is decoded, and the header lacks; the offset is that of the header record.
        case unknownColumn
        /// Columns that cannot both be members of a row under the names that they get; the offset is that of the header record.
        case memberConflict
        /// A row too large for any message; the offset is that of the record.
        case rowTooLarge
        /// The compressed input is damaged or cut short; the offset is that of the first missing byte.
        case badCompression
        /// The file was changed while it was read, so it may never have contained what was read; the offset is that of the
        /// record at which this was detected.
        case inputChanged
    }

    /// Further facts about an error, for its text and the advice about it.
    public enum Detail: Sendable, Hashable {
        /// Nothing.
        case none
        /// The fields of a ragged record.
        case fields(FieldCount)
        /// The columns, counted from 1, that have the same name.
        case columns([Int])
        /// What the bytes around the error look like.
        case sign(Sign)
        /// What the bytes were recognized as.
        case found(Finding)
        /// The delimiter that the first line names.
        case delimiter(UInt8)
        /// The value that its column does not allow.
        case value(Value)
        /// How the header differs from the schema.
        indirect case drift(HeaderDrift)
        /// What names a column that is not there, and a column whose name differs only in case or white space.
        case unknown(ShapeSetting, similar: String?)
        /// The columns that there are, where a type that is decoded asks for another one.
        case present(HeaderDrift.Names)
        /// Why a column cannot be a member under its name.
        case conflict(MemberConflict)
    }

    /// The kind of error.
    public var code: Code
    /// The offset of the invalid byte, counted from 0.
    public var offset: UInt64
    /// The physical line of the byte, counted from 1; nil if it could not be counted.
    ///
    /// Lines end with LF, CR LF and, if it ends records, CR. Those inside quotes count.
    public var line: UInt64?
    /// The record, counted from 1.
    public var record: UInt64
    /// The field, counted from 1.
    public var field: Int
    /// The name of the field's column; nil if the header is not read yet or has no such column.
    public var column: String?
    /// Further facts.
    public var detail: Detail

    /// Creates an error.
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
        /// The record's number of fields.
        public var found: Int
        /// The number of fields of the header or, without one, of the first record.
        public var expected: Int
        /// Whether there is a header.
        public var hasHeader: Bool
        /// Whether the record has more fields than expected and all surplus fields are empty.
        public var surplusIsEmpty: Bool
        /// Whether the record has fewer fields than expected and gives the right number together with those after it, if
        /// the line ends between them are removed.
        public var isSplit: Bool

        /// Creates a count.
        public init(found: Int, expected: Int, hasHeader: Bool, surplusIsEmpty: Bool, isSplit: Bool = false) {
            self.found = found
            self.expected = expected
            self.hasHeader = hasHeader
            self.surplusIsEmpty = surplusIsEmpty
            self.isSplit = isSplit
        }
    }

    /// A value that its column does not allow.
    public struct Value: Sendable, Hashable {
        /// The value's first characters, and `…` if there are more.
        public var text: String
        /// The column's type, by its name in Table Schema.
        public var type: String
        /// What it breaks: the name of a constraint, or what is wrong for the type, such as `leadingZero`; empty if the value
        /// just is none of the type.
        public var rule: String
        /// What a type that decodes itself says is wrong: the description of its `DecodingError`. Empty if it says nothing.
        public var explanation: String

        /// Creates a description of a value.
        public init(text: String, type: String, rule: String = "", explanation: String = "") {
            self.text = text
            self.type = type
            self.rule = rule
            self.explanation = explanation
        }
    }

    /// A setting that names columns.
    public enum ShapeSetting: String, Sendable, Hashable, CaseIterable {
        case types, select, drop, rename
    }

    /// Why a column cannot be a member of rows under its name.
    public enum MemberConflict: String, Sendable, Hashable, CaseIterable {
        /// Another member has the same name.
        case sameName
        /// Another member's name makes a part of this one a value, or this one an object.
        case objectAndValue
        /// The name has too many parts for nested objects.
        case tooDeep
    }

    /// What the bytes around an error look like, which separates errors that can be accepted unchanged from those that cannot.
    public enum Sign: String, Sendable, Hashable, CaseIterable {
        /// Only spaces and tabs precede or follow the quotes, and without them the record is right.
        case trimmable
        /// Only spaces and tabs precede the quote in the field.
        case spaceBeforeQuote
        /// Only spaces and tabs follow the closing quote in the field.
        case spaceAfterQuote
        /// A backslash precedes the quote, and the record is right if backslashes are escape characters.
        case escapable
        /// A backslash precedes the quote.
        case backslashBeforeQuote
        /// The quotes surround only part of the field's text.
        case quotedWord
        /// The same, or accepting the error would break the record, and doubled quotes are not allowed: only the escape character
        /// lets a value contain quotes.
        case notDoubled
        /// Accepting the error would give the record the wrong number of fields, or split quoted text.
        case breaksRecord
        /// The CR stands where a record with the right number of fields ends.
        case endsRecord
        /// The CR's line has the right number of fields if the CR is part of a value.
        case insideValue
        /// The input ends in the line of the opening quote.
        case endsWithInput
        /// The record also has well-formed characters that are not ASCII.
        case amongUTF8
    }

    /// The most columns with the same name that ``Detail/columns(_:)`` lists; a longer list would not help.
    package static let listedColumns = 8

    /// Whether the error concerns a field, or a missing one, rather than a whole record or the input.
    package var isAboutField: Bool {
        switch code {
        case .bareCR, .quoteInPlain, .textAfterQuote, .unterminatedQuote, .raggedRecord, .invalidUTF8, .invalidEncoding,
            .typeMismatch, .constraint:
            true
        case .duplicateHeader, .headerMismatch, .unknownColumn, .memberConflict, .nulInName, .blankLine, .recordTooLong,
            .tooManyColumns, .rowTooLarge, .tooManyRejects,
            .badCompression, .inputChanged:
            false
        case .utf16Input, .utf32Input, .byteOrderMark, .noByteOrderMark, .wrongEncoding, .notCSV, .sepLine: false
        }
    }
}
