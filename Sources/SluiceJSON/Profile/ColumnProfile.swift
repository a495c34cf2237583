import CSluiceKernels
import SluiceCSV

/// What the values of a column are.
package struct ColumnProfile: Sendable, Hashable {
    /// What a value is: the first of these that it can be.
    package enum Kind: Int, Sendable, Hashable, CaseIterable {
        case empty, integer, number, date, time, datetime, boolean
        /// A word that often stands for no value, such as `NA`.
        case missing
        case text

        package var name: String { "\(self)" }
    }

    /// The start of a value.
    package struct Excerpt: Sendable, Hashable {
        /// Whole characters.
        package var text: [UInt8]
        /// Whether the value goes on.
        package var isCut: Bool
    }

    package struct Frequent: Sendable, Hashable {
        package var value: Excerpt
        /// How often it occurs at least; exactly, unless ``ColumnProfile/isSketched``.
        package var count: UInt64
    }

    /// How many values are of each kind, by ``Kind/rawValue``.
    package var kinds: [UInt64]
    /// How many values that are not empty have a length in characters from the given one up to that of the next class.
    package var lengths: [(first: UInt64, count: UInt64)] { zip(Self.firstLengths, lengthCounts).map { ($0, $1) } }
    private var lengthCounts: [UInt64]
    /// The least and the greatest length in characters of values that are not empty; 0 if there are none.
    package var shortest: UInt64
    package var longest: UInt64
    /// The characters of all values.
    package var characters: UInt64
    /// The words that stand for missing values, if the column is not of strings.
    package var missingWords: [String]
    /// The least and the greatest of the values that are numbers.
    package var numbers: Range?
    /// Of all values but empty ones and ``missingWords``, in the order of their bytes.
    package var texts: Range?
    /// The most frequent values, the most frequent first.
    package var frequent: [Frequent]
    /// How many different values there are, without the empty one; an estimate, if ``isSketched``.
    package var distinct: UInt64
    /// Whether there are too many different values to count them exactly.
    package var isSketched: Bool

    package struct Range: Sendable, Hashable {
        package var least: Excerpt
        package var greatest: Excerpt
    }

    private static let firstLengths: [UInt64] = (0..<SLUICE_LENGTH_CLASSES).map { sluice_first_length($0) }
    private static let mostFrequent = 10

    package func count(_ kind: Kind) -> UInt64 { kinds[kind.rawValue] }

    /// The type that every value has.
    ///
    /// Words for missing values count for none, if others are of a type. Numbers are integers too, and a column without
    /// values is one of strings.
    package var type: Kind {
        if count(.text) > 0 { return .text }
        let found = Kind.allCases.filter { $0 != .empty && $0 != .missing && count($0) > 0 }
        switch found {
        case [.integer, .number]: return .number
        case _ where found.count == 1: return found[0]
        default: return .text
        }
    }

    /// The least and the greatest value, as the type orders them. In a column of strings, missing values are values.
    package var range: Range? {
        switch type {
        case .integer, .number: return numbers
        case .text:
            let words = missingWords.map { Excerpt(text: Array($0.utf8), isCut: false) }
            let all = words + [texts?.least, texts?.greatest].compactMap(\.self)
            let sorted = all.sorted { $0.text.lexicographicallyPrecedes($1.text) }
            guard let least = sorted.first, let greatest = sorted.last else { return nil }
            return Range(least: least, greatest: greatest)
        default: return texts
        }
    }

    /// How many different values there are that are not missing.
    package var distinctValues: UInt64 {
        type == .text ? distinct : distinct - min(distinct, UInt64(missingWords.count))
    }
}

extension ColumnProfile {
    /// Copies what a kernel counted. The column's tables must be valid, and have `ways` frequent values.
    init(_ column: sluice_column, ways: Int, distinct: Double) {
        // The tuples are arrays of C.
        kinds = unsafe Self.array(column.kinds)
        lengthCounts = unsafe Self.array(column.lengths)
        let counts = lengthCounts
        let short = (1...16).filter { counts[$0] > 0 }
        let hasLong = unsafe column.longest > 0
        shortest = UInt64(short.first ?? 0)
        if short.isEmpty, hasLong { shortest = unsafe ~column.short_long }
        longest = unsafe hasLong ? column.longest : UInt64(short.last ?? 0)
        characters = unsafe column.long_characters + short.reduce(0) { $0 + UInt64($1) * counts[$1] }
        isSketched = unsafe column.has_lost != 0
        let bits = unsafe column.missing
        missingWords = (0..<32).filter { bits >> $0 & 1 == 1 }.compactMap { number in
            unsafe sluice_missing_word(number).map { unsafe String(cString: $0) }
        }
        numbers = unsafe Range(column.least_number, column.greatest_number)
        texts = unsafe Range(column.least_text, column.greatest_text)
        var found: [Frequent] = []
        for way in 0..<ways where unsafe column.tags[way] != 0 {
            let value = unsafe column.frequent[way]
            found.append(Frequent(value: Excerpt(Self.array(value.text), of: value.length), count: value.count))
        }
        found.sort {
            $0.count != $1.count ? $0.count > $1.count : $0.value.text.lexicographicallyPrecedes($1.value.text)
        }
        frequent = Array(found.prefix(Self.mostFrequent))
        self.distinct = UInt64(max(0, distinct.rounded()))
    }

    /// Copies an array of C, which Swift sees as a tuple.
    private static func array<Tuple, Element>(_ tuple: Tuple) -> [Element] {
        // The tuple's elements are of that type, one after another.
        unsafe withUnsafeBytes(of: tuple) { unsafe Array($0.assumingMemoryBound(to: Element.self)) }
    }
}

extension ColumnProfile.Range {
    fileprivate init?(_ least: sluice_extreme, _ greatest: sluice_extreme) {
        guard least.length > 0 else { return nil }
        self.init(least: ColumnProfile.Excerpt(least), greatest: ColumnProfile.Excerpt(greatest))
    }
}

extension ColumnProfile.Excerpt {
    fileprivate init(_ extreme: sluice_extreme) {
        // An array of C.
        let bytes = unsafe withUnsafeBytes(of: extreme.text) { unsafe Array($0) }
        self.init(bytes, of: extreme.length)
    }

    /// The start of a value of `length` bytes, as far as there are bytes of it.
    fileprivate init(_ bytes: [UInt8], of length: UInt32) {
        isCut = Int(length) > bytes.count
        var end = min(Int(length), bytes.count)
        // A character that is cut off is left out.
        if isCut { while end > 0, bytes[end - 1] & 0xC0 == 0x80 { end -= 1 } }
        if isCut, end > 0, bytes[end - 1] >= 0xC0 { end -= 1 }
        text = Array(bytes[..<end])
    }
}

extension ColumnProfile.Kind {
    /// What a value is.
    package init(of value: [UInt8]) {
        var missing: UInt32 = 0
        // The buffer has the value, and zeros that may be read after it. All of it is initialized before it is read.
        let kind = unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: value.count + Window.padding) {
            padded in
            unsafe padded.initialize(repeating: 0)
            unsafe value.withUnsafeBytes { unsafe UnsafeMutableRawBufferPointer(padded).copyMemory(from: $0) }
            return unsafe sluice_kind_of(padded.baseAddress, value.count, &missing)
        }
        self = Self(rawValue: Int(kind.rawValue)) ?? .text
    }
}
