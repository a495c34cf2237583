import SluiceCSV
import SluiceJSON

/// What says whether the first record of a table has the names of its columns.
///
///     id,name,2020      over 1,Ann,7    `id` over figures: names. `2020` over figures says nothing if others are names
///     1,Ann,5           over 2,Bob,6    figures over figures only: a row
///     name,city         over Ann,Rome   no column has figures: names if they could be some, and occur in no row
struct HeaderEvidence {
    /// Columns whose values are figures, dates and the like, but for one of ten, and whose first value is none, or is one.
    private var over = 0
    private var alike = 0
    /// Those columns, whatever their first value is.
    private var figures: [Int] = []
    /// Whether the first record could be names: not empty, different, with a letter. Columns without any value need none.
    private var areNames = true
    /// Columns in which the first value occurs again.
    private var repeated = 0
    /// Columns of text in which it does not.
    private var unique = 0
    private let rows: Int
    private let width: Int

    init(_ table: ArraySlice<SampleRecords.Record>, width: Int) {
        let first = table.first?.fields ?? []
        let rows = table.dropFirst().filter { $0.fields.count == width }
        self.rows = rows.count
        self.width = width
        let names = first.indices.filter { column in
            !first[column].isEmpty || rows.contains { column < width && !$0.fields[column].isEmpty }
        }
        .map { first[$0] }
        areNames = Set(names).count == names.count && names.allSatisfy(Self.isName) && !names.isEmpty
        for (column, name) in first.enumerated() {
            let kinds = rows.map {
                CellKind($0.fields.count > column ? $0.fields[column] : [], isQuoted: false, besides: Dialect())
            }
            let filled = kinds.filter { $0 != .empty }
            guard !filled.isEmpty else { continue }
            if filled.count(where: { $0 != .figures }) * 10 <= filled.count {
                figures.append(column)
                let kind = CellKind(name, isQuoted: false, besides: Dialect())
                if kind == .figures || kind == .empty { alike += 1 } else { over += 1 }
            } else if rows.contains(where: { $0.fields.count > column && $0.fields[column] == name }) {
                repeated += 1
            } else {
                unique += 1
            }
        }
    }

    private static func isName(_ text: [UInt8]) -> Bool {
        text.count <= 100 && text.contains { $0 >= 0x80 || (0x61...0x7A).contains($0 | 0x20) }
    }

    /// Whether it has words over columns of figures, which hardly a row has.
    var isOverFigures: Bool { over > 0 }

    /// Whether another record has figures, and nothing else, where the columns have figures.
    func isLikeRow(_ record: SampleRecords.Record) -> Bool {
        let values = figures.compactMap {
            $0 < record.fields.count && !record.fields[$0].isEmpty ? record.fields[$0] : nil
        }
        return !values.isEmpty
            && values.allSatisfy { CellKind($0, isQuoted: false, besides: Dialect()) == .figures }
    }

    /// Nil if it can't be told.
    var isHeader: Bool? {
        if rows == 0 { return areNames ? true : nil }
        if over > 0 { return true }
        if alike > 0 { return areNames && repeated == 0 && unique > alike ? nil : false }
        if repeated > 0 { return unique > 2 * repeated && areNames ? nil : false }
        return areNames && rows >= 2 ? true : nil
    }

    func candidate(isHeader: Bool) -> Sniffing.Candidate {
        var parts: [String] = []
        if isHeader {
            if over > 0 { parts.append("\(over) of \(width) names over figures") }
            if areNames { parts.append("all could be names") }
            if unique > 0 { parts.append("\(unique) occur in no row") }
        } else {
            if alike > 0 { parts.append("\(alike) of \(width) like the values below") }
            if repeated > 0 { parts.append("\(repeated) occur in rows too") }
            if !areNames { parts.append("not all could be names") }
            if rows == 0 { parts.append("nothing follows") }
        }
        let score = Double(isHeader ? over + unique : alike + repeated) / Double(max(1, width))
        return Sniffing.Candidate(
            setting: isHeader ? "yes" : "no",
            evidence: parts.isEmpty ? "nothing" : parts.joined(separator: ", "),
            score: min(1, score)
        )
    }
}
