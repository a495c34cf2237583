import SluiceCSV
import SluicePlatform

/// Builds the row of one record member by member, exactly as its plan and the columns' rules say.
///
/// Kernels write most rows. This writes those of records that are ragged, or have a value that kernels leave to its rule, and all
/// rows whose members can be left out of objects in them.
///
/// First the values of all columns are checked in the record's order, so that its first error is found, whatever the order of
/// members. Then the members are printed in theirs.
final class PlannedRow {
    private let plan: RowPlan
    private let ragged: Dialect.Ragged
    private let printer: MemberPrinter
    /// For each member, its column; -1 if it has none.
    private let memberColumns: [Int]
    private let columns: [Column]
    private let surplus: Column
    private let rules: [ColumnRule]

    /// What is known of a column's values once, so that it need not be found out for each.
    private struct Column {
        /// Whether they are members, or can break a rule.
        var isRead: Bool
        /// Whether they are strings, or null if they are missing ones.
        var isText: Bool
        /// A bit for each length of a missing value, up to 63; the last one also stands for all greater lengths.
        var missingLengths: UInt64

        init(_ rule: ColumnRule, isMember: Bool) {
            isText = !rule.canBeBroken
            isRead = isMember || !isText
            missingLengths = rule.missingLengths
        }
    }

    init(_ plan: RowPlan, _ dialect: Dialect) {
        self.plan = plan
        ragged = dialect.ragged
        printer = MemberPrinter(plan)
        memberColumns = plan.members.map { if case .column(let column) = $0.source { column } else { -1 } }
        var isMember = [Bool](repeating: false, count: plan.header.width)
        for column in memberColumns where column >= 0 { isMember[column] = true }
        columns = zip(plan.rules, isMember).map { Column($0, isMember: $1) }
        surplus = Column(plan.surplusRule, isMember: true)
        rules = plan.rules
    }

    /// What rows can hold of their record.
    struct Record {
        var number: UInt64
        var offset: UInt64
        /// 0 if it is not needed.
        var line: UInt64
    }

    /// Memory that is kept from row to row.
    struct Memory {
        /// The row's text, with the separator after it.
        fileprivate var json: [UInt8] = []
        /// The same, as it is written.
        private(set) var row: [UInt8] = []
        fileprivate var values = Values()
        fileprivate var copy: [UInt8] = []
        fileprivate var extraNames: Header.ExtraNames?

        /// How many bytes of ``row`` are there only because it goes into a string.
        private(set) var added = 0

        /// Makes room for the text of a value, for values and a row of at most `most` bytes each, and for a row of `escaped` bytes
        /// in a string. Returns false if there is not enough memory, or not `working` bytes more.
        mutating func reserve(_ most: Int, escaped: Int, besides working: Int) -> Bool {
            json.removeAll(keepingCapacity: true)
            row.removeAll(keepingCapacity: true)
            copy.removeAll(keepingCapacity: true)
            values.removeAll()
            let pairs = [
                (copy.capacity, most), (values.text.capacity, most), (json.capacity, most), (row.capacity, escaped),
            ]
            let lacking = pairs.reduce(0) { $0 + ($1.0 < $1.1 ? $1.1 : 0) }
            guard lacking == 0 && working == 0 || System.hasMemory(for: lacking + working) else { return false }
            copy.reserveCapacity(most)
            values.text.reserveCapacity(most)
            json.reserveCapacity(most)
            row.reserveCapacity(escaped)
            return true
        }

        /// Sets ``row``, once ``json`` is built.
        mutating func finish(isEscaped: Bool) {
            row.removeAll(keepingCapacity: true)
            added = 0
            guard isEscaped else { return swap(&row, &json) }
            json.withView { JSONWriter.append($0, to: &row) }
            added = row.count - json.count
        }
    }

    /// The JSON of a record's values, one after another, and the value of each column and surplus field.
    fileprivate struct Values {
        var text: [UInt8] = []
        var all: [Value] = []

        mutating func removeAll() {
            text.removeAll(keepingCapacity: true)
            all.removeAll(keepingCapacity: true)
        }

        func append(_ range: Range<Int>, to json: inout [UInt8]) {
            // Copied before this value changes. The range is that of a value.
            unsafe text.withUnsafeBufferPointer {
                unsafe json.append(contentsOf: UnsafeBufferPointer(rebasing: $0[range]))
            }
        }
    }

    fileprivate enum Value {
        /// The record has no such field, or it is not needed.
        case none
        case null, empty
        case json(Range<Int>)
    }
}

extension PlannedRow {
    /// Builds a row in memory; see ``Memory/finish(isEscaped:)``. Throws the first error of the record's values.
    func build(
        _ fields: some RecordFields,
        of record: Record,
        separator: UInt8,
        in memory: inout Memory
    ) throws(CSVError) {
        try readValues(of: fields, record, &memory.values, &memory.copy)
        memory.json.removeAll(keepingCapacity: true)
        var printed = MemberPrinter.State()
        for (member, column) in memberColumns.enumerated() {
            if column >= 0 {
                guard isPresent(memory.values.all[column]) else { continue }
                printer.open(member, &printed, to: &memory.json)
                append(memory.values.all[column], of: memory.values, to: &memory.json)
            } else {
                printer.open(member, &printed, to: &memory.json)
                append(plan.members[member].source, of: record, to: &memory.json)
            }
        }
        for column in memory.values.all.indices.dropFirst(columns.count) {
            guard isPresent(memory.values.all[column]) else { continue }
            let names = memory.extraNames ?? plan.extraNames
            memory.extraNames = names
            printer.open(surplus: names.name(column: column + 1), &printed, to: &memory.json)
            append(memory.values.all[column], of: memory.values, to: &memory.json)
        }
        printer.close(&printed, to: &memory.json)
        memory.json.append(separator)
    }

    private func isPresent(_ value: Value) -> Bool {
        switch value {
        case .none: false
        case .null: !plan.omitsNull
        case .empty: !plan.omitsEmpty
        case .json: true
        }
    }

    private func append(_ value: Value, of values: Values, to json: inout [UInt8]) {
        if case .json(let range) = value { values.append(range, to: &json) } else { json += "null".utf8 }
    }

    private func append(_ source: RowPlan.Source, of record: Record, to json: inout [UInt8]) {
        switch source {
        case .column: break
        case .constant(let constant): json += constant
        case .record: json += "\(record.number)".utf8
        case .line: json += "\(record.line)".utf8
        case .offset: json += "\(record.offset)".utf8
        }
    }
}

extension PlannedRow {
    /// Throws the first error in the values of a record's first `count` fields.
    func check(
        _ fields: some RecordFields,
        upTo count: Int,
        of record: Record,
        in memory: inout Memory
    ) throws(CSVError) {
        memory.values.removeAll()
        for column in 0..<min(count, columns.count, fields.count) where !columns[column].isText {
            _ = try value(column, columns[column], rules[column], fields, record, &memory.values, &memory.copy)
        }
    }

    private func readValues(
        of fields: some RecordFields,
        _ record: Record,
        _ values: inout Values,
        _ copy: inout [UInt8]
    ) throws(CSVError) {
        let (width, count) = (columns.count, fields.count)
        values.removeAll()
        for column in 0..<width {
            if !columns[column].isRead {
                values.all.append(.none)
            } else if column < count {
                let value = try value(column, columns[column], rules[column], fields, record, &values, &copy)
                values.all.append(value)
            } else {
                let value = try absentValue(column, record, &values)
                values.all.append(value)
            }
        }
        guard count > width, ragged != .truncate, plan.keepsSurplus else { return }
        for column in width..<count {
            let value = try value(column, surplus, plan.surplusRule, fields, record, &values, &copy)
            values.all.append(value)
        }
    }

    @inline(__always)
    private func value(
        _ number: Int,
        _ column: Column,
        _ rule: @autoclosure () -> ColumnRule,
        _ fields: some RecordFields,
        _ record: Record,
        _ values: inout Values,
        _ copy: inout [UInt8]
    ) throws(CSVError) -> Value {
        let (text, isQuoted) = fields.text(of: number, orCopyTo: &copy)
        do throws(RuleBreach) {
            if let text { return try append(text, text, isQuoted, column, rule(), &values) }
            return try copy.withView { (text) throws(RuleBreach) in
                try append(text, fields.escapedText(of: number) ?? text, isQuoted, column, rule(), &values)
            }
        } catch {
            throw self.error(error, number, at: fields.offset(of: number), record)
        }
    }

    /// The value of a field that the record lacks: an empty one or, if such members are left out, none, which then must not be
    /// required.
    private func absentValue(_ column: Int, _ record: Record, _ values: inout Values) throws(CSVError) -> Value {
        do throws(RuleBreach) {
            return try [UInt8]().withView { (none) throws(RuleBreach) in
                guard ragged == .omit else {
                    return try append(none, none, false, columns[column], rules[column], &values)
                }
                var rule = rules[column]
                rule.missingValues = [[]]
                let text = FieldText(value: none, comparedValue: none, isQuoted: false)
                _ = try rule.write(text, to: &values.text)
                return .none
            }
        } catch {
            throw self.error(error, column, at: record.offset, record)
        }
    }

    /// Appends a value, whose text is compared with missing values as it is in `compared`.
    private func append(
        _ text: ByteView,
        _ compared: ByteView,
        _ isQuoted: Bool,
        _ column: Column,
        _ rule: @autoclosure () -> ColumnRule,
        _ values: inout Values
    ) throws(RuleBreach) -> Value {
        let start = values.text.count
        if column.isText, column.missingLengths >> UInt64(min(compared.count, 63)) & 1 == 0 {
            values.text.append(UInt8(ascii: "\""))
            JSONWriter.append(text, to: &values.text)
            values.text.append(UInt8(ascii: "\""))
        } else {
            let field = FieldText(value: text, comparedValue: compared, isQuoted: isQuoted)
            if try !rule().write(field, to: &values.text) { return text.count == 0 ? .empty : .null }
        }
        return .json(start..<values.text.count)
    }

    private func error(_ breach: RuleBreach, _ column: Int, at offset: UInt64, _ record: Record) -> CSVError {
        let names = plan.header.names ?? []
        return CSVError(
            breach.code,
            offset: offset,
            record: record.number,
            field: column + 1,
            column: column < names.count ? String(decoding: names[column], as: UTF8.self) : nil,
            detail: breach.detail
        )
    }
}
