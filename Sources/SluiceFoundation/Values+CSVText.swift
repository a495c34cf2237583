public import SluiceEngine
import SluiceJSON

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// An instant in ISO 8601, read as strictly as the types `date` and `datetime` of a schema: `2026-10-31`, `2026-10-31T12:30:00`, with a
/// fraction of a second, `Z` or an offset such as `+01:00`. A space may stand for the `T`. Without an offset it is in UTC, and without
/// a time it is at midnight.
extension Date: CSVTextDecodable {
    /// Creates the instant that a text states.
    public init?(csvText text: String) {
        // Foundation's parser makes 2 March of 30 February.
        guard let seconds = ISO8601.secondsSince1970(text) else { return nil }
        self.init(timeIntervalSince1970: seconds)
    }
}

/// A number in decimal digits, with all of them.
extension Decimal: CSVTextDecodable {
    /// Creates the number that a text is.
    public init?(csvText text: String) {
        // Foundation stops at what is no number and returns what it has read.
        let isNumber = text.utf8.allSatisfy { "0123456789.+-eE".utf8.contains($0) } && Double(text) != nil
        guard isNumber, let number = Decimal(string: text), number.isFinite else { return nil }
        self = number
    }
}

/// A URL, which is not empty.
extension URL: CSVTextDecodable {
    /// Creates the URL that a text is.
    public init?(csvText text: String) { self.init(string: text) }
}
