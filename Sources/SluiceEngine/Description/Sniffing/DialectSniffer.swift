import SluiceCSV

/// Finds the dialect of a sample: every combination of delimiter, quote and escape character that the sample can have is
/// tried.
struct DialectSniffer {
    private let sample: [UInt8]
    private let isAll: Bool
    private let given: Sniffing.Given
    private(set) var dialect: Dialect
    private(set) var findings: [Sniffing.Finding] = []
    private var best: DialectEvidence

    private static let delimiters = Array(",;\t|: ".utf8)
    /// Candidates whose scores differ by less are equal.
    private static let slack = 0.97
    private static let slackWithoutQuotes = 0.75

    init(_ sample: [UInt8], isAll: Bool, _ given: Sniffing.Given) throws(SniffingError) {
        var base = given.dialect
        (self.isAll, self.given) = (isAll, given)
        let ends = Self.lineEnds(sample)
        if !given.hasLineEnds, ends.bare > 0, ends.feeds == 0 {
            base.bareCR = .newline
            findings.append(Self.finding(ends))
        }
        let skipped = max(base.skippedLines, given.startsWithSepLine ? 1 : 0)
        self.sample = sample.withoutLines(skipped, endWithCR: base.bareCR == .newline)
        dialect = base
        best = DialectEvidence([], isAll: true, base, keepsFirstLine: true)
        try chooseSyntax(base)
        chooseComments()
        noteSkippedLines()
        try chooseHeader()
    }

    private static func lineEnds(_ sample: [UInt8]) -> (feeds: Int, bare: Int) {
        var (feeds, bare) = (0, 0)
        for (index, byte) in sample.enumerated() {
            if byte == 0x0A { feeds += 1 }
            if byte == 0x0D, index + 1 < sample.count, sample[index + 1] != 0x0A { bare += 1 }
        }
        return (feeds, bare)
    }

    private static func finding(_ ends: (feeds: Int, bare: Int)) -> Sniffing.Finding {
        let evidence = "\(ends.bare) carriage returns, no line feed"
        let candidate = Sniffing.Candidate(setting: "CR", evidence: evidence, score: 1)
        return Sniffing.Finding(question: .lineEnds, candidates: [candidate])
    }

    private func evidence(_ dialect: Dialect) -> DialectEvidence {
        let keeps = given.hasSkippedLines || given.hasHeader && given.dialect.header != .firstRecord
        return DialectEvidence(sample, isAll: isAll, dialect, keepsFirstLine: keeps)
    }
}

extension [UInt8] {
    /// The bytes after the first lines.
    fileprivate func withoutLines(_ count: Int, endWithCR: Bool) -> [UInt8] {
        var (left, position) = (count, 0)
        while left > 0, position < self.count {
            let isBefore = position + 1 < self.count && self[position + 1] == 0x0A
            if self[position] == 0x0A || (endWithCR && self[position] == 0x0D && !isBefore) { left -= 1 }
            position += 1
        }
        return Array(self[position...])
    }
}

/// Delimiter, quote and escape character.
extension DialectSniffer {
    private mutating func chooseSyntax(_ base: Dialect) throws(SniffingError) {
        var all: [DialectEvidence] = []
        for delimiter in given.hasDelimiter ? [base.delimiter] : Self.delimiters {
            var dialect = base
            if !given.hasDelimiter { (dialect.delimiter, dialect.delimiterTail) = (delimiter, []) }
            guard given.hasDelimiter || sample.contains(delimiter) || delimiter == Self.delimiters[0] else { continue }
            all.append(bestOfDelimiter(dialect))
        }
        all.sort { $0.score > $1.score }
        guard let first = all.first else { return }
        best = first
        dialect = first.dialect
        if !given.hasDelimiter {
            // A table of one column has no delimiter, so any may be named.
            let isOne = first.width == 1
            if isOne { dialect.delimiter = base.delimiter }
            let finding = Sniffing.Finding(
                question: .delimiter,
                candidates: all.map { candidate($0) { Self.name($0.delimiter) } }
            )
            let equal = all.filter { $0.score >= Self.slack * first.score && $0.score > 0 }
            if equal.count > 1, !isOne {
                throw .tie(
                    Sniffing.Tie(question: .delimiter, candidates: Array(finding.candidates.prefix(equal.count)))
                )
            }
            findings.append(finding)
        }
        if first.quoted > 0 || !dialect.usesQuotes || dialect.escape != nil || dialect.trim != .none {
            let evidence = first.quoted == 0 ? "quotes only inside values" : "\(first.quoted) fields in quotes"
            let text =
                (dialect.usesQuotes ? Self.name(dialect.quote) : "none")
                + (dialect.escape.map { ", escape \(Self.name($0))" } ?? "")
                + (dialect.trim == .initial ? ", spaces after delimiters" : "")
            let candidate = Sniffing.Candidate(setting: text, evidence: evidence, score: first.score)
            findings.append(
                Sniffing.Finding(question: .quote, candidates: [candidate], isGiven: given.hasQuote && given.hasEscape)
            )
        }
    }

    private func candidate(_ evidence: DialectEvidence, _ name: (Dialect) -> String) -> Sniffing.Candidate {
        Sniffing.Candidate(setting: name(evidence.dialect), evidence: evidence.text, score: evidence.score)
    }

    static func name(_ byte: UInt8) -> String {
        switch byte {
        case 0x09: "tab"
        case 0x20: "space"
        default: "\(Unicode.Scalar(byte))"
        }
    }

    /// Returns the evidence for a delimiter, with the quotes that fit it best. Others than the usual ones must fit better.
    private func bestOfDelimiter(_ base: Dialect) -> DialectEvidence {
        var best = evidence(base)
        for dialect in variants(of: base) where dialect.fault == nil {
            let found = evidence(dialect)
            // Fields in quotes speak for the quote, even if some are invalid.
            let slack = !dialect.usesQuotes && best.quoted > 0 ? Self.slackWithoutQuotes : Self.slack
            if found.score * slack > best.score { best = found }
        }
        return best
    }

    /// The other quotes and escape characters that the sample may have.
    private func variants(of base: Dialect) -> [Dialect] {
        var quotes: [UInt8?] = [given.dialect.usesQuotes ? given.dialect.quote : nil]
        if !given.hasQuote {
            if sample.contains(UInt8(ascii: "'")) { quotes.append(UInt8(ascii: "'")) }
            if sample.contains(base.quote) { quotes.append(nil) }
        }
        var variants: [Dialect] = []
        for quote in quotes {
            var dialect = base
            dialect.usesQuotes = quote != nil
            if let quote { dialect.quote = quote }
            variants.append(dialect)
            if !given.hasEscape, let quote, has([Self.backslash, quote]) {
                dialect.escape = Self.backslash
                variants.append(dialect)
            } else if !given.hasEscape, quote == nil, has([Self.backslash, base.delimiter]) {
                dialect.escape = Self.backslash
                variants.append(dialect)
            }
            if !given.hasTrim, let quote, has([base.delimiter, 0x20, quote]) {
                dialect.trim = .initial
                variants.append(dialect)
            }
        }
        return Array(variants.dropFirst())
    }

    private static let backslash = UInt8(ascii: "\\")

    private func has(_ bytes: [UInt8]) -> Bool {
        guard let first = bytes.first, sample.count >= bytes.count else { return false }
        return sample.indices.dropLast(bytes.count - 1).contains { index in
            sample[index] == first && sample[index..<index + bytes.count].elementsEqual(bytes)
        }
    }
}

/// What comes before the rows.
extension DialectSniffer {
    /// Lines that start with `#` are comments if the table is more regular without them.
    private mutating func chooseComments() {
        let hash = UInt8(ascii: "#")
        guard !given.hasComments, best.dialect.delimiter != hash, sample.first == hash || has([0x0A, hash]) else {
            return
        }
        var commented = dialect
        commented.comments = [[hash]]
        let found = evidence(commented)
        guard found.width == best.width || best.width == 1, found.skippedLines == 0,
            best.skippedLines > 0 || found.score > best.score / Self.slack
        else { return }
        let count = SampleRecords(sample, isAll: isAll, dialect: commented).comments
        let candidate = Sniffing.Candidate(
            setting: "#",
            evidence: "\(count) lines start with #; without them: \(found.text)",
            score: found.score
        )
        findings.append(Sniffing.Finding(question: .comments, candidates: [candidate]))
        dialect = commented
        best = found
    }

    private mutating func noteSkippedLines() {
        guard !given.hasSkippedLines, best.skippedLines > 0 else { return }
        // A `sep=` line is one of them.
        dialect.skippedLines = best.skippedLines + (given.startsWithSepLine ? 1 : 0)
        let line = dialect.skippedLines + 1
        let evidence =
            best.skipsPadded
            ? "the table starts on line \(line); lines before it are filled up with delimiters"
            : "the first record of \(best.width) fields is on line \(line)"
        let candidate = Sniffing.Candidate(
            setting: "\(dialect.skippedLines)",
            evidence: evidence,
            score: best.score
        )
        findings.append(Sniffing.Finding(question: .skippedLines, candidates: [candidate]))
    }

    private mutating func chooseHeader() throws(SniffingError) {
        guard !given.hasHeader, !best.table.isEmpty else { return }
        let evidence = HeaderEvidence(best.table, width: best.width)
        let (yes, no) = (evidence.candidate(isHeader: true), evidence.candidate(isHeader: false))
        guard let isHeader = evidence.isHeader else {
            throw .tie(Sniffing.Tie(question: .header, candidates: [yes, no]))
        }
        // A column without a name would be read without the blank lines before its first value; rows of a schema have them.
        dialect.header = isHeader ? .firstRecord : best.width == 1 ? .names(["field1"]) : .none
        if !isHeader, !given.hasSkippedLines, best.skippedLines > 0 {
            // Without a header, a Table Dialect can state records to skip, but no lines.
            (dialect.skippedLines, dialect.skippedAfterHeader) = (0, best.skippedRecords)
        }
        findings.append(Sniffing.Finding(question: .header, candidates: isHeader ? [yes, no] : [no, yes]))
        if isHeader { replaceRepeatedNames() }
    }

    /// Names that occur twice would be refused. A Table Dialect can't say that they are numbered, but that there is no
    /// header, that its record is skipped, and what the columns' names are.
    private mutating func replaceRepeatedNames() {
        guard dialect.duplicateHeaders == .error, !given.hasSkippedLines, dialect.headerRows == [1],
            dialect.skippedAfterHeader == 0, let names = best.table.first?.fields, Header.firstDuplicate(names) != nil
        else { return }
        let unique = Header.renamingDuplicates(names)
        let count = zip(names, unique).count { $0 != $1 }
        dialect.header = .names(unique.map { String(decoding: $0, as: UTF8.self) })
        (dialect.skippedLines, dialect.skippedAfterHeader) = (0, best.skippedRecords + 1)
        let evidence = "\(count) of \(names.count) names occur before, and are numbered"
        let candidate = Sniffing.Candidate(setting: "given instead", evidence: evidence, score: 1)
        findings.append(Sniffing.Finding(question: .header, candidates: [candidate]))
    }
}
