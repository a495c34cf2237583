import SluiceEngine
import SluiceJSON

/// An object to convert, as an event names it.
package struct ObjectReference: Sendable, Hashable {
    package var bucket: String
    /// The key, decoded.
    package var key: String
    /// The version; nil if the bucket keeps no versions or the event does not state it.
    package var versionID: String?

    package init(bucket: String, key: String, versionID: String? = nil) {
        self.bucket = bucket
        self.key = key
        self.versionID = versionID
    }

    /// An EventBridge event that names the object.
    package var event: [UInt8] {
        var members = [("key", JSONWriter.string(key))]
        if let versionID { members.append(("version-id", JSONWriter.string(versionID))) }
        let detail = [
            ("bucket", JSONWriter.object([("name", JSONWriter.string(bucket))])),
            ("object", JSONWriter.object(members)),
        ]
        let event = [
            ("source", JSONWriter.string("aws.s3")), ("detail-type", JSONWriter.string("Object Created")),
            ("detail", JSONWriter.object(detail)),
        ]
        return Array(JSONWriter.object(event).utf8)
    }

    /// The object's name as the command takes it: `s3://bucket/key?versionId=…`, with the key not encoded.
    package var source: String { SourceName.address(bucket: bucket, key: key, version: versionID) }
}
