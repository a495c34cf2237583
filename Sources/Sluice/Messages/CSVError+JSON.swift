import SluiceCSV
import SluiceJSON

/// Errors as members of JSON objects: `"code":"quoteInPlain","offset":10,"record":3,"field":2`.
extension CSVError {
    package var members: [(name: String, json: String)] {
        [
            ("code", JSONText.string(code.rawValue)), ("offset", "\(offset)"), ("record", "\(record)"),
            ("field", "\(field)"),
        ]
    }

    /// Reads those; nil if they are not there.
    package init?(_ value: JSONValue) {
        guard let code = value["code"]?.text.flatMap(Code.init(rawValue:)), let offset = value["offset"]?.integer,
            let record = value["record"]?.integer, let field = value["field"]?.integer.flatMap({ Int(exactly: $0) })
        else { return nil }
        self.init(code, offset: offset, record: record, field: field)
    }
}
