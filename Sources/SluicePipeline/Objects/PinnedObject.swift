import SluiceEngine
import SluiceJSON

/// An object in the state it had when work on it began. Reading it fails if it has changed since.
package struct PinnedObject: Sendable, Hashable {
    /// The object's place, with its version in a bucket that keeps versions.
    package let reference: ObjectReference
    /// In bytes.
    package let size: UInt64
    /// The ETag as the store writes it, including the quotes.
    package let etag: String

    package init(_ reference: ObjectReference, size: UInt64, etag: String) {
        self.reference = reference
        self.size = size
        self.etag = etag
    }

    /// The attribute `sluice.source` of the object's messages, in full where that abbreviates it.
    var source: String { sourceName.whole }

    /// The object's name in messages, with what pins its bytes: the version, or else the ETag, which distinguishes it from an
    /// object that was written later under the same name.
    var sourceName: SourceName {
        .object(bucket: reference.bucket, key: reference.key, version: reference.versionID, entityTag: etag)
    }
}

/// Objects as JSON, for passing them between invocations:
///
///     {"bucket":"inbox","key":"a b.csv","versionId":"3","size":40,"etag":"\"d41d…\""}
extension PinnedObject {
    var json: String {
        JSONWriter.object(reference.members + [("size", "\(size)"), ("etag", JSONWriter.string(etag))])
    }

    init?(_ value: JSONValue) {
        guard let reference = ObjectReference(value), let size = value["size"]?.integer, let tag = value["etag"]?.text
        else { return nil }
        self.init(reference, size: size, etag: tag)
    }
}

extension ObjectReference {
    var json: String { JSONWriter.object(members) }

    fileprivate var members: [(name: String, json: String)] {
        [("bucket", JSONWriter.string(bucket)), ("key", JSONWriter.string(key))]
            + (versionID.map { [("versionId", JSONWriter.string($0))] } ?? [])
    }

    /// Reads `{"bucket":"inbox","key":"a b.csv","versionId":"3"}`.
    init?(_ value: JSONValue) {
        guard let bucket = value["bucket"]?.text, let key = value["key"]?.text else { return nil }
        self.init(bucket: bucket, key: key, versionID: value["versionId"]?.text)
    }
}
