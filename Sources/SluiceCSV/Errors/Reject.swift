/// A record that was put aside because it breaks a rule: what is wrong with it, where it is, and its bytes.
///
///     1,"lost⏎2,"ok"⏎3,x⏎     the first two lines are one reject, textAfterQuote; `3,x` is a row
package struct Reject: Sendable, Hashable {
    /// The most bytes of the record that are kept.
    package static let rawLimit = 4096

    /// What is wrong. Its offset counts stored bytes, like that of every error.
    package var error: CSVError
    /// The record's bytes with its line end: in the decoded input, as ranges count, and as stored.
    package var range: Range<UInt64>
    package var stored: Range<UInt64>
    /// The physical line of its first byte, and how many lines it takes.
    package var line: UInt64 = 0
    package var lines: UInt64 = 0
    /// The record's first bytes, without its line end.
    package var raw: [UInt8]
    /// Whether they are all of them.
    package var isWhole: Bool

    /// Creates a reject whose lines are not counted yet, from the record's place in a window. `contentEnd` is where its line end
    /// starts.
    package init(_ error: CSVError, record: Range<Int>, contentEnd: Int, in window: Window) {
        self.error = error
        range = window.offset + UInt64(record.lowerBound)..<window.offset + UInt64(record.upperBound)
        stored = range
        let end = min(contentEnd, record.lowerBound + Self.rawLimit)
        isWhole = end == contentEnd
        raw = window.bytes[record.lowerBound..<end].array
        if window.form.isTranscoded { raw = Undecodable.replaced(in: raw) }
    }

    /// Counts its lines, and converts its offsets to those of the stored bytes. The finder's window holds the record.
    package mutating func place(_ finder: inout LineFinder) {
        let start = finder.place(of: range.lowerBound)
        error = finder.placed(error)
        let last = finder.place(of: max(range.lowerBound, range.upperBound - 1))
        let end = finder.place(of: range.upperBound)
        stored = start.offset..<end.offset
        line = start.line ?? 0
        lines = (last.line ?? line) - line + 1
    }
}

extension CSVError {
    /// Whether a record with this error can be put aside. Otherwise nothing after it can be read.
    var concernsOneRecord: Bool {
        switch code {
        case .bareCR, .quoteInPlain, .textAfterQuote, .unterminatedQuote, .raggedRecord, .invalidUTF8, .blankLine,
            .invalidEncoding, .tooManyColumns, .typeMismatch, .constraint, .rowTooLarge:
            true
        case .duplicateHeader, .headerMismatch, .utf16Input, .utf32Input, .byteOrderMark, .noByteOrderMark,
            .wrongEncoding,
            .notCSV, .sepLine, .nulInName, .recordTooLong, .tooManyRejects, .unknownColumn, .memberConflict,
            .badCompression, .inputChanged:
            false
        }
    }
}
