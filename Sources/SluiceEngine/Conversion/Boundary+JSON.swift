import SluiceCSV
import SluiceJSON

/// Boundaries as JSON, which workers pass to each other:
///
///     {"length":5,"odd":true,"outside":{"count":0,"lines":0},"inside":{"count":2,"lines":1,"first":2,"last":4}}
extension Boundary {
    package var json: String {
        JSONWriter.object([
            ("length", "\(length)"), ("odd", "\(isOdd)"), ("outside", outside.json), ("inside", inside.json),
        ])
    }

    /// Reads what ``json`` returned. Returns nil if the value is something else, or no range can have such a boundary:
    /// later code adds up what is read.
    package init?(_ value: JSONValue) {
        guard let length = value["length"]?.place, case .bool(let isOdd) = value["odd"],
            let outside = value["outside"].flatMap(Lines.init), let inside = value["inside"].flatMap(Lines.init),
            outside.fit(in: length), inside.fit(in: length)
        else { return nil }
        self.init(length: length, isOdd: isOdd, outside: outside, inside: inside)
    }
}

extension Boundary.Lines {
    fileprivate var json: String {
        let places = [("first", first), ("last", last)].compactMap { name, place in place.map { (name, "\($0)") } }
        return JSONWriter.object([("count", "\(count)"), ("lines", "\(linesToFirst)")] + places)
    }

    fileprivate init?(_ value: JSONValue) {
        guard let count = value["count"]?.place, let lines = value["lines"]?.place else { return nil }
        self.init(count: count, first: value["first"]?.place, last: value["last"]?.place, linesToFirst: lines)
    }

    /// Whether a range of that length can have these counts and offsets.
    fileprivate func fit(in length: Int) -> Bool { max(count, first ?? 0, last ?? 0, linesToFirst) <= length }
}

extension JSONValue {
    fileprivate var place: Int? { boundedInteger.flatMap { Int(exactly: $0) } }
}
