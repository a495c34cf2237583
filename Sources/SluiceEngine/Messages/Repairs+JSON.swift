import SluiceCSV
import SluiceJSON

/// Repairs as a member of JSON objects, left out if there are none:
///
///     "repairs":{"raggedRecord":{"count":3,"first":{"line":4,"record":3,"field":2,"offset":17}}}
extension Repairs {
    package var members: [(name: String, json: String)] { isEmpty ? [] : [("repairs", json { $0.members })] }

    /// The counts alone, if the rest does not fit: `"repairs":{"raggedRecord":{"count":3}}`.
    package var countMembers: [(name: String, json: String)] { isEmpty ? [] : [("repairs", json { _ in [] })] }

    /// Returns the value, with the given members for each first place.
    package func json(_ place: (Place) -> [(name: String, json: String)]) -> String {
        JSONWriter.object(
            kinds.map { code, repairs in
                let place = place(repairs.first)
                let first = place.isEmpty ? [] : [("first", JSONWriter.object(place))]
                return (code.rawValue, JSONWriter.object([("count", "\(repairs.count)")] + first))
            }
        )
    }

    /// Reads what ``members`` returns. Returns nil for anything else.
    package init?(_ value: JSONValue) {
        guard let kinds = value.members else { return nil }
        self.init()
        for (name, value) in kinds {
            guard let code = CSVError.Code(rawValue: name), let count = value["count"]?.boundedInteger,
                let first = value["first"].flatMap(Place.init)
            else { return nil }
            add(Count(count: count, first: first), of: code)
        }
    }
}

extension Repairs.Place {
    package var members: [(name: String, json: String)] {
        let line = line.map { [("line", "\($0)")] } ?? []
        return line + [("record", "\(record)"), ("field", "\(field)"), ("offset", "\(offset)")]
    }

    fileprivate init?(_ value: JSONValue) {
        guard let offset = value["offset"]?.integer, let record = value["record"]?.integer,
            let field = value["field"]?.integer.flatMap({ Int(exactly: $0) })
        else { return nil }
        self.init(offset: offset, line: value["line"]?.integer, record: record, field: field)
    }
}
