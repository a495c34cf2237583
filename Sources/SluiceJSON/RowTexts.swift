import CSluiceKernels
import SluiceCSV

/// The texts of an input's rows besides the values, rendered once: the key before each value, the end of a row, and the escape
/// of each byte.
///
///     keys       {"a":"    ","b":"    ","c":"        or, without names, ["    ","    ","
///     end        "} or "], and the separator
///     escapes    ⏎ → \n    " → \"                    at most eight bytes, to store at once
///
/// Rows that go into a JSON string are rendered as its inside, and so are these texts: `{\"a\":\"` before the first value, and
/// `\\n` for a line end.
///
/// Writing an escape may also overwrite bytes copied before: the second of two quotes overwrites the first, and the third byte
/// of U+FFFE or U+FFFF the two before it.
///
///     a""b    (quote ")    copy a"b up to the second quote, step back one byte, store \" → a\"b
@safe package final class RowTexts: Sendable {
    package let header: Header
    /// What rows are made of; nil if they have a string for each column.
    package let plan: RowPlan?
    /// Whether rows are rendered as the inside of a JSON string.
    let isEscaped: Bool
    let separator: UInt8
    /// What kernels write rows with. What it points to is owned by this object and never written after `init`. That makes every
    /// use below safe.
    nonisolated(unsafe) let format: sluice_row_format
    /// The keys, and after them the end of a row.
    private let keys: KernelTexts
    /// What kernels write members with; nil if they don't.
    let members: MemberTable?

    var width: Int { header.width }

    /// Whether rows are those of a plan that has not simply a string for each column.
    let writesMembers: Bool

    /// The length of a row whose values are all empty, with its separator.
    package var emptyRowLength: Int { unsafe format.least }

    /// The most bytes that a byte of a value becomes: `\u0001`, and in a string `\\u0001`.
    var growth: Int { unsafe format.growth }

    /// Renders the texts of rows with that header. `separator` follows every row.
    package convenience init(header: Header, dialect: Dialect, separator: UInt8, isEscaped: Bool) {
        let keys = (0..<header.width).map { Self.key(header.names?[$0], isFirst: $0 == 0) }
        let end = [UInt8(ascii: "\""), UInt8(ascii: header.names == nil ? "]" : "}"), separator]
        self.init(header, nil, keys, end, dialect, separator, isEscaped)
    }

    /// Renders the texts of rows with that plan. `separator` follows every row.
    package convenience init(plan: RowPlan, dialect: Dialect, separator: UInt8, isEscaped: Bool) {
        let (keys, end) = plan.texts(separator: separator, closesStrings: plan.hasAllAsStrings)
        self.init(plan.header, plan, keys, end, dialect, separator, isEscaped)
    }

    private init(
        _ header: Header,
        _ plan: RowPlan?,
        _ plainKeys: [[UInt8]],
        _ plainEnd: [UInt8],
        _ dialect: Dialect,
        _ separator: UInt8,
        _ isEscaped: Bool
    ) {
        let plain = plainKeys + [plainEnd]
        let rendered = isEscaped ? plain.map(JSONWriter.escaped) : plain
        let texts = KernelTexts(rendered)
        let length = rendered.reduce(0) { $0 + $1.count }
        let end = unsafe texts.keys[plainKeys.count]
        // At least eight bytes can be read.
        let word = unsafe UnsafeRawPointer(end.text).loadUnaligned(as: UInt64.self)
        let lengths = zip(rendered, plain).map { ($0.count, $1.count) }
        let table = plan.flatMap {
            MemberTable($0, dialect, separator: separator, isEscaped: isEscaped, texts: lengths)
        }
        self.header = header
        self.plan = plan
        self.isEscaped = isEscaped
        self.separator = separator
        (keys, members) = (texts, table)
        writesMembers = plan.map { !$0.hasAllAsStrings } ?? false
        unsafe format = sluice_row_format(
            keys: texts.keys,
            width: header.width,
            escapes: Self.escapes(quote: dialect.kernelQuote, isEscaped: isEscaped),
            least: length + (table?.extraLength ?? 0),
            least_added: length - plain.reduce(0) { $0 + $1.count } + (table?.extraAdded ?? 0),
            growth: isEscaped ? 7 : 6,
            end: word,
            end_length: end.length,
            end_text: end.text,
            quote: dialect.kernelQuote,
            is_nested: isEscaped ? 1 : 0,
            is_blank_irregular: dialect.blankLines == .skip ? 0 : 1
        )
    }

    deinit { unsafe format.escapes.deallocate() }

    /// The text before the value in a column, counted from 0.
    subscript(_ column: Int) -> UnsafeBufferPointer<UInt8> { unsafe keys[column] }

    /// Returns the text before the value of a surplus field in that column, counted from 0.
    func extraKey(column: Int, _ names: Header.ExtraNames) -> [UInt8] {
        let key = Self.key(header.names == nil ? nil : names.name(column: column + 1), isFirst: false)
        return isEscaped ? JSONWriter.escaped(key) : key
    }

    private static func key(_ name: [UInt8]?, isFirst: Bool) -> [UInt8] {
        guard let name else { return Array((isFirst ? "[\"" : "\",\"").utf8) }
        var text = Array((isFirst ? "{\"" : "\",\"").utf8)
        JSONWriter.append(name, to: &text)
        return text + Array("\":\"".utf8)
    }

    /// Returns the escapes of the bytes that a structural index marks as special in a dialect with that quote. Bytes that are
    /// never special stand for themselves.
    private static func escapes(quote: UInt8, isEscaped: Bool) -> UnsafeMutablePointer<sluice_escape> {
        let escapes = UnsafeMutablePointer<sluice_escape>.allocate(capacity: 256)
        for byte in UInt8.min ... .max {
            let escape =
                switch byte {
                case quote: sluice_escape(JSONWriter.escaped(quote), overwritten: 1, isEscaped: isEscaped)
                case 0xBE, 0xBF: sluice_escape(JSONWriter.noncharacter(byte), overwritten: 2, isEscaped: isEscaped)
                default: sluice_escape(JSONWriter.escaped(byte), isEscaped: isEscaped)
                }
            unsafe (escapes + Int(byte)).initialize(to: escape)
        }
        return unsafe escapes
    }
}

extension sluice_escape {
    /// Creates the escape that writes a text of at most eight bytes, once escaped if `isEscaped`.
    init(_ text: String, overwritten: UInt8 = 0, isEscaped: Bool = false) {
        let bytes = isEscaped ? JSONWriter.escaped(Array(text.utf8)) : Array(text.utf8)
        self.init(
            text: bytes.asWord,
            length: UInt8(bytes.count),
            overwritten: overwritten,
            added: UInt8(bytes.count - text.utf8.count)
        )
    }
}

extension [UInt8] {
    /// At most eight bytes as they are in memory, the first at the lowest address.
    fileprivate var asWord: UInt64 { reversed().reduce(0) { $0 << 8 | UInt64($1) }.littleEndian }
}
