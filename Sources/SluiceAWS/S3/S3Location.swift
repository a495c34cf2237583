/// Where an object is: `s3://bucket/key`, and which version of it, `?versionId=…`.
public struct S3Location: Sendable, Hashable {
    /// The bucket's name.
    public var bucket: String
    /// The key as it is, not encoded.
    public var key: String
    /// Nil: the newest version.
    public var versionID: String?

    /// Makes a location.
    public init(bucket: String, key: String, versionID: String? = nil) {
        self.bucket = bucket
        self.key = key
        self.versionID = versionID
    }

    /// Reads `s3://bucket/key?versionId=…`. The key stands there as it is: `+` and `%` are those characters. Nil: it is
    /// no such text.
    public init?(_ text: String) {
        guard text.hasPrefix("s3://") else { return nil }
        let rest = text.dropFirst(5)
        guard let slash = rest.firstIndex(of: "/") else { return nil }
        bucket = String(rest[..<slash])
        var key = String(rest[rest.index(after: slash)...])
        if let mark = Self.versionMark(in: key) {
            versionID = String(key.utf8.dropFirst(mark + Self.versionName.utf8.count)) ?? ""
            key = String(key.utf8.prefix(mark)) ?? ""
        }
        self.key = key
        guard !bucket.isEmpty, !key.isEmpty, versionID?.isEmpty != true else { return nil }
    }

    private static let versionName = "?versionId="

    /// The offset of the last `?versionId=`.
    private static func versionMark(in key: String) -> Int? {
        let (bytes, name) = (Array(key.utf8), Array(versionName.utf8))
        return bytes.indices.reversed().first { bytes[$0...].starts(with: name) }
    }
}

extension S3Location: CustomStringConvertible {
    /// `s3://bucket/key?versionId=…`.
    public var description: String { "s3://\(bucket)/\(key)" + (versionID.map { Self.versionName + $0 } ?? "") }
}
