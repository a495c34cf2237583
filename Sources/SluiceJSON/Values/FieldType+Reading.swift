import SluiceCSV

extension FieldType {
    /// Returns what a text means as a value of this type. A text that is no such value is refused, rather than put right: it may
    /// mean something else.
    ///
    /// - Complexity: O(*n*) in the length of the text.
    func value(of text: ByteView, stripsLeadingZeros: Bool) throws(Mismatch) -> TypedValue {
        switch self {
        case .string(let format):
            guard format.allows(text) else { throw Mismatch(rawValue: format.rawValue) ?? .other }
            return .text(text)
        case .integer(let form):
            let reader = NumberReader(form: form, isInteger: true, stripsLeadingZeros: stripsLeadingZeros)
            return .integer(try reader.number(text))
        case .number(let form):
            let reader = NumberReader(form: form, isInteger: false, stripsLeadingZeros: stripsLeadingZeros)
            return .number(try reader.number(text))
        case .boolean(let words): return .boolean(try words.value(of: text))
        case .date(.iso): return .moment(try MomentReader.date(text))
        case .time(.iso): return .moment(try MomentReader.time(text))
        case .datetime(.iso): return .moment(try MomentReader.dateAndTime(text))
        case .date(.pattern(let pattern)): return .moment(try pattern.moment(text, as: .date))
        case .time(.pattern(let pattern)): return .moment(try pattern.moment(text, as: .time))
        case .datetime(.pattern(let pattern)): return .moment(try pattern.moment(text, as: .datetime))
        case .year: return .number(try MomentReader.year(text))
        case .yearMonth: return .yearMonth(text, try MomentReader.yearMonth(text))
        case .duration: return .duration(text, try DurationText(text))
        case .object, .array, .geoJSON: return .json(try json(text))
        case .list(let delimiter, let item):
            return .list(
                try ListItems(text, delimiter: delimiter, item: item, stripsLeadingZeros: stripsLeadingZeros)
            )
        case .geoPoint(let format):
            let reader = NumberReader(form: NumberForm(), isInteger: false, stripsLeadingZeros: stripsLeadingZeros)
            let (longitude, latitude) = try GeoPointReader.point(text, format, reader)
            return .point(longitude: longitude, latitude: latitude)
        }
    }

    private func json(_ text: ByteView) throws(Mismatch) -> CompactJSON {
        let json = try CompactJSON(text)
        let isOfKind =
            switch self {
            case .object: json.isObject
            case .array: json.isArray
            case .geoJSON(let isTopology): GeoJSON.isValid(json, isTopology: isTopology)
            default: true
            }
        guard isOfKind else { throw .jsonKind }
        return json
    }

    /// The type's name in Table Schema.
    package var name: String {
        switch self {
        case .string: "string"
        case .integer: "integer"
        case .number: "number"
        case .boolean: "boolean"
        case .date: "date"
        case .time: "time"
        case .datetime: "datetime"
        case .year: "year"
        case .yearMonth: "yearmonth"
        case .duration: "duration"
        case .object: "object"
        case .array: "array"
        case .geoJSON: "geojson"
        case .list: "list"
        case .geoPoint: "geopoint"
        }
    }
}

extension FieldType.BooleanWords {
    fileprivate func value(of text: ByteView) throws(Mismatch) -> Bool {
        if trueValues.contains(where: text.holds) { return true }
        if falseValues.contains(where: text.holds) { return false }
        throw .other
    }
}

extension ByteView {
    /// Whether the view has exactly these bytes.
    func holds(_ bytes: [UInt8]) -> Bool {
        count == bytes.count && bytes.indices.allSatisfy { self[$0] == bytes[$0] }
    }
}
