/// A minimal XML reader for answers of S3 and STS: finds elements by their names.
enum XMLElement {
    /// Returns the text of the first element with this name, which has no children, or nil: `<Code>NoSuchKey</Code>` →
    /// `NoSuchKey`.
    static func first(_ name: String, in text: String) -> String? {
        let bytes = Array(text.utf8)
        return content(of: name, in: bytes[...]).map { unescaped(String(decoding: $0, as: UTF8.self)) }
    }

    /// Returns the contents of all elements with this name, with their children. No element may lie within another of that name.
    static func all(_ name: String, in text: String) -> [String] {
        let bytes = Array(text.utf8)
        var (contents, rest) = ([String](), bytes[...])
        while let content = content(of: name, in: rest) {
            contents.append(String(decoding: content, as: UTF8.self))
            rest = rest[content.endIndex...]
        }
        return contents
    }

    private static func content(of name: String, in bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        let (start, end) = (Array("<\(name)>".utf8), Array("</\(name)>".utf8))
        guard let open = offset(of: start, in: bytes),
            let close = offset(of: end, in: bytes[(open + start.count)...])
        else { return nil }
        return bytes[(open + start.count)..<close]
    }

    private static func offset(of part: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
        bytes.indices.first { bytes[$0] == part[0] && bytes[$0...].starts(with: part) }
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
