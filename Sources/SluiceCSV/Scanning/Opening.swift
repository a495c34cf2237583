/// What the start of an input has determined, as far as it was read, and what of it is still to be read: skipped lines, the
/// header, and records that are skipped after it.
///
///     Exported by X⏎          skippedLines 1         lines 1 → 0
///     Person,⏎                headerRows [1, 2]      headerRecords 0 → 1, names Person
///     name,age⏎                                      headerRecords 1 → 2, names Person name, age: the header
///     text,years⏎             skippedAfterHeader 1   records 1 → 0: done
///
/// A run that continues in the middle of the start needs it as it was there.
package struct Opening: Sendable {
    /// Whether the byte order mark and a `sep=` line are still to be read.
    var isBeforeLines = true
    /// The lines to skip, and the lines that were skipped or named the delimiter.
    var lines: Int
    var linesRead = 0
    /// Where the first record starts, once that is known: after those lines.
    package internal(set) var firstRecord: RecordPosition?
    /// The delimiter that a `sep=` line names.
    var delimiter: UInt8?
    /// How many records were read that count for ``Dialect/headerRows``.
    var headerRecords = 0
    /// The names of the columns, as far as header rows were read.
    var names: [[UInt8]] = []
    /// Where the header starts; of several header rows, the last.
    package internal(set) var headerStart: (offset: UInt64, number: UInt64) = (0, 1)
    /// The header, once it is known.
    package internal(set) var header: Header?
    /// The records to skip before the first row.
    var records: Int
    /// Whether all of it was read: the next record may be a row.
    package internal(set) var isDone = false

    init(_ dialect: Dialect) {
        lines = dialect.skippedLines
        records = dialect.skippedAfterHeader
    }

    /// Whether errors are of records, not of the header or of what precedes it.
    func isPastHeader(_ dialect: Dialect) -> Bool { firstRecord != nil && (header != nil || dialect.header == .none) }

    /// Adds the values of a header row to the names. The last value of a shorter row stands for its further columns, too; empty
    /// values are not joined.
    mutating func add(_ values: [[UInt8]], joinedBy text: [UInt8]) {
        if names.isEmpty {
            names = values
            return
        }
        if let last = names.last, names.count < values.count {
            names += [[UInt8]](repeating: last, count: values.count - names.count)
        }
        guard let last = values.last else { return }
        for column in names.indices {
            let value = column < values.count ? values[column] : last
            if value.isEmpty { continue }
            names[column] += (names[column].isEmpty ? [] : text) + value
        }
    }

    /// The bytes that a header row of `count` fields, the last of which has `last` bytes, adds to the names by repetition.
    func repeatedBytes(count: Int, last: Int) -> Int {
        guard let name = names.last else { return 0 }
        return count > names.count ? (count - names.count) * name.count : (names.count - count) * last
    }
}
