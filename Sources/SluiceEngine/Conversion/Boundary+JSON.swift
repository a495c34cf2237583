import SluiceCSV
import SluiceJSON

/// Boundaries as JSON, which workers pass to each other. One with two paths states the parity of quotes, one with six or eight a
/// path from every place that is told apart, each with the number of the place that it leads to:
///
///     {"length":5,"odd":true,"outside":{"count":0,"lines":0},"inside":{"count":2,"lines":1,"first":2,"last":4}}
///     {"length":5,"lines":2,"paths":[{"exit":1,"count":0,"lines":0},{"exit":2,"count":2,"lines":1,"first":2,"last":4},…]}
extension Boundary {
    package var json: String {
        if paths.count > 2 {
            let paths = paths.map { JSONWriter.object([("exit", "\($0.exit.rawValue)")] + $0.members) }
            return JSONWriter.object([
                ("length", "\(length)"), ("lines", "\(lineEnds)"), ("paths", JSONWriter.array(paths)),
            ])
        }
        let (outside, inside) = (path(from: .field), path(from: .quotes))
        return JSONWriter.object([
            ("length", "\(length)"), ("odd", "\(outside.exit == .quotes)"),
            ("outside", JSONWriter.object(outside.members)), ("inside", JSONWriter.object(inside.members)),
        ])
    }

    /// Reads what ``json`` returned. Returns nil if the value is something else, or no range can have such a boundary:
    /// later code adds up what is read.
    package init?(_ value: JSONValue) {
        guard let length = value["length"]?.place else { return nil }
        var paths: [Path] = []
        var lineEnds = value["lines"]?.place
        if let texts = value["paths"]?.elements {
            paths = texts.compactMap { text in
                text["exit"]?.place.flatMap(Place.init).flatMap { Path(text, to: $0) }
            }
            guard texts.count == paths.count,
                [Place.ofAllowedQuotes, Place.allCases].map(\.count).contains(paths.count)
            else { return nil }
        } else if case .bool(let isOdd) = value["odd"] {
            let outside = value["outside"].flatMap { Path($0, to: isOdd ? .quotes : .field) }
            let inside = value["inside"].flatMap { Path($0, to: isOdd ? .field : .quotes) }
            guard let outside, let inside else { return nil }
            paths = [outside, inside]
            lineEnds = outside.count + inside.count
        }
        guard let lineEnds, lineEnds <= length, !paths.isEmpty, paths.allSatisfy({ $0.fits(in: length) }) else {
            return nil
        }
        self.init(length: length, lineEnds: lineEnds, paths: length == 0 ? [] : paths)
    }
}

extension Boundary.Path {
    fileprivate var members: [(name: String, json: String)] {
        let places = [("first", first), ("last", last)].compactMap { name, place in place.map { (name, "\($0)") } }
        return [("count", "\(count)"), ("lines", "\(linesToFirst)")] + places
    }

    fileprivate init?(_ value: JSONValue, to exit: Boundary.Place) {
        guard let count = value["count"]?.place, let lines = value["lines"]?.place else { return nil }
        self.init(
            to: exit,
            count: count,
            first: value["first"]?.place,
            last: value["last"]?.place,
            linesToFirst: lines
        )
    }

    /// Whether a range of that length can have these counts and offsets.
    fileprivate func fits(in length: Int) -> Bool { max(count, first ?? 0, last ?? 0, linesToFirst) <= length }
}

extension JSONValue {
    fileprivate var place: Int? { boundedInteger.flatMap { Int(exactly: $0) } }
}
