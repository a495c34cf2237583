/// A minimal XML reader for answers of S3 and STS: finds the text of an element without children.
enum XMLElement {
    /// Returns the text of the first element with this name, or nil: `<Code>NoSuchKey</Code>` → `NoSuchKey`.
    static func first(_ name: String, in text: String) -> String? {
        let (start, end) = (Array("<\(name)>".utf8), Array("</\(name)>".utf8))
        let bytes = Array(text.utf8)
        guard let open = offset(of: start, in: bytes[...]),
            let close = offset(of: end, in: bytes[(open + start.count)...])
        else { return nil }
        return unescaped(String(decoding: bytes[(open + start.count)..<close], as: UTF8.self))
    }

    private static func offset(of part: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
        bytes.indices.first { bytes[$0...].starts(with: part) }
    }

    private static func unescaped(_ text: String) -> String {
        guard text.contains("&") else { return text }
        var result = ""
        var rest = text[...]
        while let mark = rest.firstIndex(of: "&") {
            result += rest[..<mark]
            rest = rest[mark...]
            if let (entity, character) = entities.first(where: { rest.hasPrefix($0.0) }) {
                result += character
                rest = rest.dropFirst(entity.count)
            } else {
                result += "&"
                rest = rest.dropFirst()
            }
        }
        return result + rest
    }

    private static let entities = [
        ("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&#34;", "\""),
        ("&#39;", "'"),
    ]
}
