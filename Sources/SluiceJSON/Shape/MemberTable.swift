import CSluiceKernels
import SluiceCSV

/// The members of rows as kernels write them: see `sluice_members`.
///
/// Kernels write only values that JSON takes as they stand. Whatever else a rule allows or refuses, they leave to it.
@safe final class MemberTable: Sendable {
    /// What it points to is owned by this object and never written after `init`. That makes every use below safe.
    nonisolated(unsafe) let members: sluice_members
    /// The most bytes of a row that are neither texts nor become of the record's bytes: quotes after strings, `null`, `false`,
    /// numbers of 64 bits.
    let extraLength: Int
    /// How many bytes of quotes after strings are there only because rows go into a string.
    let extraAdded: Int
    nonisolated(unsafe) private let words: UnsafeMutablePointer<sluice_word>
    nonisolated(unsafe) private let ranges: UnsafeMutablePointer<sluice_number_range>
    private let nulls: [KernelTexts]
    private let plainTexts: KernelTexts?

    /// Returns nil if a kernel can't write the rows, or writes them faster without this table.
    ///
    /// - Parameter texts: The lengths of the texts before values, as they are written and as they are outside a string.
    init?(
        _ plan: RowPlan,
        _ dialect: Dialect,
        separator: UInt8,
        isEscaped: Bool,
        texts: [(written: Int, plain: Int)]
    ) {
        // Whether an object holds a member is known only after its values are.
        if plan.omits && plan.objects.count > 1 || plan.hasAllAsStrings { return nil }
        var builder = Builder(plan, dialect)
        guard builder.addMembers() else { return nil }
        let written = unsafe builder.written
        let unwritten = unsafe Self.unsureFirst(builder.unwritten)
        let checked = unsafe Self.unsureFirst((written + unwritten).filter { unsafe $0.canBeRefused })
        let all = unsafe written + unwritten + checked
        let entries = unsafe UnsafeMutablePointer<sluice_member>.allocate(capacity: max(1, all.count))
        unsafe entries.initialize(from: all, count: all.count)
        unsafe words = .allocate(capacity: max(1, builder.words.count))
        unsafe words.initialize(from: builder.words, count: builder.words.count)
        let count = unsafe all.count
        for number in 0..<count {
            guard let table = builder.wordTables[Int(unsafe all[number].column)] else { continue }
            unsafe entries[number].words = UnsafePointer(words + table.start)
            unsafe entries[number].multiplier = table.multiplier
        }
        for (number, text) in texts.prefix(unsafe written.count).enumerated() {
            let isString = unsafe entries[number].type <= UInt8(SLUICE_VALUE_DATETIME.rawValue)
            unsafe entries[number].text_length = UInt32(text.written)
            unsafe entries[number].text_added = UInt32(text.written - text.plain + (isEscaped && isString ? 1 : 0))
        }
        let found = builder.ranges
        unsafe ranges = .allocate(capacity: max(1, found.count))
        unsafe ranges.initialize(from: found, count: found.count)
        nulls = builder.nulls
        plainTexts = builder.isPlain ? Self.plainTexts(plan, separator: separator, isEscaped: isEscaped) : nil
        extraAdded = isEscaped ? builder.strings : 0
        extraLength = builder.extraLength + builder.strings + extraAdded
        unsafe members = sluice_members(
            members: entries,
            count: written.count,
            unwritten: entries + written.count,
            unwritten_count: unwritten.count,
            unwritten_unsure: unwritten.lazy.filter { unsafe !$0.isInRange }.count,
            checked: entries + written.count + unwritten.count,
            checked_count: checked.count,
            checked_unsure: checked.lazy.filter { unsafe !$0.isInRange }.count,
            ranges: ranges,
            range_count: found.count,
            plain_texts: plainTexts.map { unsafe UnsafePointer($0.keys) },
            quote: isEscaped ? (UInt8(ascii: "\\"), UInt8(ascii: "\"")) : (UInt8(ascii: "\""), 0),
            quote_length: isEscaped ? 2 : 1,
            is_in_order: plan.hasAllInOrder && written.count == plan.header.width ? 1 : 0,
            has_points: found.contains { $0.has_points != 0 } ? 1 : 0,
            delimiter: dialect.delimiter,
            omits_null: plan.omitsNull ? 1 : 0,
            omits_empty: plan.omitsEmpty ? 1 : 0,
            counts_lines: plan.needsLines ? 1 : 0,
            bare_cr: dialect.bareCR == .newline ? UInt8(SLUICE_CR_NEWLINE) : 0
        )
    }

    deinit {
        unsafe members.members.deallocate()
        unsafe words.deallocate()
        unsafe ranges.deallocate()
    }

    /// Returns the members with those in no range first.
    private static func unsureFirst(_ members: [sluice_member]) -> [sluice_member] {
        unsafe members.filter { unsafe !$0.isInRange } + members.filter { unsafe $0.isInRange }
    }

    private static func plainTexts(_ plan: RowPlan, separator: UInt8, isEscaped: Bool) -> KernelTexts {
        let (keys, end) = plan.texts(separator: separator, closesStrings: true)
        let texts = keys + [end]
        return KernelTexts(isEscaped ? texts.map(JSONWriter.escaped) : texts)
    }
}

/// Collects the entries of a table. Columns with the same texts for null share them.
@safe private struct Builder {
    let plan: RowPlan
    let dialect: Dialect
    var written: [sluice_member] = unsafe []
    var unwritten: [sluice_member] = unsafe []
    /// The number of strings that are written.
    var strings = 0
    var extraLength = 0
    var nulls: [KernelTexts] = []
    var words: [sluice_word] = []
    /// For each boolean column, where its words start, and the multiplier that finds one of them.
    var wordTables: [Int: (start: Int, multiplier: UInt64)] = [:]
    private var nullTexts: [[[UInt8]]: KernelTexts] = [:]
    /// For each column that belongs to a range, whether it holds numbers, not integers.
    private var numberColumns: [UInt32: Bool] = [:]

    init(_ plan: RowPlan, _ dialect: Dialect) { (self.plan, self.dialect) = (plan, dialect) }

    /// Whether numbers can be found before their columns are looked at.
    private var findsNumbers: Bool {
        let parts = Array("0123456789-.".utf8)
        return !parts.contains(dialect.delimiter) && !parts.contains(dialect.kernelQuote)
    }

    /// Whether all members of a row whose numbers are valid are these and strings that are null only if they are empty.
    var isPlain: Bool {
        if plan.omits { return false }
        return unsafe written.allSatisfy { member in
            let isString = unsafe member.type == UInt8(SLUICE_VALUE_STRING.rawValue)
            // No text for null but the empty one, whose length is 0.
            return unsafe member.isInRange || isString && member.null_lengths <= 1
        }
    }

    /// The ranges of columns with numbers.
    var ranges: [sluice_number_range] {
        var found: [sluice_number_range] = []
        for (column, isNumber) in numberColumns.sorted(by: { $0.key < $1.key }) {
            let hasPoints: UInt32 = isNumber ? 1 : 0
            if let last = found.last, last.last + 1 == column, last.has_points == hasPoints {
                found[found.count - 1].last = column
            } else {
                found.append(sluice_number_range(first: column, last: column, has_points: hasPoints))
            }
        }
        return found
    }

    /// Returns false if kernels can't write or check one of the values.
    mutating func addMembers() -> Bool {
        var isWritten = [Bool](repeating: false, count: plan.header.width)
        for member in plan.members {
            switch member.source {
            case .column(let column):
                isWritten[column] = true
                guard let member = unsafe entry(of: column) else { return false }
                unsafe written.append(member)
                strings += plan.rules[column].type.isString ? 1 : 0
            case .constant: if plan.omits { add(SLUICE_VALUE_NONE) }
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
        unsafe member.usual_type = member.type
        unsafe member.sure_type = member.type
        return unsafe member
    }

    /// Returns the entry of a column, or nil if kernels don't know its type or its null values.
    private mutating func entry(of column: Int) -> sluice_member? {
        let rule = plan.rules[column]
        guard let type = rule.kernelType, rule.constraints.allSatisfy({ $0 == .required }),
            !rule.missingValues.contains(where: { $0.contains(dialect.kernelQuote) })
        else { return nil }
        var member = unsafe entry(of: type)
        unsafe member.column = UInt32(column)
        unsafe member.is_required = rule.constraints.isEmpty ? 0 : 1
        unsafe member.keeps_quoted_empty = rule.keepsQuotedEmpty ? 1 : 0
        // Integers of up to 15 digits are below 2^53.
        unsafe member.most_digits = rule.bigIntegers == .number ? Int.max : 15
        if !rule.missingValues.isEmpty {
            let texts = texts(of: rule.missingValues)
            unsafe member.null_lengths = rule.missingLengths
            unsafe member.nulls = UnsafePointer(texts.keys)
            unsafe member.null_count = texts.count
            extraLength += 4
        }
        if type == SLUICE_VALUE_STRING {
            if !rule.missingValues.isEmpty { unsafe member.usual_type = UInt8(SLUICE_VALUE_NULLABLE.rawValue) }
        } else if rule.missingValues.contains(where: rule.type.mayBeUsual) {
            unsafe member.usual_type = UInt8(SLUICE_VALUE_CAREFUL.rawValue)
        }
        let isNumber =
            unsafe member.usual_type == UInt8(SLUICE_VALUE_INTEGER.rawValue)
            || member.usual_type == UInt8(SLUICE_VALUE_NUMBER.rawValue)
        let isInRange = unsafe isNumber && member.most_digits == Int.max && findsNumbers
        if isInRange { numberColumns[UInt32(column)] = type == SLUICE_VALUE_NUMBER }
        unsafe member.sure_type = isInRange ? UInt8(SLUICE_VALUE_SURE.rawValue) : member.usual_type
        if case .boolean(let form) = rule.type {
            // A word that stands for both is true.
            var values: [UInt64: sluice_word] = [:]
            for word in form.falseValues.compactMap({ sluice_word($0, false) }) { values[word.text] = word }
            for word in form.trueValues.compactMap({ sluice_word($0, true) }) { values[word.text] = word }
            guard let table = WordTable(Array(values.values)) else { return nil }
            wordTables[column] = (words.count, table.multiplier)
            words += table.words
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

extension FieldType {
    /// Whether a kernel may take the text for a value without comparing it with those for null.
    fileprivate func mayBeUsual(_ text: [UInt8]) -> Bool {
        if case .boolean(let form) = self { return form.trueValues.contains(text) || form.falseValues.contains(text) }
        return text.first.map { Array("0123456789-".utf8).contains($0) } ?? false
    }
}

extension sluice_member {
    fileprivate var isInRange: Bool { unsafe sure_type == UInt8(SLUICE_VALUE_SURE.rawValue) }

    fileprivate var canBeRefused: Bool {
        let isFromRecord = unsafe type < UInt8(SLUICE_VALUE_RECORD.rawValue)
        return unsafe isFromRecord && (type != UInt8(SLUICE_VALUE_STRING.rawValue) || is_required != 0)
    }
}

/// A table in which a multiplication finds each word.
private struct WordTable {
    let multiplier: UInt64
    private(set) var words = [sluice_word](repeating: sluice_word(), count: 1 << (64 - Int(SLUICE_WORD_SHIFT)))

    /// Returns nil if there are too many words.
    init?(_ list: [sluice_word]) {
        var multiplier: UInt64 = 0x9E37_79B9_7F4A_7C15
        for _ in 0..<1000 {
            let places = list.map { Int(($0.text &* multiplier) >> UInt64(SLUICE_WORD_SHIFT)) }
            if Set(places).count == list.count {
                for (place, word) in zip(places, list) { words[place] = word }
                self.multiplier = multiplier
                return
            }
            multiplier = multiplier &* 0xD134_2543_DE82_EF95 | 1
        }
        return nil
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
