import SluiceCSV
import SluiceJSON

/// What a value looks like to someone who does not know the column: wider than the types of a schema.
enum CellKind: Sendable, Hashable {
    case empty
    /// Numbers in any notation, dates and times in any order, amounts, percentages.
    case figures
    case word
    case text
    /// Text that holds what may be another delimiter, or that another quote surrounds.
    case suspect

    init(_ value: [UInt8], isQuoted: Bool, besides dialect: Dialect) {
        if value.isEmpty {
            self = .empty
        } else if ColumnProfile.Kind(of: value) != .text || Self.isFigures(value) {
            self = .figures
        } else if isQuoted {
            self = .text
        } else if Self.isSuspect(value, dialect) {
            self = .suspect
        } else {
            self = value.count <= 40 && !value.contains(0x20) ? .word : .text
        }
    }

    /// How much a value speaks for the dialect that gave it.
    var weight: Double {
        switch self {
        case .figures: 1
        case .empty: 0.9
        case .word: 0.95
        case .text: 0.9
        case .suspect: 0.3
        }
    }

    private static func isSuspect(_ value: [UInt8], _ dialect: Dialect) -> Bool {
        if value.contains(where: { $0 != dialect.delimiter && isDelimiter($0) }) { return true }
        guard value.count > 1, let quote = value.first, quote == value.last else { return false }
        return (quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'"))
            && (!dialect.usesQuotes || quote != dialect.quote)
    }

    private static func isDelimiter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t"), UInt8(ascii: "|"): true
        default: false
        }
    }

    /// Digits with what people write between and around them: `1.234,50 €`, `12/31/2024 11:59`, `-5 %`.
    private static func isFigures(_ value: [UInt8]) -> Bool {
        guard value.count <= 40 else { return false }
        var (digits, others) = (0, 0)
        for scalar in String(decoding: value, as: UTF8.self).unicodeScalars {
            if ("0"..."9").contains(scalar) {
                digits += 1
            } else if !" .,:/-+%$€£¥()TZ'\u{A0}".unicodeScalars.contains(scalar) {
                return false
            } else {
                others += 1
            }
        }
        return digits > 0 && digits >= others - 2
    }
}
