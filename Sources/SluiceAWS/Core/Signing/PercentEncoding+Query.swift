import SluicePlatform

/// Query strings as AWS's signatures require them.
extension PercentEncoding {
    /// Returns `name=value` pairs, encoded, sorted by their encoded form, and joined with `&`.
    package static func query(_ items: [(name: String, value: String)]) -> String {
        items.map { (encoded($0.name), encoded($0.value)) }
            .sorted { $0.0 == $1.0 ? less($0.1, $1.1) : less($0.0, $1.0) }
            .map { "\($0.0)=\($0.1)" }
            .joined(separator: "&")
    }

    /// Compares by bytes, which may differ from the order of `String`.
    static func less(_ first: String, _ second: String) -> Bool {
        first.utf8.lexicographicallyPrecedes(second.utf8)
    }
}
