/// Records of transcoded text.
extension Tokenizer {
    /// Reads the next record as ``scanRecord()`` does, but reports undecodable bytes before any other error of the record. The
    /// record ends where a lenient dialect ends it.
    mutating func scanTranscodedRecord() throws(CSVError) -> Bool {
        let scanned: Bool
        do throws(CSVError) {
            scanned = try scanRecord()
        } catch {
            guard let whole = wholeRecord() else { return false }
            if let undecodable = undecodable(in: whole) { throw undecodable }
            throw error
        }
        if scanned, let undecodable = undecodable(in: slowRecord) { throw undecodable }
        return scanned
    }

    /// Returns the record at the position as a lenient dialect reads it, without fields if it is too long; nil if it goes on
    /// beyond the window.
    private func wholeRecord() -> SlowRecordParser? {
        var whole = SlowRecordParser()
        var lenient = dialect.acceptingQuotes(bareCR: .newline)
        lenient.unterminated = .close
        do throws(CSVError) {
            let isWhole = try whole.scan(window, from: position, number: index.number, dialect: lenient, width: nil)
            return isWhole ? whole : nil
        } catch {
            return SlowRecordParser()
        }
    }

    private func undecodable(in record: SlowRecordParser) -> CSVError? {
        for (column, field) in record.fields.enumerated() {
            for position in field.start..<field.end {
                // Safe: a field lies in the window.
                guard let found = Undecodable(rawValue: window[position]) else { continue }
                if found.isReplaceable, dialect.invalidUTF8 == .replace { continue }
                return CSVError(
                    .invalidEncoding,
                    offset: window.offset + UInt64(position),
                    record: index.number,
                    field: column + 1,
                    detail: .found(found.finding)
                )
            }
        }
        return nil
    }
}
