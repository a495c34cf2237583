/// What a lenient dialect accepted although RFC 4180 refuses it: the count of each kind, and its first place.
///
/// A field counts once for each kind: a plain field with quotes or bare CRs in it, a field with text after its closing quote,
/// one closed by the end of the input, and one with replaced bytes. A record that a bare CR ends counts in its last field. A
/// ragged record counts once, and so does each column whose name was numbered. A skipped blank line is not a repair.
package struct Repairs: Sendable, Hashable {
    /// The place of a repair.
    package struct Place: Sendable, Hashable {
        package var offset: UInt64
        /// The physical line; nil until it is counted.
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

    /// The repairs by the code of the error that a strict dialect throws for them.
    package private(set) var counts: [CSVError.Code: Count] = [:]

    package init() {}

    package var isEmpty: Bool { counts.isEmpty }

    /// The kinds that occurred, in the order of the codes.
    package var kinds: [(code: CSVError.Code, repairs: Count)] {
        CSVError.Code.allCases.compactMap { code in counts[code].map { (code, $0) } }
    }

    /// Adds one repair.
    package mutating func note(_ code: CSVError.Code, at place: Place) {
        add(Count(count: 1, first: place), of: code)
    }

    /// Adds a record with `found` fields instead of `width`.
    package mutating func noteRagged(_ found: Int, width: Int, offset: UInt64, record: UInt64) {
        note(.raggedRecord, at: Place(offset: offset, record: record, field: min(found, width) + 1))
    }

    /// Adds repairs of one kind.
    package mutating func add(_ others: Count, of code: CSVError.Code) {
        guard var known = counts[code] else {
            counts[code] = others
            return
        }
        known.count &+= others.count
        if others.first.offset < known.first.offset { known.first = others.first }
        counts[code] = known
    }

    /// Adds the repairs of another part of the input.
    package mutating func add(_ others: Repairs) {
        for (code, repairs) in others.counts { add(repairs, of: code) }
    }

    /// Returns all repairs and removes them from this value.
    package mutating func take() -> Repairs {
        if isEmpty { return self }
        defer { self = Repairs() }
        return self
    }

    /// Sets the lines of the first places, and converts their offsets to offsets in the input as stored.
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
    /// Whether the dialect accepts anything that RFC 4180 refuses.
    var acceptsViolations: Bool {
        bareCR != .error || quoteInPlain != .error || afterQuote != .error || unterminated != .error
            || ragged != .error || invalidUTF8 != .error
    }
}
