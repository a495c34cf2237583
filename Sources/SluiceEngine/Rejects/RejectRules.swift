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

    /// Whether so many lines are too many, before the input's end.
    package func isExceeded(by lines: UInt64) -> Bool {
        if case .lines(let most) = limit { lines > most } else { false }
    }

    /// Whether they are too many of all lines.
    package func isExceeded(by lines: UInt64, of all: UInt64) -> Bool {
        if case .share(let most) = limit {
            lines.multipliedFullWidth(by: 100_000) > all.multipliedFullWidth(by: most)
        } else {
            false
        }
    }
}
