/// Writes small JSON texts.
package enum JSONWriter {
    /// Returns a text as a JSON string with its quotes, escaped like the values of rows.
    package static func string(_ text: String) -> String {
        if text.utf8.allSatisfy(isPlain) { return "\"" + text + "\"" }
        var json: [UInt8] = []
        EscapeTable.append(Array(text.utf8), to: &json)
        return "\"" + String(decoding: json, as: UTF8.self) + "\""
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        (0x20..<0x7F).contains(byte) && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }

    /// Returns an object with these members, whose values are JSON already.
    package static func object(_ members: [(name: String, json: String)]) -> String {
        "{" + members.map { string($0.name) + ":" + $0.json }.joined(separator: ",") + "}"
    }

    /// Returns an array of these elements, which are JSON already.
    package static func array(_ elements: [String]) -> String { "[" + elements.joined(separator: ",") + "]" }
}
