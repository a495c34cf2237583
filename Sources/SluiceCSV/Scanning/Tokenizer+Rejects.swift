/// Records that break a rule and are put aside.
extension Tokenizer {
    /// Moves past the record at the position, in which that error was found. Returns nil if it goes on beyond the window, or if
    /// an error concerns more than one record.
    ///
    /// It ends where a reading that accepts quotes everywhere ends it, whatever is wrong with it, so not even the lines of a quoted
    /// value are ever taken for records.
    ///
    /// - Throws: The error itself if it ends the run, or ``CSVError/Code/recordTooLong``.
    package mutating func putAside(_ error: CSVError) throws(CSVError) -> Reject? {
        let isSkipped = !opening.isDone && opening.records > 0
        guard error.concernsOneRecord, opening.isPastHeader(dialect) else { throw error }
        guard let reject = try passRecord(with: error) else { return nil }
        if isSkipped { opening.records -= 1 }
        return reject
    }

    private mutating func passRecord(with error: CSVError) throws(CSVError) -> Reject? {
        if index.next < index.completeCount { return putAsideIndexed(error) }
        let start = position
        guard let end = try endOfRecord() else { return nil }
        let reject = Reject(error, record: start..<end.next, contentEnd: end.content, in: window)
        seek(to: end.next, number: index.number + 1)
        return reject
    }

    /// The same for a record of the index: its quotes are where they are always allowed, so it ends there.
    private mutating func putAsideIndexed(_ error: CSVError) -> Reject {
        let last = index.lastOfRecord
        let end = index[last]
        // The end of the input, or of a window that is cut there, may take the place of the line end.
        let next = min(StructuralIndex.offset(end) + 1, window.count - index.origin)
        let record = index.origin + index.start..<index.origin + next
        let content = index.origin + index.contentEnd(of: end)
        index.start = StructuralIndex.offset(end) + 1
        index.next = last + 1
        index.number += 1
        return Reject(error, record: record, contentEnd: content, in: window)
    }

    /// Where the record at the position ends, without and with its line end.
    private mutating func endOfRecord() throws(CSVError) -> (content: Int, next: Int)? {
        let (start, number) = (position, index.number)
        do throws(CSVError) {
            let isRead = try slowRecord.read(
                window,
                from: start,
                number: number,
                dialect: dialect.endingRecords,
                keepsFields: false
            )
            return isRead ? (slowRecord.lineEnd, slowRecord.next) : nil
        } catch {
            guard error.code == .unterminatedQuote else { throw named(error) }
            return try endOfLine(at: Int(error.offset - window.offset))
        }
    }

    /// Where the line of an unclosed quote ends.
    private func endOfLine(at quote: Int) throws(CSVError) -> (content: Int, next: Int)? {
        let record = OpenRecord(
            window: window,
            dialect: dialect.endingRecords,
            syntax: Syntax(dialect),
            start: position,
            number: index.number
        )
        var place = quote
        while place < window.count {
            switch try record.lineEnd(at: place) {
            case .open: return nil
            case .at(let next): return (place, next)
            case .none: place += 1
            }
            if place > record.limit { throw named(record.tooLong) }
        }
        return window.isLast ? (place, place) : nil
    }
}

extension Dialect {
    /// The dialect that decides where a bad record ends.
    fileprivate var endingRecords: Dialect { acceptingQuotes(bareCR: .data) }

    /// The same dialect, but quotes are accepted everywhere, and a bare CR that was an error is treated so.
    func acceptingQuotes(bareCR: BareCR) -> Dialect {
        var dialect = self
        if dialect.bareCR == .error { dialect.bareCR = bareCR }
        dialect.quoteInPlain = .data
        dialect.afterQuote = .append
        if dialect.unterminated == .error { dialect.unterminated = .close }
        return dialect
    }
}
