import SluiceCSV

extension SampledInput {
    /// Finds out how the input is read. What was given stays.
    func sniffed(_ given: Sniffing.Given) throws(SniffingError) -> Sniffing {
        var sniffing = Sniffing()
        if let encoding = given.encoding {
            sniffing.encoding = encoding
        } else {
            let finding = try EncodingEvidence(pieces).finding()
            sniffing.findings.append(finding)
            sniffing.encoding = finding.candidates.first.flatMap { Encoding(label: $0.setting) } ?? .utf8
        }
        try checkKind(sniffing.encoding, given)
        var (text, given) = (text(in: sniffing.encoding), given)
        let separator = Self.separator(text)
        let isUsed = given.dialect.sepLine == .use
        if let separator, isUsed || !given.hasDelimiter {
            given.startsWithSepLine = true
            given.hasDelimiter = true
            (given.dialect.delimiter, given.dialect.delimiterTail) = (separator, [])
            if !isUsed {
                // The line is skipped as any other before the header, which a schema can state.
                given.dialect.skippedLines = max(1, given.dialect.skippedLines)
                given.hasSkippedLines = true
            }
            let candidate = Sniffing.Candidate(
                setting: DialectSniffer.name(separator),
                evidence: "the first line names it: sep=",
                score: 1
            )
            sniffing.findings.append(Sniffing.Finding(question: .delimiter, candidates: [candidate]))
        }
        if text.isEmpty { text = [0x0A] }
        let sniffer = try DialectSniffer(text, isAll: isAll, given)
        sniffing.dialect = sniffer.dialect
        sniffing.findings += sniffer.findings
        return sniffing
    }

    /// Throws if the input is a file of another kind, as reading it would.
    private func checkKind(_ encoding: Encoding, _ given: Sniffing.Given) throws(SniffingError) {
        let recognition = Recognition(
            sample,
            isAll: isAll,
            as: encoding.recognized,
            assumesCSV: given.dialect.assumesCSV
        )
        guard case .fault(let code, let detail) = recognition.verdict else { return }
        throw .input(.badData(CSVError(code, offset: 0, line: 1, record: 1, detail: detail)))
    }

    /// The delimiter that a first line `sep=;` names.
    private static func separator(_ text: [UInt8]) -> UInt8? {
        let line = text.prefix { $0 != 0x0A && $0 != 0x0D }
        let bare = line.filter { $0 != UInt8(ascii: "\"") }
        guard bare.count == 5, String(decoding: bare.prefix(4), as: UTF8.self).lowercased() == "sep=" else {
            return nil
        }
        return bare[4]
    }
}
