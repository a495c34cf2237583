import SluiceCSV

// Where a bad record ends, whatever is wrong with it: where a reading ends it that accepts quotes everywhere. So no line inside
// quotes is ever taken for a record.
//
//     1,"lost⏎         a lost quote: the quote that opens here closes before `ok`,
//     2,"ok"⏎          and `ok"` follows it as text; the record ends with this line
//     3,x⏎             the next record
//
// If the quote is never closed, the record ends with the input, or with `Dialect.Unterminated.nextLine` with the quote's line.

extension ReferenceTokenizer {
    /// Moves past the record that was read last, which is bad.
    ///
    /// - Returns: The offsets of its line end and of the byte past that.
    mutating func skipRecord() throws(CSVError) -> (contentEnd: Int, end: Int) {
        let tooLong = CSVError(.recordTooLong, offset: UInt64(recordStart), record: number)
        let reading = Self.lenient(dialect)
        var lenient = ReferenceTokenizer(bytes, from: recordStart, dialect: reading)
        do throws(CSVError) {
            guard let record = try lenient.next() else { return (recordStart, recordStart) }
            position = Int(record.end)
            return (record.contentEnd, position)
        } catch {
            if error.code != .unterminatedQuote { throw tooLong }
            var line = reading
            line.maxRecord = Int.max / 2
            let (contentEnd, end) = try Self.lineEnd(bytes, from: Int(error.offset), line, record: number)
            if contentEnd - recordStart > dialect.maxRecord { throw tooLong }
            position = end
            return (contentEnd, end)
        }
    }

    /// Returns the dialect in which a record's form breaks no rule. The only errors left are `recordTooLong` and, with
    /// `Dialect.Unterminated.nextLine`, `unterminatedQuote`.
    private static func lenient(_ dialect: Dialect) -> Dialect {
        var lenient = dialect
        (lenient.quoteInPlain, lenient.afterQuote, lenient.maxColumns) = (.data, .append, .max)
        if dialect.bareCR == .error { lenient.bareCR = .data }
        if dialect.unterminated == .error { lenient.unterminated = .close }
        return lenient
    }
}
