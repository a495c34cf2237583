/// A JSON value (RFC 8259). Numbers keep their text.
package enum JSONValue: Sendable, Hashable {
    case object([String: JSONValue])
    case array([JSONValue])
    case string([UInt8])
    case number(String)
    case bool(Bool)
    case null

    /// Parses a document. Returns nil if the text is not JSON or has more than `mostValues` values, each of which takes tens of
    /// bytes.
    package init?(parsing text: some Sequence<UInt8>, mostValues: Int = .max) {
        let value = try? JSONReader.value(of: Array(text), mostValues: mostValues)
        guard let value else { return nil }
        self = value
    }

    /// The member with that name, or nil if this is not an object or has no such member.
    package subscript(name: String) -> JSONValue? {
        if case .object(let members) = self { members[name] } else { nil }
    }

    /// The text of a string; nil for other values.
    package var bytes: [UInt8]? { if case .string(let bytes) = self { bytes } else { nil } }
    package var text: String? { bytes.map { String(decoding: $0, as: Unicode.UTF8.self) } }
    /// The value of a number without sign, fraction and exponent; nil for other values.
    package var integer: UInt64? { if case .number(let digits) = self { UInt64(digits) } else { nil } }
    package var elements: [JSONValue]? { if case .array(let elements) = self { elements } else { nil } }
    package var members: [String: JSONValue]? { if case .object(let members) = self { members } else { nil } }
}
