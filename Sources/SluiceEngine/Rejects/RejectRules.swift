import SluiceCSV

/// That records which break a rule are put aside, and how many may be.
///
/// The limit counts physical lines, so that the loss of many rows can't pass as one reject: after a lost quote, a reject may hold
/// thousands of lines.
package struct RejectRules: Sendable, Hashable {
    package enum Limit: Sendable, Hashable {
        case none
        /// Physical lines. Checked at the end of each segment.
        case lines(UInt64)
        /// Thousandths of a percent of all physical lines. Checked at the end of the input.
        case share(UInt64)
    }

    package var limit: Limit

    package init(limit: Limit = .none) { self.limit = limit }

    /// Reads `100` or `0.5%`. Returns nil for anything else.
    package init?(limit text: String) {
        if let lines = UInt64(text), text.utf8.allSatisfy({ 0x30...0x39 ~= $0 }) {
            limit = .lines(lines)
            return
        }
        guard text.last == "%" else { return nil }
        let parts = text.dropLast().split(separator: ".", omittingEmptySubsequences: false)
        let decimals = parts.count == 2 ? parts[1] : ""
        guard (1...2).contains(parts.count), parts.count == 1 || (1...3).contains(decimals.count),
            (parts.joined()).utf8.allSatisfy({ 0x30...0x39 ~= $0 }), let whole = UInt64(parts[0]), whole <= 100,
            let share = UInt64("\(whole)" + decimals + String(repeating: "0", count: 3 - decimals.count)),
            share <= 100_000
        else { return nil }
        limit = .share(share)
    }

    /// The value of the setting in a configuration: `all`, `100` or `0.5%`, each meaning as one text.
    package var setting: String {
        switch limit {
        case .none: return "all"
        case .lines(let lines): return "\(lines)"
        case .share(let share):
            var decimals = Substring("\(share % 1000 + 1000)").dropFirst()
            while decimals.last == "0" { decimals.removeLast() }
            return "\(share / 1000)\(decimals.isEmpty ? "" : ".")\(decimals)%"
        }
    }

    /// Reads ``setting``.
    package init?(setting: String) {
        if setting == "all" { self.init() } else { self.init(limit: setting) }
    }

}

/// The limit.
extension RejectRules {
    /// Returns the error if so many lines are too many at the end of a segment, which the next one follows at that position.
    package func excess(of lines: UInt64, before next: RecordPosition) -> CSVError? {
        guard case .lines(let most) = limit, lines > most else { return nil }
        return Self.error(at: next)
    }

    /// Returns the error if they are too many at the end of the input. `last` is its last byte, nil if all its lines are whole.
    package func excess(
        of lines: UInt64,
        atEnd end: RecordPosition,
        after last: UInt8?,
        _ dialect: Dialect
    ) -> CSVError? {
        guard case .share(let most) = limit else { return nil }
        let all = isWhole(after: last, dialect) ? end.line - 1 : end.line
        let isExceeded = lines.multipliedFullWidth(by: 100_000) > all.multipliedFullWidth(by: most)
        return isExceeded ? Self.error(at: end) : nil
    }

    /// Whether a line ends after that byte; nil stands for the start of an input, or of a line.
    func isWhole(after last: UInt8?, _ dialect: Dialect) -> Bool {
        last == nil || last == 0x0A || (last == 0x0D && dialect.bareCR == .newline)
    }

    private static func error(at position: RecordPosition) -> CSVError {
        CSVError(.tooManyRejects, offset: position.offset, line: position.line, record: position.number)
    }
}
