import SluiceEngine

/// Where a schema is, with what pins its bytes.
package enum SchemaReference: Sendable, Hashable, CustomStringConvertible {
    /// The schema itself, as JSON.
    case inline(String)
    /// One version of an object.
    case object(ObjectReference)

    /// The most bytes of a schema in the environment: all variables of a function together have 4 KB.
    package static let inlineLimit = 2048
    /// The most bytes of a schema in an object: as of any note.
    package static let objectLimit = 16 << 20

    /// Creates a reference to an object from `s3://bucket/key?versionId=…`. Returns nil if the text is anything else, or names
    /// no version that pins the bytes.
    package init?(address: String) {
        guard let (bucket, key, version) = SourceName.object(at: address), let version,
            SourceName.isFixed(version: version)
        else { return nil }
        self = .object(ObjectReference(bucket: bucket, key: key, versionID: version))
    }

    /// The object's address, or `SLUICE_SCHEMA` for a schema that stands in that variable.
    package var description: String {
        switch self {
        case .inline: "SLUICE_SCHEMA"
        case .object(let object): object.source
        }
    }
}
