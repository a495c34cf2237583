import SluiceCSV

extension CSVError {
    /// What to do about it, naming options of the command; nil if there is nothing to be done by options.
    ///
    /// The only place where faults of the input meet the command's options: the engine knows facts, and this table what
    /// they mean here.
    package var advice: String? {
        switch code {
        case .bareCR: "to end the record there: --bare-cr newline; to keep it as data: --bare-cr data"
        case .quoteInPlain: "to accept such quotes as data: --quote-in-plain data"
        case .textAfterQuote: "to append the text to the value: --after-quote append"
        case .unterminatedQuote: "to end the field with the input: --unterminated close"
        case .raggedRecord: "to fill short records and name further fields: --ragged pad"
        case .duplicateHeader: "to number them: --duplicate-headers rename"
        case .invalidUTF8:
            "to replace such bytes by U+FFFD: --invalid-utf8 replace; if the file is Latin-1: --encoding latin1"
        case .blankLine: "to skip such lines: --blank-lines skip-all"
        case .utf16Input: "to read it: --encoding utf-16"
        case .rowTooLarge:
            "to leave such rows out and count them: --oversize reject; to keep them, as larger messages: "
                + "--oversize offload; or raise --max-bytes"
        case .badCompression: "fetch the file again; rows of its damaged part may have been written"
        case .fileCutShort: "discard what was read and read the file again when nobody writes to it"
        }
    }
}
