import CSluiceKernels
import SluiceCSV

/// The members of rows as kernels write them: see `sluice_members`.
///
/// Kernels write only values that JSON takes as they stand. Whatever else a rule allows or refuses, they leave to it.
@safe final class MemberTable: Sendable {
    /// What it points to is owned by this object and never written after `init`. That makes every use below safe.
    nonisolated(unsafe) let members: sluice_members
    /// The most bytes of a row's values that no bytes of the record become: `null`, `false`, numbers of 64 bits.
    let extraLength: Int
    nonisolated(unsafe) private let words: UnsafeMutablePointer<sluice_word>
    nonisolated(unsafe) private let integers: UnsafeMutablePointer<sluice_integer>
    private let nulls: [KernelTexts]

    /// Returns nil if a kernel can't write the rows, or writes them faster without this table.
    init?(_ plan: RowPlan, _ dialect: Dialect, isEscaped: Bool) {
        if plan.omits || plan.hasAllAsStrings { return nil }
        var builder = Builder(plan, dialect)
        guard builder.addMembers() else { return nil }
        let written = unsafe builder.written
        let unwritten = unsafe builder.unwritten
        let refused = unsafe (written + unwritten).filter { unsafe $0.canBeRefused }
        let checked = unsafe refused.filter { unsafe $0.asInteger == nil }
        let short = unsafe refused.compactMap { unsafe $0.asInteger }
        let all = unsafe written + unwritten + checked
        let table = unsafe UnsafeMutablePointer<sluice_member>.allocate(capacity: max(1, all.count))
        unsafe table.initialize(from: all, count: all.count)
        unsafe words = .allocate(capacity: max(1, builder.words.count))
        unsafe words.initialize(from: builder.words, count: builder.words.count)
        unsafe integers = .allocate(capacity: max(1, short.count))
        unsafe integers.initialize(from: short, count: short.count)
        let count = unsafe all.count
        for number in 0..<count {
            guard let range = unsafe builder.wordRanges[Int(table[number].column)] else { continue }
            unsafe table[number].words = UnsafePointer(words + range.lowerBound)
            unsafe table[number].word_count = range.count
        }
        nulls = builder.nulls
        extraLength = builder.extraLength
        unsafe members = sluice_members(
            members: table,
            count: written.count,
            unwritten: table + written.count,
            unwritten_count: unwritten.count,
            integers: integers,
            integer_count: short.count,
            checked: table + written.count + unwritten.count,
            checked_count: checked.count,
            quote_length: isEscaped ? 2 : 1,
            counts_lines: plan.needsLines ? 1 : 0,
            bare_cr: dialect.bareCR == .newline ? UInt8(SLUICE_CR_NEWLINE) : 0
        )
    }

    deinit {
        unsafe members.members.deallocate()
        unsafe words.deallocate()
        unsafe integers.deallocate()
    }
}

/// Collects the entries of a table. Columns with the same texts for null share them.
@safe private struct Builder {
    let plan: RowPlan
    let dialect: Dialect
    var written: [sluice_member] = unsafe []
    var unwritten: [sluice_member] = unsafe []
    var extraLength = 0
    var nulls: [KernelTexts] = []
    var words: [sluice_word] = []
    /// The words of each boolean column.
    var wordRanges: [Int: Range<Int>] = [:]
    private var nullTexts: [[[UInt8]]: KernelTexts] = [:]

    init(_ plan: RowPlan, _ dialect: Dialect) { (self.plan, self.dialect) = (plan, dialect) }

    /// Returns false if kernels can't write or check one of the values.
    mutating func addMembers() -> Bool {
        var isWritten = [Bool](repeating: false, count: plan.header.width)
        for member in plan.members {
            switch member.source {
            case .column(let column):
                isWritten[column] = true
                guard let member = unsafe entry(of: column) else { return false }
                unsafe written.append(member)
            case .constant: break
            case .record: add(SLUICE_VALUE_RECORD)
            case .line: add(SLUICE_VALUE_LINE)
            case .offset: add(SLUICE_VALUE_OFFSET)
            }
        }
        for (column, rule) in plan.rules.enumerated() where !isWritten[column] && rule.canBeBroken {
            guard let member = unsafe entry(of: column) else { return false }
            unsafe unwritten.append(member)
        }
        return true
    }

    private mutating func add(_ type: sluice_value_type) {
        unsafe written.append(entry(of: type))
        extraLength += 20
    }

    private func entry(of type: sluice_value_type) -> sluice_member {
        var member = unsafe sluice_member()
        unsafe member.type = UInt8(type.rawValue)
        return unsafe member
    }

    /// Returns the entry of a column, or nil if kernels don't know its type or its null values.
    private mutating func entry(of column: Int) -> sluice_member? {
        let rule = plan.rules[column]
        guard let type = rule.kernelType, rule.constraints.allSatisfy({ $0 == .required }),
            !rule.missingValues.contains(where: { $0.contains(dialect.quote) })
        else { return nil }
        var member = unsafe entry(of: type)
        unsafe member.column = UInt32(column)
        unsafe member.is_required = rule.constraints.isEmpty ? 0 : 1
        unsafe member.keeps_quoted_empty = rule.keepsQuotedEmpty ? 1 : 0
        // Integers of up to 15 digits are below 2^53.
        unsafe member.most_digits = rule.bigIntegers == .number ? Int.max : 15
        if !rule.missingValues.isEmpty {
            let texts = texts(of: rule.missingValues)
            unsafe member.null_lengths = rule.missingValues.reduce(0) { $0 | 1 << UInt64(min($1.count, 63)) }
            unsafe member.nulls = UnsafePointer(texts.keys)
            unsafe member.null_count = texts.count
            extraLength += 4
        }
        if case .boolean(let form) = rule.type {
            let start = words.count
            // A word that stands for both is true.
            words +=
                form.falseValues.compactMap { sluice_word($0, false) }
                + form.trueValues.compactMap { sluice_word($0, true) }
            wordRanges[column] = start..<words.count
            extraLength += 5
        }
        return unsafe member
    }

    private mutating func texts(of list: [[UInt8]]) -> KernelTexts {
        if let known = nullTexts[list] { return known }
        let texts = KernelTexts(list)
        nullTexts[list] = texts
        nulls.append(texts)
        return texts
    }
}

extension sluice_member {
    fileprivate var canBeRefused: Bool {
        let isFromRecord = unsafe type < UInt8(SLUICE_VALUE_RECORD.rawValue)
        return unsafe isFromRecord && (type != UInt8(SLUICE_VALUE_STRING.rawValue) || is_required != 0)
    }

    /// The same as an integer, if its digits decide: no text but the empty one is null.
    fileprivate var asInteger: sluice_integer? {
        guard unsafe type == UInt8(SLUICE_VALUE_INTEGER.rawValue) && column > 0 && null_lengths <= 1 else { return nil }
        let canBeNull = unsafe null_lengths == 1 && is_required == 0 && keeps_quoted_empty == 0
        return unsafe sluice_integer(column: column, least: canBeNull ? 0 : 1)
    }
}

extension sluice_word {
    /// Returns nil if the text is not of one to eight bytes.
    fileprivate init?(_ text: [UInt8], _ value: Bool) {
        guard 1...8 ~= text.count else { return nil }
        let word = text.reversed().reduce(0) { $0 << 8 | UInt64($1) }
        self.init(text: word, length: UInt8(text.count), value: value ? 1 : 0)
    }
}

extension ColumnRule {
    /// The type by which kernels know these values, or nil if they don't.
    fileprivate var kernelType: sluice_value_type? {
        switch type {
        case .string(.any): SLUICE_VALUE_STRING
        case .integer(let form) where form.groupCharacter.isEmpty && form.isBare: SLUICE_VALUE_INTEGER
        case .number(let form) where form == FieldType.NumberForm(): SLUICE_VALUE_NUMBER
        case .boolean: SLUICE_VALUE_BOOLEAN
        case .date(.iso): SLUICE_VALUE_DATE
        case .time(.iso): SLUICE_VALUE_TIME
        case .datetime(.iso): SLUICE_VALUE_DATETIME
        case .year: SLUICE_VALUE_YEAR
        default: nil
        }
    }
}

extension FieldType {
    /// Whether values become JSON strings.
    var isString: Bool {
        switch self {
        case .string, .date, .time, .datetime, .yearMonth, .duration: true
        case .integer, .number, .boolean, .year, .object, .array, .geoJSON, .list, .geoPoint: false
        }
    }
}
