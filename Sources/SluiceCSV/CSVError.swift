/// A fault in the input, with its place and what to do about it.
///
/// Offsets count bytes from 0, a byte order mark included; records and fields count from 1, the header and blank lines
/// being records too. For an input that was decompressed or transcoded, offsets count the bytes that came out.
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
        /// Ill-formed UTF-8; the offset is that of the first byte of the ill-formed part.
        case invalidUTF8
        /// A record of no bytes.
        case blankLine
        /// The input starts with a UTF-16 byte order mark.
        case utf16Input
        /// A row that fits no message; the offset is that of the record.
        case rowTooLarge
        /// The compressed input is damaged or cut short; the offset is that of the first byte that is missing.
        case badCompression
        /// The file became shorter while it was read, so what was read may not be what it held; the offset is that of the
        /// record where this was found.
        case fileCutShort
    }

    /// The kind of fault.
    public var code: Code
    /// The byte at fault, counted from 0.
    public var offset: UInt64
    /// The record, counted from 1.
    public var record: UInt64
    /// The field, counted from 1.
    public var field: Int

    /// Makes an error.
    public init(_ code: Code, offset: UInt64, record: UInt64, field: Int = 1) {
        self.code = code
        self.offset = offset
        self.record = record
        self.field = field
    }
}

extension CSVError {
    /// What is wrong, in a few words.
    public var reason: String {
        switch code {
        case .bareCR: "carriage return without line feed outside quotes"
        case .quoteInPlain: "quote inside an unquoted field"
        case .textAfterQuote: "text after a closing quote"
        case .unterminatedQuote: "quoted field is never closed"
        case .raggedRecord: "record has another number of fields than the header"
        case .duplicateHeader: "column name occurs twice"
        case .invalidUTF8: "bytes are not UTF-8"
        case .blankLine: "blank line"
        case .utf16Input: "input is UTF-16"
        case .rowTooLarge: "row is larger than a message may be"
        case .badCompression: "compressed input is damaged or cut short"
        case .fileCutShort: "the file was cut short while it was read"
        }
    }

    /// What to do about it, naming the option of the command.
    public var advice: String {
        switch code {
        case .bareCR: "to end the record there: --bare-cr newline; to keep it as data: --bare-cr data"
        case .quoteInPlain: "to accept such quotes as data: --quote-in-plain data"
        case .textAfterQuote: "to append the text to the value: --after-quote append"
        case .unterminatedQuote: "to end the field with the input: --unterminated close"
        case .raggedRecord: "to fill short records and name further fields: --ragged pad"
        case .duplicateHeader: "to number them: --duplicate-headers rename"
        case .invalidUTF8:
            "to replace such bytes by U+FFFD: --invalid-utf8 replace; if the file is Latin-1: --encoding latin1"
        case .blankLine: "to skip such lines: --blank-lines skip"
        case .utf16Input: "to read it: --encoding utf-16"
        case .rowTooLarge:
            "to leave such rows out and count them: --oversize reject; to keep them, as larger messages: "
                + "--oversize offload; or raise --max-bytes"
        case .badCompression: "fetch the file again; rows of its damaged part may have been written"
        case .fileCutShort: "discard what was read and read the file again when nobody writes to it"
        }
    }
}

extension CSVError: CustomStringConvertible {
    /// `3:2: error: quote inside an unquoted field [quoteInPlain] at byte 10; to accept …`, after a file name and `:`.
    public var description: String {
        "\(record):\(field): error: \(reason) [\(code.rawValue)] at byte \(offset); \(advice)"
    }
}
