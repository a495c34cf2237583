import SluiceCSV

/// What a Table Dialect states. A property that it does not state is nil, so that another dialect's stays.
///
/// Properties of other kinds of files, such as `sheetName`, are ignored, as the standard demands.
struct DialectSettings: Sendable, Hashable {
    private var header: Bool?
    private var headerRows: [Int]?
    private var headerJoin: String?
    /// The number of rows to skip after the header.
    private var rowsAfterHeader: Int?
    private var comment: [UInt8]?
    private var delimiter: [UInt8]?
    /// Empty if no field is quoted.
    private var quote: [UInt8]?
    private var doublesQuotes: Bool?
    private var escape: UInt8?
    private var skipsInitialSpace: Bool?
    private var endsRecordsAtCR = false
    private(set) var nullSequence: [UInt8]?

    init() {}

    /// Reads a descriptor.
    init(_ node: SchemaNode) throws(SchemaError) {
        try node.checkOwnProperties()
        header = try node["header"]?.flag()
        if let rows = node["headerRows"] { headerRows = try Self.rows(rows) }
        headerJoin = try node["headerJoin"]?.text()
        if let rows = headerRows, header == false, let place = node["headerRows"], rows != [1] {
            throw place.fault("the dialect has no header")
        }
        if let rows = node["commentRows"] { rowsAfterHeader = try skippedRows(rows) }
        comment = try node["commentChar"]?.bytes()
        delimiter = try node["delimiter"]?.bytes()
        if let quote = node["quoteChar"] { self.quote = try Self.character(quote, orNone: true) }
        doublesQuotes = try node["doubleQuote"]?.flag()
        if let escape = node["escapeChar"] { self.escape = try Self.character(escape).first }
        nullSequence = try node["nullSequence"]?.bytes()
        skipsInitialSpace = try node["skipInitialSpace"]?.flag()
        if let end = node["lineTerminator"] { endsRecordsAtCR = try Self.endsRecordsAtCR(end) }
        try check(node)
    }

    private static func rows(_ node: SchemaNode) throws(SchemaError) -> [Int] {
        var rows: [Int] = []
        for row in try node.elements() { rows.append(try row.count(from: 1)) }
        guard !rows.isEmpty else { throw node.fault("it must have at least one row") }
        guard zip(rows, rows.dropFirst()).allSatisfy({ $0 < $1 }) else {
            throw node.fault("rows must be in ascending order")
        }
        return rows
    }

    /// Returns how many rows after the header must be skipped. Rows before and between those of the header are skipped anyway.
    private func skippedRows(_ node: SchemaNode) throws(SchemaError) -> Int {
        if try node.elements().isEmpty { return 0 }
        let header = header == false ? [] : headerRows ?? [1]
        let last = header.last ?? 0
        let rows = try Self.rows(node)
        if let row = rows.first(where: header.contains) { throw node.fault("row \(row) is the header's") }
        let after = rows.filter { $0 > last }
        guard after.last ?? last == last + after.count else {
            throw node.fault("rows other than those that directly follow the header are not supported")
        }
        return after.count
    }

    private static func character(_ node: SchemaNode, orNone: Bool = false) throws(SchemaError) -> [UInt8] {
        let bytes = try node.bytes()
        guard bytes.count == 1 || bytes.isEmpty && orNone else { throw node.fault("it must be one ASCII character") }
        return bytes
    }

    private static func endsRecordsAtCR(_ node: SchemaNode) throws(SchemaError) -> Bool {
        switch try node.text() {
        case "\n", "\r\n": return false
        case "\r": return true
        default: throw node.fault("records that end with anything but a line end are not supported")
        }
    }

    /// Throws if properties contradict each other.
    private func check(_ node: SchemaNode) throws(SchemaError) {
        if doublesQuotes == false, escape == nil, quote != [], let place = node["doubleQuote"] {
            throw place.fault("quotes that are not doubled need an escapeChar")
        }
        for (name, bytes) in [("delimiter", delimiter), ("commentChar", comment)] {
            if bytes?.isEmpty == true, let place = node[name] {
                throw place.fault("it must have at least one character")
            }
        }
        var dialect = Dialect()
        apply(to: &dialect)
        if let fault = dialect.fault { throw node.fault(fault) }
    }
}

extension DialectSettings {
    /// Sets what is stated.
    func apply(to dialect: inout Dialect) {
        if let header { dialect.header = header ? .firstRecord : .none }
        if let first = headerRows?.first {
            dialect.skippedLines = first - 1
            if header != false { dialect.headerRows = headerRows?.map { $0 - first + 1 } ?? [1] }
        }
        if let headerJoin { dialect.headerJoin = headerJoin }
        if let rowsAfterHeader { dialect.skippedAfterHeader = rowsAfterHeader }
        if let comment { dialect.comments = [comment] }
        if let delimiter, let first = delimiter.first {
            (dialect.delimiter, dialect.delimiterTail) = (first, Array(delimiter.dropFirst()))
        }
        if let quote {
            dialect.usesQuotes = !quote.isEmpty
            if let byte = quote.first { dialect.quote = byte }
        }
        if let escape { dialect.escape = escape }
        if let doublesQuotes, quote != [] { dialect.doublesQuotes = doublesQuotes }
        if let skipsInitialSpace { dialect.trim = skipsInitialSpace ? .initial : .none }
        if endsRecordsAtCR { dialect.bareCR = .newline }
    }
}
