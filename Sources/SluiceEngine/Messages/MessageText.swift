/// A message's body: as text, or already escaped for the JSON that it will be written into.
///
///     text       [{"a":"1"}]
///     escaped    [{\"a\":\"1\"}]
///
/// Rows are encoded once, directly in the form that leaves. Escaping the text afterwards would take as long again.
package enum MessageText: Sendable {
    case plain([UInt8])
    /// The inside of a JSON string, and how many bytes the text has. The only escapes are `\\`, `\"` and `\n`.
    case escaped([UInt8], count: Int)

    /// The number of bytes of the text.
    package var count: Int {
        switch self {
        case .plain(let text): text.count
        case .escaped(_, let count): count
        }
    }

    /// The text.
    ///
    /// - Complexity: O(*n*) if it is escaped.
    package var bytes: [UInt8] {
        switch self {
        case .plain(let text): return text
        case .escaped(let json, let count):
            if json.count == count { return json }
            var text: [UInt8] = []
            text.reserveCapacity(count)
            var isEscape = false
            for byte in json {
                if !isEscape, byte == UInt8(ascii: "\\") {
                    isEscape = true
                } else {
                    text.append(isEscape && byte == UInt8(ascii: "n") ? UInt8(ascii: "\n") : byte)
                    isEscape = false
                }
            }
            return text
        }
    }
}

extension MessageText: Hashable {
    package static func == (one: MessageText, other: MessageText) -> Bool { one.bytes == other.bytes }
    package func hash(into hasher: inout Hasher) { hasher.combine(bytes) }
}
