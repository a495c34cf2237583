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

    /// Adds the values of a header row to the names. Empty values are not joined. If the rows before were shorter, their last name
    /// is that of the further columns too.
    mutating func add(_ values: [[UInt8]], joinedBy text: [UInt8]) {
        guard let last = names.last else {
            names = values
            return
        }
        while names.count < values.count { names.append(last) }
        for (column, value) in values.enumerated() where !value.isEmpty {
            names[column] += (names[column].isEmpty ? [] : text) + value
        }
    }
}
