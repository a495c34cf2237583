import SluiceCSV

/// How well a dialect fits a sample.
///
///     Report of May⏎        another width: a line before the header
///     id;price⏎             2 fields
///     1;2,50⏎               2 fields; both values are figures
///     2;3,75⏎
///
/// The table starts at the first record from which on most records have the usual number of fields. The score is the share
/// of those records, squared; the weight of their values; less for few columns, invalid records and delimiters that texts
/// hold anyway.
struct DialectEvidence {
    let dialect: Dialect
    /// The records from the table's first on.
    let table: ArraySlice<SampleRecords.Record>
    /// The usual number of fields.
    let width: Int
    /// Physical lines before the table, and records.
    let skippedLines: Int
    let skippedRecords: Int
    /// Whether records among them are filled up with delimiters to the usual number of fields.
    let skipsPadded: Bool
    /// Records of the table with that number of fields, and invalid records.
    private let regular: Int
    private let faults: Int
    let quoted: Int
    private(set) var score = 0.0

    /// The most records that are examined, and the most values whose kinds are.
    static let mostRecords = 2000
    private static let mostValues = 4000

    init(_ sample: [UInt8], isAll: Bool, _ dialect: Dialect, keepsFirstLine: Bool) {
        self.dialect = dialect
        let found = SampleRecords(sample, isAll: isAll, dialect: dialect, most: Self.mostRecords)
        let records = found.records.filter { !$0.isBlank }
        width = Self.usualWidth(records)
        let width = width
        let start = keepsFirstLine ? 0 : Self.header(of: records, from: Self.start(of: records, width), width)
        table = records[start...]
        skippedRecords = start
        skipsPadded = records[..<start].contains { $0.fields.count == width }
        skippedLines = start == 0 ? 0 : records[start].linesBefore
        regular = table.count { $0.fields.count == width }
        faults = table.count { $0.fault != nil }
        quoted = table.reduce(0) { $0 + $1.isQuoted.count { $0 } }
        if !table.isEmpty { score = fit }
    }

    /// The number of fields that most records have; of equally usual ones, the largest.
    private static func usualWidth(_ records: [SampleRecords.Record]) -> Int {
        var counts: [Int: Int] = [:]
        for record in records { counts[record.fields.count, default: 0] += 1 }
        return counts.max { ($0.value, $0.key) < ($1.value, $1.key) }?.key ?? 1
    }

    /// Returns the first record of the usual width of which, with the records after it, most have it.
    private static func start(of records: [SampleRecords.Record], _ width: Int) -> Int {
        let isRegular = records.map { $0.fields.count == width }
        for index in records.indices where isRegular[index] {
            let next = isRegular[index...].prefix(10)
            if next.count(where: { $0 }) * 10 >= next.count * 6 { return index }
        }
        return 0
    }

    /// Returns the first record of a table whose first regular record is known. Headers often have a field more or less
    /// than rows, and lines before a header may be filled up with delimiters.
    private static func header(of records: [SampleRecords.Record], from start: Int, _ width: Int) -> Int {
        guard start < records.count else { return start }
        if start > 0, case let count = records[start - 1].fields.count, count >= 2,
            abs(count - width) <= max(1, width / 8)
        {
            return start - 1
        }
        return width < 2 ? start : start + PaddedLines(records[start...], width: width).count
    }

    private var fit: Double {
        let count = Double(table.count)
        let share = Double(regular) / count
        let columns = width == 1 ? 0.12 : 1 - 1 / Double(2 * width)
        let valid = 1 - min(1, Double(faults) / count) / 2
        // A table that is only the end of the sample says little.
        let part = skippedLines > 0 ? count / (count + Double(skippedLines) / 4) : 1
        return share * share * values * columns * valid * part * Self.prior(dialect.delimiter)
    }

    private var values: Double {
        var (sum, count) = (0.0, 0)
        for record in table where count < Self.mostValues {
            for (value, isQuoted) in zip(record.fields, record.isQuoted) {
                sum += CellKind(value, isQuoted: isQuoted, besides: dialect).weight
                count += 1
            }
        }
        return count == 0 ? 0 : sum / Double(count)
    }

    /// How often a byte is a delimiter where it could be one: texts have spaces and times colons.
    private static func prior(_ delimiter: UInt8) -> Double {
        switch delimiter {
        case UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t"): 1
        case UInt8(ascii: "|"): 0.99
        case UInt8(ascii: ":"): 0.5
        default: 0.7
        }
    }

    var text: String {
        let columns = width == 1 ? "1 column" : "\(width) columns"
        let invalid = faults == 0 ? "" : ", \(faults) invalid"
        return "\(columns) in \(regular) of \(table.count) records\(invalid)"
    }

    /// Whether another dialect gives the same values.
    func isSame(as other: DialectEvidence) -> Bool {
        table.count == other.table.count
            && zip(table, other.table).allSatisfy { $0.fields == $1.fields }
    }
}
