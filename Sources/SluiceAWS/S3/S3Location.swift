import SluiceEngine

/// The location of an object: `s3://bucket/key`, with an optional version, `?versionId=…`.
public struct S3Location: Sendable, Hashable {
    /// The bucket's name.
    public var bucket: String
    /// The key, not encoded.
    public var key: String
    /// The version; nil for the newest.
    public var versionID: String?

    /// Creates a location.
    public init(bucket: String, key: String, versionID: String? = nil) {
        self.bucket = bucket
        self.key = key
        self.versionID = versionID
    }

    /// Reads `s3://bucket/key?versionId=…`. The key is not encoded: `+` and `%` stand for themselves. Returns nil if the text
    /// has another form.
    public init?(_ text: String) {
        guard let found = SourceName.object(at: text) else { return nil }
        self.init(bucket: found.bucket, key: found.key, versionID: found.version)
    }
}

extension S3Location: CustomStringConvertible {
    /// The location as `s3://bucket/key?versionId=…`.
    public var description: String { SourceName.address(bucket: bucket, key: key, version: versionID) }
}
