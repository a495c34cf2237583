import SluiceCSV

/// What a text means as a value of a type. It refers to the text, which must stay valid as long as the value is used.
enum TypedValue {
    case text(ByteView)
    case integer(NumberText)
    case number(NumberText)
    case boolean(Bool)
    case moment(Moment)
    /// A month's text, and its first day.
    case yearMonth(ByteView, CalendarDate)
    case duration(ByteView, DurationText)
    case json(CompactJSON)
    case list(ListItems)
    case point(longitude: NumberText, latitude: NumberText)

    /// Appends the value's JSON. Integers that many JSON readers round become strings if `quotesBigIntegers`.
    func append(to json: inout [UInt8], quotesBigIntegers: Bool) {
        switch self {
        case .text(let text), .yearMonth(let text, _), .duration(let text, _):
            Self.quote(&json) { JSONWriter.append(text, to: &$0) }
        case .integer(let number) where quotesBigIntegers && number.isBigInteger:
            Self.quote(&json) { number.append(to: &$0) }
        case .integer(let number), .number(let number): number.append(to: &json)
        case .boolean(let isTrue): json += (isTrue ? "true" : "false").utf8
        case .moment(let moment): Self.quote(&json) { moment.append(to: &$0) }
        case .json(let value): json += value.bytes
        case .list(let items):
            Self.appendList(to: &json) { append in items.forEach { append($0, quotesBigIntegers) } }
        case .point(let longitude, let latitude):
            Self.appendList(to: &json) { append in [longitude, latitude].forEach { append(.number($0), false) } }
        }
    }

    private static func appendList(
        to json: inout [UInt8],
        _ items: (_ append: (_ item: TypedValue, _ quotesBigIntegers: Bool) -> Void) -> Void
    ) {
        json.append(UInt8(ascii: "["))
        let start = json.count
        items { item, quotesBigIntegers in
            if json.count > start { json.append(UInt8(ascii: ",")) }
            item.append(to: &json, quotesBigIntegers: quotesBigIntegers)
        }
        json.append(UInt8(ascii: "]"))
    }

    private static func quote(_ json: inout [UInt8], _ append: (inout [UInt8]) -> Void) {
        json.append(UInt8(ascii: "\""))
        append(&json)
        json.append(UInt8(ascii: "\""))
    }

    /// Whether it is, or a list of it holds, an integer that many JSON readers round.
    var hasBigInteger: Bool {
        switch self {
        case .integer(let number): number.isBigInteger
        case .list(let items): items.hasBigInteger
        default: false
        }
    }

    /// The number of code points of a text, or of elements.
    var length: Int {
        switch self {
        case .text(let text): text.codePoints
        case .json(let value): value.count
        case .list(let items): items.count
        default: 0
        }
    }
}

extension ByteView {
    /// The number of code points in well-formed UTF-8.
    fileprivate var codePoints: Int {
        var count = 0
        for position in 0..<self.count where self[position] & 0xC0 != 0x80 { count += 1 }
        return count
    }
}
