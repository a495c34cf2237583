/// Small JSON texts, written where speed does not matter.
package enum JSONWriter {
    /// A text as a JSON string, quotes and all, escaped as the values of rows are.
    package static func string(_ text: String) -> String {
        var json: [UInt8] = []
        EscapeTable.append(Array(text.utf8), to: &json)
        return "\"" + String(decoding: json, as: UTF8.self) + "\""
    }

    /// An object of members whose values are JSON already.
    package static func object(_ members: [(name: String, json: String)]) -> String {
        "{" + members.map { string($0.name) + ":" + $0.json }.joined(separator: ",") + "}"
    }
}
