extension CSVError {
    /// How a header differs from the schema.
    public struct HeaderDrift: Sendable, Hashable {
        /// Names of columns, of which the first few are listed.
        public struct Names: Sendable, Hashable {
            /// How many there are.
            public var count: Int
            /// The first of them. Long names are cut, and then end with `…`.
            public var listed: [String]

            /// Creates a list.
            public init(count: Int = 0, listed: [String] = []) { (self.count, self.listed) = (count, listed) }
        }

        /// Fields of the schema without a column.
        public var missing: Names
        /// Columns without a field of the schema.
        public var unexpected: Names
        /// Columns that stand in another order than the schema's fields.
        public var misplaced: Names
        /// Columns that differ from a field of the schema only in case, in white space, or in how accents are encoded.
        public var respelled: Names
        /// The value of `fieldsMatch` with which the schema would allow this header, or nil if none would without leaving out
        /// what was probably meant.
        public var allowingMatch: String?

        /// Creates a description.
        public init(
            missing: Names = Names(),
            unexpected: Names = Names(),
            misplaced: Names = Names(),
            respelled: Names = Names(),
            allowingMatch: String? = nil
        ) {
            self.missing = missing
            self.unexpected = unexpected
            self.misplaced = misplaced
            self.respelled = respelled
            self.allowingMatch = allowingMatch
        }
    }
}

/// Lists the names of a drift within a limit, so that a message that states it fits every queue.
package struct HeaderDriftLister {
    /// The bytes that names may still take as JSON.
    private var bytesLeft = 600

    package init() {}

    /// Returns all of the names' number, and the first few names.
    package mutating func list(_ names: [[UInt8]]) -> CSVError.HeaderDrift.Names {
        var listed: [String] = []
        for name in names.prefix(Self.mostNames) {
            let scalars = String(decoding: name, as: UTF8.self).unicodeScalars
            let start = scalars.prefix(Self.longestName)
            let text = String(start) + (start.endIndex < scalars.endIndex ? "…" : "")
            // A control character takes six bytes as JSON.
            bytesLeft -= text.utf8.reduce(3) { $0 + ($1 < 0x20 ? 6 : $1 == 0x22 || $1 == 0x5C ? 2 : 1) }
            if bytesLeft < 0 { break }
            listed.append(text)
        }
        return CSVError.HeaderDrift.Names(count: names.count, listed: listed)
    }

    private static let mostNames = 5
    private static let longestName = 40
}
