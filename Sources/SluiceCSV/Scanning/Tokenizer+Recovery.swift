/// Going on after an invalid record.
extension Tokenizer {
    /// Moves past the record at the position, which is invalid. It ends where the lenient reading ends it, but for a bare CR, which
    /// ends it only if the dialect says so.
    ///
    ///     1,"lost⏎2,"ok"⏎3,x⏎    the record is the first two lines
    ///
    /// - Returns: False if the record goes on beyond the window.
    /// - Throws: ``CSVError/Code/recordTooLong``, after which nothing can be read.
    package mutating func skipInvalidRecord() throws(CSVError) -> Bool {
        var lenient = dialect.accepting
        lenient.bareCR = dialect.bareCR == .newline ? .newline : .data
        lenient.maxColumns = Dialect.columnLimits.upperBound
        var record = SlowRecordParser()
        guard try record.read(window, from: position, number: index.number, dialect: lenient) else { return false }
        seek(to: record.next, number: index.number + 1)
        return true
    }
}
