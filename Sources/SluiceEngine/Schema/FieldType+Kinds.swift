import SluiceJSON

/// What a type has, by the standard.
extension FieldType {
    /// The name of the type in Table Schema.
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

    var isText: Bool { if case .string = self { true } else { false } }

    var hasCategories: Bool { if case .integer = self { true } else { isText } }

    var hasLength: Bool {
        switch self {
        case .string, .object, .array, .geoJSON, .list: true
        default: false
        }
    }

    var isOrdered: Bool {
        switch self {
        case .integer, .number, .date, .time, .datetime, .year, .yearMonth, .duration: true
        default: false
        }
    }
}
