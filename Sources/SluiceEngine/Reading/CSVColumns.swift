import SluiceCSV

/// The columns of an input: their names, if it has a header, and their number.
public final class CSVColumns: Sendable {
    /// The names in order, all different; nil in an input without a header.
    public let names: [String]?
    /// The number of columns.
    public let count: Int
    private let places: [String: Int]

    init(_ header: Header?) {
        names = header?.names?.map { String(decoding: $0, as: UTF8.self) }
        count = header?.width ?? 0
        places = Dictionary((names ?? []).enumerated().map { ($1, $0) }) { first, _ in first }
    }

    /// The position of the column with that name, or nil if there is none.
    ///
    /// - Complexity: O(1), a look-up in a dictionary. In a loop over records, look up a column once, and use its position.
    public subscript(name: String) -> Int? { places[name] }
}
