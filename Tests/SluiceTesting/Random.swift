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
        bytes += linesBeforeRecords(lineEnd)
        if dialect.header == .firstRecord { bytes += header(width, lineEnd) }
        for _ in 0..<dialect.skippedAfterHeader { bytes += skippedRecord() + lineEnd.pick(&random) }
        let count = random.oneIn(20) ? 50 : random.pick(0, 1, 1, 2, 2, 3, 4, 5, 8, 16)
        for index in 0..<count {
            bytes += linesBetweenRecords(lineEnd)
            bytes += record((0..<width).map { _ in value() })
            let isLast = index == count - 1
            if !isLast || !random.oneIn(4) { bytes += lineEnd.pick(&random) }
        }
        return bytes
    }

    /// Returns a valid input with some bytes changed, inserted or deleted, and sometimes truncated.
    package mutating func mutated() -> [UInt8] { mutated(firstBytes() + valid()) }

    /// Returns an input with some bytes removed, replaced or added.
    package mutating func mutated(_ input: [UInt8]) -> [UInt8] {
        var bytes = input
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

    /// Returns lines that are skipped before the first record.
    private mutating func linesBeforeRecords(_ lineEnd: LineEnds) -> [UInt8] {
        var bytes: [UInt8] = []
        var count = dialect.skippedLines
        if dialect.sepLine == .use, dialect.delimiterTail.isEmpty, dialect.delimiter != 0x22, random.oneIn(2) {
            bytes += Array("sep=".utf8) + [dialect.delimiter] + lineEnd.pick(&random)
            count = max(0, count - 1)
        }
        for _ in 0..<count { bytes += junk() + lineEnd.pick(&random) }
        return bytes
    }

    /// Returns a blank line or a comment now and then.
    private mutating func linesBetweenRecords(_ lineEnd: LineEnds) -> [UInt8] {
        var bytes: [UInt8] = []
        if random.oneIn(8) && dialect.blankLines != .error { bytes += lineEnd.pick(&random) }
        if random.oneIn(4), let text = dialect.comments.randomElement(using: &random) {
            bytes += text + junk() + lineEnd.pick(&random)
        }
        return bytes
    }

    /// Returns the records up to the header's last row.
    private mutating func header(_ width: Int, _ lineEnd: LineEnds) -> [UInt8] {
        var bytes: [UInt8] = []
        for row in 1...(dialect.headerRows.last ?? 1) {
            bytes += linesBetweenRecords(lineEnd)
            if row == dialect.headerRows.last {
                bytes += record((0..<width).map { columnName($0) })
            } else if dialect.headerRows.contains(row) {
                bytes += record((0..<Int.random(in: 1...width, using: &random)).map { _ in value() })
            } else {
                bytes += skippedRecord()
            }
            bytes += lineEnd.pick(&random)
        }
        return bytes
    }

    /// Returns a record of any width that is not blank.
    private mutating func skippedRecord() -> [UInt8] {
        record((0..<random.pick(1, 2, 5)).map { _ in value() })
    }

    /// Returns text without line ends in which quotes mean nothing.
    private mutating func junk() -> [UInt8] {
        let alphabet =
            Array("ab #\"".utf8) + [dialect.quote, dialect.escape ?? 0x5C].filter { $0 != 0x0A && $0 != 0x0D }
        return (0..<random.pick(0, 1, 3, 8, 70)).map { _ in random.pick(from: alphabet, or: 0x61) }
    }

    /// Returns a record of the given values that is neither a blank line nor a comment.
    private mutating func record(_ values: [[UInt8]]) -> [UInt8] {
        func joined(_ fields: [[UInt8]]) -> [UInt8] {
            Array(fields.joined(separator: [dialect.delimiter] + dialect.delimiterTail))
        }
        var fields: [[UInt8]] = []
        for value in values { fields.append(field(value, isFirst: fields.isEmpty)) }
        let bytes = joined(fields)
        guard bytes.isEmpty || dialect.comments.contains(where: bytes.starts) else { return bytes }
        fields[0] = dialect.usesQuotes ? quoted(values[0]) : [UInt8(ascii: "z")]
        return joined(fields)
    }

    private mutating func field(_ value: [UInt8], isFirst: Bool) -> [UInt8] {
        let special = specialBytes
        let isPlain = !value.contains(where: special.contains)
        let text =
            if dialect.usesQuotes, random.oneIn(4) || !isPlain && (dialect.escape == nil || random.oneIn(2)) {
                quoted(value)
            } else if isPlain {
                value
            } else if let escape = dialect.escape {
                value.flatMap { special.contains($0) ? [escape, $0] : [$0] }
            } else {
                // A name stays unique.
                Array("zz".utf8)
                    + value.suffix(1).filter { 0x61...0x7A ~= $0 }.map { special.contains($0) ? $0 ^ 0x20 : $0 }
            }
        let padding = (0..<random.pick(0, 0, 0, 1, 2)).map { _ in UInt8(ascii: " ") }
        switch dialect.trim {
        case .none: return text
        case .initial: return isFirst ? text : padding + text
        case .spaces: return padding + text + padding
        }
    }

    /// The bytes with which something that has a meaning in a field without quotes may start.
    private var specialBytes: Set<UInt8> {
        Set([dialect.quote, dialect.delimiter, dialect.escape ?? 0x0A, 0x0A, 0x0D])
    }

    private mutating func quoted(_ value: [UInt8]) -> [UInt8] {
        let quote = dialect.quote
        var bytes = [quote]
        for byte in value {
            if byte == quote {
                let isDoubled = dialect.doublesQuotes && (dialect.escape == nil || random.oneIn(2))
                bytes.append(isDoubled ? quote : dialect.escape ?? quote)
            } else if let escape = dialect.escape, byte == escape || (byte < 0x80 && random.oneIn(20)) {
                bytes.append(escape)
            }
            bytes.append(byte)
        }
        return bytes + [quote]
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
        case 1: return [dialect.delimiter] + dialect.delimiterTail
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
        switch Int.random(in: 0..<20, using: &random) {
        case 0...3: dialect.quote
        case 4, 5: dialect.delimiter
        case 6: 0x0D
        case 7, 8: 0x0A
        case 9: random.pick(0x22, 0x5C, 0x2C, 0x00, 0x20)
        case 10: UInt8.random(in: 0x80...0xFF, using: &random)
        case 11: random.pick(0x80, 0x9F, 0xA0, 0xA9, 0xBD, 0xBE, 0xBF)
        case 12: random.pick(0xC2, 0xC3, 0xE0, 0xE2, 0xED, 0xEF, 0xF0, 0xF4)
        case 13: random.pick(from: dialect.delimiterTail, or: 0x61)
        case 14: random.pick(from: dialect.comments.flatMap(\.self), or: 0x62)
        case 15: dialect.escape ?? 0x31
        case 16: dialect.trim == .none ? 0x61 : 0x20
        default: random.pick(0x61, 0x62, 0x31)
        }
    }
}
