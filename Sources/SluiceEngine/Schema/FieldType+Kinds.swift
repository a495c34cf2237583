import SluiceJSON

/// Which properties and constraints a type has, by the standard.
extension FieldType {
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
