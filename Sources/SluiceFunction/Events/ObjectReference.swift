import SluiceJSON

/// An object that is to be converted, as an event names it.
package struct ObjectReference: Sendable, Hashable {
    package var bucket: String
    /// The key as it is, not encoded.
    package var key: String
    /// Nil: the bucket keeps no versions, or the event did not tell.
    package var versionID: String?

    package init(bucket: String, key: String, versionID: String? = nil) {
        self.bucket = bucket
        self.key = key
        self.versionID = versionID
    }

    /// An event of EventBridge that names the object.
    var event: [UInt8] {
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

    /// The name that the command takes: `s3://bucket/key?versionId=…`, the key as it is.
    package var source: String { "s3://\(bucket)/\(key)" + (versionID.map { "?versionId=\($0)" } ?? "") }
}
