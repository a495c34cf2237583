import SluiceCSV

/// Lines before a header that are as wide as the table only because a spreadsheet program filled them up with delimiters.
///
///     Client;7;;⏎                  filled up to field 2
///     ;;;⏎                         0
///     Account;Name;2025;2026⏎      4, as most records are: the header, since names stand over figures
///     1000;Cash;12,50;0,00⏎        4
///     1200;Bank;3,50;1,00⏎         4
///
/// A header may lack names too, and a row values. So lines are left out only before a record that is clearly a header, if none
/// of them could be a row, or up to a line of delimiters alone.
struct PaddedLines {
    typealias Record = SampleRecords.Record

    /// The most lines that are left out.
    private static let most = 50

    private let records: ArraySlice<Record>
    private let width: Int

    /// - Parameter records: Those from the first on that has the usual number of fields.
    init(_ records: ArraySlice<Record>, width: Int) {
        self.records = records
        self.width = width
    }

    /// The number of records before the table.
    var count: Int {
        let usual = usualExtent
        let isFull: (Record) -> Bool = { Self.extent($0) >= usual && Self.filled($0) * 2 > usual }
        guard let header = records.prefix(Self.most + 1).firstIndex(where: isFull), header > records.startIndex,
            records[header].fields.count == width
        else { return 0 }
        let before = records[..<header]
        let evidence = HeaderEvidence(records[header...], width: width)
        let hasRow = before.contains { Self.filled($0) * 2 > usual && evidence.isLikeRow($0) }
        if evidence.isHeader == true, !hasRow, evidence.isOverFigures || areTitles(before, usual) {
            return before.count
        }
        // A line of delimiters alone separates a title from a table, whatever that starts with.
        guard let last = before.lastIndex(where: { Self.filled($0) == 0 }),
            before[...last].allSatisfy({ Self.filled($0) * 3 <= usual })
        else { return 0 }
        return last + 1 - records.startIndex
    }

    /// Up to which field most records with values are filled: the median of the later half, after such lines.
    private var usualExtent: Int {
        let extents = records.map(Self.extent).filter { $0 > 0 }
        let later = extents.suffix((extents.count + 1) / 2).sorted()
        return later.isEmpty ? 0 : later[later.count / 2]
    }

    /// Whether lines have too few values to be a header whose last columns have no names.
    private func areTitles(_ lines: ArraySlice<Record>, _ usual: Int) -> Bool {
        let most = lines.map(Self.filled).max() ?? 0
        // A header is one line, and hardly has digits.
        let isNoHeader = lines.count > 1 || lines.contains { $0.fields.joined().contains { 0x30...0x39 ~= $0 } }
        return most * 3 <= usual || (most * 2 <= usual && isNoHeader)
    }

    private static func filled(_ record: Record) -> Int { record.fields.count { !$0.isEmpty } }
    private static func extent(_ record: Record) -> Int { (record.fields.lastIndex { !$0.isEmpty } ?? -1) + 1 }
}
