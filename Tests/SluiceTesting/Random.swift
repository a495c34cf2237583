// Random inputs and dialects from a seed. A seed gives the same ones on every machine.

import SluiceCSV
import SluicePlatform

/// The seeds that a property test tries.
package enum Seeds {
    /// Returns the seeds of one part of a test: all `count`, or with `SLUICE_SEEDS=few` the first eighth. The daily run
    /// under sanitizers, which slow everything down tenfold, tries those few; the run without sanitizers tries all.
    package static func part(_ part: UInt64, of count: UInt64) -> Range<UInt64> {
        part * count..<part * count + max(1, isFew ? count / 8 : count)
    }

    /// Whether this is a run under a sanitizer, which tries less.
    package static var isFew: Bool { System.environment("SLUICE_SEEDS") == "few" }
}

extension Kernel {
    /// The kernels that a case is tried with: all of this machine's, or with `SLUICE_KERNELS=best` only the one that users get.
    /// The run that looks for data races sets that: kernels share nothing.
    package static var tried: [Kernel] { System.environment("SLUICE_KERNELS") == "best" ? [.best] : available }
}

/// The SplitMix64 generator of Steele, Lea and Flood: small, and good enough to choose tests.
package struct SplitMix64: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// Makes a generator; equal seeds give equal numbers.
    package init(seed: UInt64) {
        state = seed
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    /// Returns true with a probability of one in `count`.
    mutating func oneIn(_ count: Int) -> Bool {
        Int.random(in: 0..<count, using: &self) == 0
    }

    /// Returns one of the given elements.
    mutating func pick<Element>(_ first: Element, _ others: Element...) -> Element {
        let index = Int.random(in: 0...others.count, using: &self)
        return index == 0 ? first : others[index - 1]
    }

    /// Returns one of the elements, or the fallback if there are none.
    mutating func pick<Element>(from elements: [Element], or fallback: Element) -> Element {
        elements.randomElement(using: &self) ?? fallback
    }
}

/// Generates random inputs for a dialect.
package struct CSVGenerator: Sendable {
    /// The dialect whose bytes and options the inputs exercise.
    package let dialect: Dialect
    private var random: SplitMix64

    /// Makes a generator; equal seeds and dialects give equal inputs.
    package init(seed: UInt64, dialect: Dialect = .rfc4180) {
        self.dialect = dialect
        random = SplitMix64(seed: seed)
    }

    /// Returns an input of any kind.
    package mutating func input() -> [UInt8] {
        switch Int.random(in: 0..<4, using: &random) {
        case 0: valid()
        case 1, 2: mutated()
        default: soup()
        }
    }

    /// Returns an input without errors under the dialect, even if all its options are `error`.
    package mutating func valid() -> [UInt8] {
        let width = columnCount()
        var bytes: [UInt8] = random.oneIn(6) ? [0xEF, 0xBB, 0xBF] : []
        let lineEnd = lineEndStyle()
        if dialect.header == .firstRecord {
            bytes += record((0..<width).map { columnName($0) }) + lineEnd.pick(&random)
        }
        let count = random.oneIn(20) ? 50 : random.pick(0, 1, 1, 2, 2, 3, 4, 5, 8, 16)
        for index in 0..<count {
            if random.oneIn(8) && dialect.blankLines != .error { bytes += lineEnd.pick(&random) }
            bytes += record((0..<width).map { _ in value() })
            let isLast = index == count - 1
            if !isLast || !random.oneIn(4) { bytes += lineEnd.pick(&random) }
        }
        return bytes
    }

    /// Returns a valid input with some bytes changed, inserted or deleted, and sometimes truncated.
    package mutating func mutated() -> [UInt8] {
        var bytes = firstBytes() + valid()
        for _ in 0..<random.pick(1, 1, 2, 4, 10) {
            let position = Int.random(in: 0...bytes.count, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0 where position < bytes.count: bytes[position] = troubleMaker()
            case 1 where position < bytes.count: bytes.remove(at: position)
            case 2 where random.oneIn(10): bytes.removeSubrange(position...)
            default: bytes.insert(troubleMaker(), at: position)
            }
        }
        return bytes
    }

    /// Returns bytes of a small alphabet, in which almost every pair has a meaning.
    package mutating func soup() -> [UInt8] {
        let count = random.pick(1, 2, 3, 5, 8, 16, 40, 70, 200)
        return firstBytes() + (0..<count).map { _ in troubleMaker() }
    }
}

extension CSVGenerator {
    /// The line ends of an input.
    private enum LineEnds {
        case lineFeed, carriageReturnLineFeed, mixed

        func pick(_ random: inout SplitMix64) -> [UInt8] {
            switch self {
            case .lineFeed: [0x0A]
            case .carriageReturnLineFeed: [0x0D, 0x0A]
            case .mixed: random.pick([0x0A], [0x0D, 0x0A])
            }
        }
    }

    private mutating func lineEndStyle() -> LineEnds {
        random.pick(.lineFeed, .carriageReturnLineFeed, .mixed)
    }

    private mutating func columnCount() -> Int {
        if case .names(let names) = dialect.header { return names.count }
        return random.oneIn(20) ? 17 : random.pick(1, 1, 2, 2, 3, 4, 8)
    }

    /// Returns a record of the given values. A single empty value is quoted: otherwise the record would be a blank line.
    private mutating func record(_ values: [[UInt8]]) -> [UInt8] {
        let fields = values.map { field($0, mustQuote: values.count == 1 && $0.isEmpty) }
        return Array(fields.joined(separator: [dialect.delimiter]))
    }

    private mutating func field(_ value: [UInt8], mustQuote: Bool) -> [UInt8] {
        let special = [dialect.quote, dialect.delimiter, 0x0A, 0x0D]
        if !mustQuote && !value.contains(where: special.contains) && !random.oneIn(4) { return value }
        let quote = [dialect.quote]
        return quote + value.flatMap { $0 == dialect.quote ? quote + quote : [$0] } + quote
    }

    /// Returns a name that is unique in the input: its last byte identifies the column.
    private mutating func columnName(_ column: Int) -> [UInt8] {
        (random.oneIn(3) ? value() : []) + [UInt8(ascii: "a") + UInt8(column)]
    }

    /// Returns text that is short, or whose length in bytes is near an edge of the fast engine's blocks.
    private mutating func value() -> [UInt8] {
        let edge = random.pick(0, 0, 1, 1, 2, 3, 5, 8, 8, 16, 32, 64, 128)
        let count = edge < 16 ? edge : Int.random(in: (edge - 1)...(edge + 1), using: &random)
        let isPlain = random.oneIn(2)
        var bytes: [UInt8] = []
        while bytes.count < count {
            let character = isPlain ? [UInt8.random(in: 0x61...0x7A, using: &random)] : self.character()
            if bytes.count + character.count > count { continue }
            bytes += character
        }
        return bytes
    }

    /// Returns a character, more often than not one that needs special treatment.
    private mutating func character() -> [UInt8] {
        let scalar: Unicode.Scalar
        switch Int.random(in: 0..<12, using: &random) {
        case 0: return [dialect.quote]
        case 1: return [dialect.delimiter]
        case 2: return random.pick([0x0A], [0x0D], [0x0D, 0x0A])
        case 3: scalar = random.pick("\"", "\\", "/", ",", "'", " ", "\u{7F}")
        case 4: return [UInt8.random(in: 0x00..<0x20, using: &random)]
        case 5: scalar = random.pick("\u{80}", "é", "\u{7FF}")
        case 6: scalar = random.pick("\u{800}", "€", "\u{D7FF}", "\u{E000}", "\u{FEFF}", "\u{FF0C}")
        case 7: scalar = random.pick("\u{FFFD}", "\u{FFFE}", "\u{FFFF}", "\u{EFFF}", "\u{FFBF}")
        case 8: scalar = random.pick("\u{10000}", "😀", "\u{3FFFE}", "\u{10FFFF}")
        default: return [UInt8.random(in: 0x20..<0x7F, using: &random)]
        }
        return Array(String(scalar).utf8)
    }

    /// Returns a byte order mark, whole or in part, now and then; otherwise nothing.
    private mutating func firstBytes() -> [UInt8] {
        if !random.oneIn(20) { return [] }
        if random.oneIn(2) { return [0xEF, 0xBB, 0xBF] }
        return random.pick([0xEF, 0xBB], [0xFF, 0xFE], [0xFE, 0xFF], [0xFF])
    }

    /// Returns a byte that is likely to change the meaning of the bytes around it.
    private mutating func troubleMaker() -> UInt8 {
        switch Int.random(in: 0..<16, using: &random) {
        case 0...3: dialect.quote
        case 4, 5: dialect.delimiter
        case 6: 0x0D
        case 7, 8: 0x0A
        case 9: random.pick(0x22, 0x5C, 0x2C, 0x00, 0x20)
        case 10: UInt8.random(in: 0x80...0xFF, using: &random)
        case 11: random.pick(0x80, 0x9F, 0xA0, 0xA9, 0xBD, 0xBE, 0xBF)
        case 12: random.pick(0xC2, 0xC3, 0xE0, 0xE2, 0xED, 0xEF, 0xF0, 0xF4)
        default: random.pick(0x61, 0x62, 0x31)
        }
    }
}

extension CSVGenerator {
    /// Returns a dialect: strict, lenient or any combination of options, now and then with other delimiters and quotes.
    package static func dialect(seed: UInt64) -> Dialect {
        var random = SplitMix64(seed: seed)
        var dialect = random.pick(Dialect.rfc4180, .lenient, mixture(&random), mixture(&random))
        dialect.header = random.pick(
            .firstRecord,
            .firstRecord,
            .none,
            .names(["x"]),
            .names(["x", "y"]),
            .names(["_4", "y", "_3"])
        )
        if random.oneIn(4) {
            (dialect.delimiter, dialect.quote) = random.pick(from: delimitersAndQuotes, or: (0x2C, 0x22))
        }
        // At least 3: the longest list of given names has three.
        if random.oneIn(6) { dialect.maxRecord = Int.random(in: 1...60, using: &random) }
        if random.oneIn(6) { dialect.maxColumns = Int.random(in: 3...5, using: &random) }
        return dialect
    }

    private static let delimitersAndQuotes: [(UInt8, UInt8)] = [
        (0x09, 0x22), (0x3B, 0x22), (0x7C, 0x27), (0x20, 0x22), (0x5C, 0x22), (0x1F, 0x22),
        (0x2C, 0x5C), (0x00, 0x27), (0x22, 0x2C), (0x61, 0x62), (0x7F, 0x00),
    ]

    private static func mixture(_ random: inout SplitMix64) -> Dialect {
        Dialect(
            bareCR: random.pick(from: Dialect.BareCR.allCases, or: .error),
            quoteInPlain: random.pick(from: Dialect.QuoteInPlain.allCases, or: .error),
            afterQuote: random.pick(from: Dialect.AfterQuote.allCases, or: .error),
            unterminated: random.pick(from: Dialect.Unterminated.allCases, or: .error),
            ragged: random.pick(from: Dialect.Ragged.allCases, or: .error),
            duplicateHeaders: random.pick(from: Dialect.DuplicateHeaders.allCases, or: .error),
            invalidUTF8: random.pick(from: Dialect.InvalidUTF8.allCases, or: .error),
            blankLines: random.pick(from: Dialect.BlankLines.allCases, or: .skip),
            nulInNames: random.pick(from: Dialect.NULInNames.allCases, or: .data)
        )
    }
}
