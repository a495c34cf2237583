import SluiceCSV

/// What is wrong with an input's records: how many there are of each kind, and the first of each.
package struct Faults: Sendable, Hashable {
    package struct Fault: Sendable, Hashable {
        package var error: CSVError
        /// The start of the record, as it stands in the input. It need not be UTF-8.
        package var excerpt: [UInt8]
        /// Whether the record goes on.
        package var isCut: Bool

        init(_ reject: Reject) {
            error = reject.error
            excerpt = Array(reject.raw.prefix(Faults.excerptSize))
            isCut = !reject.isWhole || excerpt.count < reject.raw.count
        }
    }

    package private(set) var counts: [CSVError.Code: UInt64] = [:]
    /// In the order of the input.
    package private(set) var first: [Fault] = []

    /// The most faults of one kind that are kept.
    private static let mostOfKind = 3
    /// The most bytes of an excerpt.
    static let excerptSize = 160

    package init() {}

    package var isEmpty: Bool { counts.isEmpty }
    package var total: UInt64 { counts.values.reduce(0, +) }

    /// Whether a further fault of that kind is only counted.
    func isFull(_ code: CSVError.Code) -> Bool { counts[code] ?? 0 >= Self.mostOfKind }

    mutating func count(_ code: CSVError.Code) { counts[code, default: 0] += 1 }

    mutating func add(_ fault: Fault) {
        count(fault.error.code)
        first.append(fault)
    }

    /// Adds the faults of the next range.
    mutating func merge(_ next: Faults) {
        for fault in next.first where first.count(where: { $0.error.code == fault.error.code }) < Self.mostOfKind {
            first.append(fault)
        }
        counts.merge(next.counts, uniquingKeysWith: +)
    }
}
