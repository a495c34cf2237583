import SluiceCSV

/// Builds the row of one record member by member, exactly as its plan and the columns' rules say.
///
/// Kernels write most rows. This writes those of records that are ragged, or have a value that kernels leave to its rule, and all
/// rows whose members can be left out.
///
/// First the values of all columns are checked in the record's order, so that its first error is found, whatever the order of
/// members. Then the members are printed in theirs.
struct PlannedRow {
    let plan: RowPlan
    private let ragged: Dialect.Ragged
    private var printer: MemberPrinter
    /// For each column, whether its values must be read: they are written, or can break a rule.
    private let isRead: [Bool]
    private var extraNames: Header.ExtraNames?
    /// The row's text, with the separator after it.
    private(set) var json: [UInt8] = []
    /// The JSON of all values, one after another, and the value of each column and surplus field.
    private var valueText: [UInt8] = []
    private var values: [Value] = []
    private var scratch: [UInt8] = []

    private enum Value {
        /// The record has no such field, or it is not needed.
        case none
        case null, empty
        case json(Range<Int>)
    }

    /// What rows can hold of their record.
    struct Record {
        var number: UInt64
        var offset: UInt64
        /// 0 if it is not needed.
        var line: UInt64
    }

    init(_ plan: RowPlan, _ dialect: Dialect) {
        self.plan = plan
        ragged = dialect.ragged
        printer = MemberPrinter(plan)
        var isRead = plan.rules.map(\.canBeBroken)
        for case .column(let column) in plan.members.lazy.map(\.source) { isRead[column] = true }
        self.isRead = isRead
    }

    /// Builds ``json``. Throws the first error of the record's values.
    mutating func build(_ fields: some RecordFields, of record: Record, separator: UInt8) throws(CSVError) {
        try readValues(of: fields, record)
        json.removeAll(keepingCapacity: true)
        for (number, member) in plan.members.enumerated() {
            switch member.source {
            case .column(let column): printMember(number, values[column])
            case .constant(let constant): printMember(number, constant)
            case .record: printMember(number, "\(record.number)".utf8)
            case .line: printMember(number, "\(record.line)".utf8)
            case .offset: printMember(number, "\(record.offset)".utf8)
            }
        }
        for column in values.indices.dropFirst(plan.header.width) { printSurplus(column) }
        printer.close(&json)
        json.append(separator)
    }

    /// Throws the first error in the values of a record's first `count` fields.
    mutating func check(_ fields: some RecordFields, upTo count: Int, of record: Record) throws(CSVError) {
        for column in 0..<min(count, plan.header.width, fields.count) where plan.rules[column].canBeBroken {
            _ = try value(column, plan.rules[column], fields, record)
        }
    }

    private mutating func printMember(_ number: Int, _ constant: some Sequence<UInt8>) {
        printer.open(number, to: &json)
        json += constant
    }

    private mutating func printMember(_ number: Int, _ value: Value) {
        guard isPresent(value) else { return }
        printer.open(number, to: &json)
        append(value)
    }

    private mutating func printSurplus(_ column: Int) {
        guard isPresent(values[column]) else { return }
        let names = extraNames ?? plan.extraNames
        extraNames = names
        printer.open(surplus: names.name(column: column + 1), to: &json)
        append(values[column])
    }

    private func isPresent(_ value: Value) -> Bool {
        switch value {
        case .none: false
        case .null: !plan.omitsNull
        case .empty: !plan.omitsEmpty
        case .json: true
        }
    }

    private mutating func append(_ value: Value) {
        if case .json(let range) = value { json += valueText[range] } else { json += "null".utf8 }
    }

    private mutating func readValues(of fields: some RecordFields, _ record: Record) throws(CSVError) {
        let (width, count) = (plan.header.width, fields.count)
        valueText.removeAll(keepingCapacity: true)
        values.removeAll(keepingCapacity: true)
        for column in 0..<width {
            if !isRead[column] {
                values.append(.none)
            } else if column < count {
                values.append(try value(column, plan.rules[column], fields, record))
            } else {
                values.append(try absentValue(column, record))
            }
        }
        guard count > width, ragged != .truncate, plan.keepsSurplus else { return }
        for column in width..<count { values.append(try value(column, plan.surplusRule, fields, record)) }
    }

    private mutating func value(
        _ column: Int,
        _ rule: ColumnRule,
        _ fields: some RecordFields,
        _ record: Record
    ) throws(CSVError) -> Value {
        // Taken out, since the closure below has access to all of this value.
        var memory: [UInt8] = []
        swap(&memory, &scratch)
        defer { swap(&memory, &scratch) }
        do throws(RuleBreach) {
            return try fields.withText(of: column, &memory) { (text) throws(RuleBreach) in
                try append(text, rule, to: &valueText)
            }
        } catch {
            throw self.error(error, column, at: fields.offset(of: column), record)
        }
    }

    /// The value of a field that the record lacks: an empty one or, if such members are left out, none, which then must not be
    /// required.
    private mutating func absentValue(_ column: Int, _ record: Record) throws(CSVError) -> Value {
        var rule = plan.rules[column]
        if ragged == .omit { rule.missingValues.append([]) }
        do throws(RuleBreach) {
            let value = try [UInt8]().withView { (none) throws(RuleBreach) in
                let text = FieldText(value: none, comparedValue: none, isQuoted: false)
                return try append(text, rule, to: &valueText)
            }
            return ragged == .omit ? .none : value
        } catch {
            throw self.error(error, column, at: record.offset, record)
        }
    }

    private func append(_ text: FieldText, _ rule: ColumnRule, to json: inout [UInt8]) throws(RuleBreach) -> Value {
        let start = json.count
        if rule.isPlain {
            json.append(UInt8(ascii: "\""))
            JSONWriter.append(text.value, to: &json)
            json.append(UInt8(ascii: "\""))
        } else if try !rule.write(text, to: &json) {
            return text.comparedValue.count == 0 ? .empty : .null
        }
        return .json(start..<json.count)
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
