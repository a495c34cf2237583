import SluiceCSV

/// A value of a type as its constraints see it: equal values are equal, however they are written.
enum ComparableValue: Sendable, Hashable {
    case text([UInt8])
    case number(ExactNumber)
    case boolean(Bool)
    case instant(Moment.Instant)
    case duration(DurationText.Lengths)
    case json(JSONValue)
    case list([ComparableValue])

    init(_ value: TypedValue) {
        self =
            switch value {
            case .text(let text): .text(text.array)
            case .integer(let number), .number(let number): .number(ExactNumber(number))
            case .boolean(let isTrue): .boolean(isTrue)
            case .moment(let moment): .instant(moment.instant)
            case .yearMonth(_, let date): .instant(Moment(date: date).instant)
            case .duration(_, let duration): .duration(duration.lengths)
            case .json(let json): .json(json.comparable)
            case .list(let items): .list(Self.all(items))
            case .point(let longitude, let latitude):
                .list([.number(ExactNumber(longitude)), .number(ExactNumber(latitude))])
            }
    }

    private static func all(_ items: ListItems) -> [ComparableValue] {
        var all: [ComparableValue] = []
        items.forEach { all.append(ComparableValue($0)) }
        return all
    }

    /// Returns -1, 0 or 1 if this is less than the other, equal or greater; nil if the two have no order.
    func order(_ other: ComparableValue) -> Int? {
        switch (self, other) {
        case (.number(let one), .number(let other)): Self.order(one, other)
        case (.instant(let one), .instant(let other)): Self.order(one, other)
        case (.duration(let one), .duration(let other)): one.order(other)
        default: nil
        }
    }

    private static func order<Value: Comparable>(_ one: Value, _ other: Value) -> Int {
        one < other ? -1 : one == other ? 0 : 1
    }
}
