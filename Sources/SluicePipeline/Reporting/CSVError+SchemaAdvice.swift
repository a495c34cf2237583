import SluiceCSV

extension CSVError {
    /// What accepts a value or a header that the schema does not allow: variables, and changes of the schema.
    var schemaAdvice: [String] {
        switch detail {
        case .value(let value) where code == .typeMismatch: value.advice
        case .drift(let drift): drift.advice
        default: []
        }
    }
}

extension CSVError.Value {
    fileprivate var advice: [String] {
        switch rule {
        case "leadingZero":
            ["the type string in the schema, which keeps the zeros", "SLUICE_LEADING_ZEROS=strip, which drops them"]
        case "bigInteger": ["SLUICE_BIG_INTEGERS=string, which makes such integers strings"]
        case "space": ["SLUICE_TRIM=spaces, which removes it"]
        case "spaceInQuotes": ["the type string in the schema"]
        // The variable replaces the list of the schema, in which the empty text usually is.
        default: looksMissing ? ["SLUICE_NULL=\(text.isEmpty ? "\"\"" : ",\(text)"), if it stands for no value"] : []
        }
    }
}

extension CSVError.HeaderDrift {
    fileprivate var advice: [String] {
        if respelled.count > 0 { return ["the names of the header in the schema"] }
        guard let allowingMatch else { return [] }
        let effect =
            switch allowingMatch {
            case "equal": "which identifies columns by their names"
            case "subset": "which keeps further columns, as strings"
            case "superset": "which allows that columns are missing"
            default: "which allows that columns are missing and that there are further ones"
            }
        return ["\"fieldsMatch\": \"\(allowingMatch)\" in the schema, \(effect)"]
    }
}
