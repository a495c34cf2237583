import SluiceCSV
import SluiceEngine

extension SchemaError {
    /// What to do about the error, or nil if there is no option for it.
    var advice: String? {
        constraint.map { "to load the schema without that check: --skip-constraints \($0.rawValue)" }
    }
}

extension CSVError.HeaderDrift {
    /// How to allow the header, as a change of the schema.
    var advice: String {
        if respelled.count > 0 { return "write the names in the schema as the header has them, or the other way round" }
        guard let allowingMatch else { return "correct the file, or the schema" }
        let effect =
            switch allowingMatch {
            case "equal": "to identify columns by their names"
            case "subset": "to keep further columns, as strings"
            case "superset": "to allow that columns are missing"
            default: "to allow that columns are missing and that there are further ones"
            }
        return "\(effect), in the schema: \"fieldsMatch\": \"\(allowingMatch)\""
    }
}
