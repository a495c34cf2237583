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
        guard text.hasPrefix("s3://") else { return nil }
        let rest = text.dropFirst(5)
        guard let slash = rest.firstIndex(of: "/") else { return nil }
        bucket = String(rest[..<slash])
        var key = String(rest[rest.index(after: slash)...])
        if let mark = Self.versionMark(in: key) {
            versionID = String(key.utf8.dropFirst(mark + SourceName.versionMark.utf8.count)) ?? ""
            key = String(key.utf8.prefix(mark)) ?? ""
        }
        self.key = key
        guard !bucket.isEmpty, !key.isEmpty, versionID?.isEmpty != true else { return nil }
    }

    /// Returns the offset of the last `?versionId=`.
    private static func versionMark(in key: String) -> Int? {
        let (bytes, name) = (Array(key.utf8), Array(SourceName.versionMark.utf8))
        return bytes.indices.reversed().first { bytes[$0...].starts(with: name) }
    }
}

extension S3Location: CustomStringConvertible {
    /// The location as `s3://bucket/key?versionId=…`.
    public var description: String { SourceName.address(bucket: bucket, key: key, version: versionID) }
}
