/// What precedes the first record: the byte order mark, a line that names the delimiter, and skipped lines.
extension Tokenizer {
    /// Reads what precedes the first record. Returns false if the window ends before that.
    mutating func reachRecords() throws(CSVError) -> Bool {
        if opening.firstRecord != nil { return true }
        if opening.isBeforeLines {
            guard try reachLines() else { return false }
            opening.isBeforeLines = false
        }
        while opening.lines > 0, position < window.count {
            guard try skipLine() else { return false }
            opening.lines -= 1
            opening.linesRead += 1
        }
        if opening.lines > 0, !window.isLast { return false }
        let line = UInt64(1 + opening.linesRead)
        opening.firstRecord = RecordPosition(offset: window.offset + UInt64(position), number: 1, line: line)
        return true
    }

    /// Reads the byte order mark and a `sep=` line. Returns false, still at the input's start, if the window ends before that.
    private mutating func reachLines() throws(CSVError) -> Bool {
        guard try isRecognized(), let mark = markLength, let isSepLine = isSepLine(at: mark) else { return false }
        let namesDelimiter = isSepLine && (dialect.sepLine == .use || opening.lines == 0)
        let delimiter = namesDelimiter ? try delimiter(ofSepLineAt: mark) : nil
        if opening.header == nil, case .names(let names) = dialect.header { try take(names.map { Array($0.utf8) }) }
        seek(to: mark, number: 1)
        guard let delimiter else { return true }
        guard try skipLine() else {
            seek(to: 0, number: 1)
            return false
        }
        use(delimiter)
        opening.delimiter = delimiter
        opening.lines = max(0, opening.lines - 1)
        opening.linesRead = 1
        return true
    }

    /// Returns true if the input is recognized as CSV, false if the window is too short to decide.
    ///
    /// - Throws: An error if the input is something else.
    private func isRecognized() throws(CSVError) -> Bool {
        let recognition = Recognition(
            window.bytes[0..<min(window.count, Recognition.limit)].array,
            isAll: window.isLast,
            as: window.form.isTranscoded ? .transcoded : .utf8,
            assumesCSV: dialect.assumesCSV
        )
        switch recognition.verdict {
        case .open: return false
        case .csv: return true
        case .fault(let code, let detail): throw CSVError(code, offset: 0, record: 1, detail: detail)
        }
    }

    /// The length of the byte order mark; nil if the window is too short to decide.
    private var markLength: Int? {
        if window.form.isMarkGone { return 0 }
        let first = (0..<min(UTF8Text.mark.count, window.count)).map { window[$0] }
        if first == UTF8Text.mark { return first.count }
        return !window.isLast && UTF8Text.mark.starts(with: first) ? nil : 0
    }

    /// Returns whether the first line is `sep=;` or the like, also in quotes; nil if the window is too short to decide.
    private func isSepLine(at start: Int) -> Bool? {
        let isQuoted = start < window.count && window[start] == UInt8(ascii: "\"")
        let wanted = Array((isQuoted ? "\"sep=" : "sep=").utf8)
        let line = (start..<min(start + wanted.count + 4, window.count)).map { window[$0] }
        for (byte, letter) in zip(line, wanted) where byte | 0x20 != letter | 0x20 { return false }
        // The delimiter, the closing quote and the line end follow.
        let rest = line.dropFirst(wanted.count) + (window.isLast ? [0x0A] : [])
        guard let delimiter = rest.first else { return nil }
        if delimiter == 0x0A || delimiter == 0x0D { return false }
        var end = rest.dropFirst()
        if isQuoted {
            guard let quote = end.popFirst() else { return nil }
            if quote != UInt8(ascii: "\"") { return false }
        }
        guard let first = end.first else { return nil }
        // The next byte decides whether the CR is part of a CR LF.
        if first == 0x0D, end.count < 2, !window.isLast { return nil }
        return first == 0x0A || first == 0x0D
    }

    /// Returns the delimiter that the `sep=` line at an offset names.
    ///
    /// - Throws: ``CSVError/Code/sepLine`` if the dialect says so, or cannot use that delimiter.
    private func delimiter(ofSepLineAt start: Int) throws(CSVError) -> UInt8 {
        let isQuoted = window[start] == UInt8(ascii: "\"")
        // Safe: the line was read.
        let delimiter = window[start + (isQuoted ? 5 : 4)]
        let end = start + (isQuoted ? 7 : 5)
        let endsWithCR = window.byte(at: end) == 0x0D && window.byte(at: end + 1) != 0x0A
        var used = dialect
        (used.delimiter, used.delimiterTail) = (delimiter, [])
        let isUsable = used.fault == nil && (!endsWithCR || dialect.bareCR == .newline)
        if isUsable, dialect.sepLine == .use { return delimiter }
        throw CSVError(.sepLine, offset: UInt64(start), record: 1, detail: isUsable ? .delimiter(delimiter) : .none)
    }
}
