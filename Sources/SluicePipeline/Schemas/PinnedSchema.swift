import SluiceEngine
import SluiceJSON
import SluicePlatform

/// The schema that an object is converted with, from the first work on it to the last. Notes and plans carry it, so that every
/// invocation uses the same one, even if the function has another by then:
///
///     {"source":"s3://schemas/orders.json?versionId=7","digest":"…"}
///     {"text":"{\"fields\":[…]}","digest":"…"}
struct PinnedSchema: Sendable, Hashable {
    let reference: SchemaReference
    /// SHA-256 of the schema's bytes, as hexadecimal digits.
    let digest: String

    init(_ reference: SchemaReference, bytes: [UInt8]) {
        self.reference = reference
        digest = Hexadecimal.text(SHA256.digest(bytes))
    }

    var json: String {
        let place: (name: String, json: String) =
            switch reference {
            case .inline(let text): ("text", JSONWriter.string(text))
            case .object(let object): ("source", JSONWriter.string(object.source))
            }
        return JSONWriter.object([place, ("digest", JSONWriter.string(digest))])
    }

    init?(_ value: JSONValue) {
        guard let digest = value["digest"]?.text else { return nil }
        if let text = value["text"]?.text {
            reference = .inline(text)
        } else if let source = value["source"]?.text, let reference = SchemaReference(address: source) {
            self.reference = reference
        } else {
            return nil
        }
        self.digest = digest
    }

    /// Two versions of an object with the same bytes are one schema.
    static func == (one: PinnedSchema, other: PinnedSchema) -> Bool { one.digest == other.digest }

    func hash(into hasher: inout Hasher) { hasher.combine(digest) }
}
