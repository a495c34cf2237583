/// What an input has that RFC 4180 refuses and the dialect accepted: how often each kind, and where first.
///
/// A field counts once for each kind: a plain one with quotes or bare CRs in it, one with text after its closing quote,
/// one that the end of the input closed, one with bytes replaced. A record that a bare CR ends counts in its last field, a
/// ragged record once, and a column once whose name was numbered. A blank line that is skipped is no repair.
package struct Repairs: Sendable, Hashable {
    /// Where a repair was made.
    package struct Place: Sendable, Hashable {
        package var offset: UInt64
        /// The physical line; nil until somebody has counted it.
        package var line: UInt64?
        package var record: UInt64
        package var field: Int

        package init(offset: UInt64, line: UInt64? = nil, record: UInt64, field: Int) {
            self.offset = offset
            self.line = line
            self.record = record
            self.field = field
        }
    }

    /// The repairs of one kind.
    package struct Count: Sendable, Hashable {
        package var count: UInt64
        package var first: Place

        package init(count: UInt64, first: Place) {
            self.count = count
            self.first = first
        }
    }

    /// By the code of the error that a strict dialect makes of each.
    package private(set) var counts: [CSVError.Code: Count] = [:]

    package init() {}

    package var isEmpty: Bool { counts.isEmpty }

    /// The kinds that there are, in the order of the codes.
    package var kinds: [(code: CSVError.Code, repairs: Count)] {
        CSVError.Code.allCases.compactMap { code in counts[code].map { (code, $0) } }
    }

    /// Adds one.
    package mutating func note(_ code: CSVError.Code, at place: Place) {
        add(Count(count: 1, first: place), of: code)
    }

    /// Adds those of one kind.
    package mutating func add(_ others: Count, of code: CSVError.Code) {
        guard var known = counts[code] else {
            counts[code] = others
            return
        }
        known.count &+= others.count
        if others.first.offset < known.first.offset { known.first = others.first }
        counts[code] = known
    }

    /// Adds those of another part of the input.
    package mutating func add(_ others: Repairs) {
        for (code, repairs) in others.counts { add(repairs, of: code) }
    }

    /// What there is, which is taken out.
    package mutating func take() -> Repairs {
        if isEmpty { return self }
        defer { self = Repairs() }
        return self
    }

    /// Gives the first places their lines.
    package mutating func place(_ lines: inout LineFinder) {
        for code in counts.keys.sorted(by: { (counts[$0]?.first.offset ?? 0) < (counts[$1]?.first.offset ?? 0) }) {
            guard let place = counts[code]?.first, place.line == nil else { continue }
            let (offset, line) = lines.place(of: place.offset)
            counts[code]?.first.offset = offset
            counts[code]?.first.line = line
        }
    }
}

extension Dialect {
    /// Whether it accepts anything that RFC 4180 refuses.
    var repairs: Bool {
        bareCR != .error || quoteInPlain != .error || afterQuote != .error || unterminated != .error
            || ragged != .error || invalidUTF8 != .error
    }
}
