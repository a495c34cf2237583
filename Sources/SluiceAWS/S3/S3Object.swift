import SluiceEngine

/// An object in the state it had at one moment. Reading it fails if it has changed since.
public struct S3Object: Sendable, Hashable {
    /// The object's location, with its version in a bucket that keeps versions.
    public var location: S3Location
    /// The size in bytes.
    public var size: UInt64
    /// The ETag, including the quotes.
    public var entityTag: String

    /// Creates an object from known facts, such as those of a notification.
    public init(location: S3Location, size: UInt64, entityTag: String) {
        self.location = location
        self.size = size
        self.entityTag = entityTag
    }

    /// The object's name in messages, with what pins its bytes; pass it to `messages(from:source:)`.
    public var source: String { sourceName.attribute }

    package var sourceName: SourceName {
        .object(bucket: location.bucket, key: location.key, version: location.versionID, entityTag: entityTag)
    }

    /// Larger than any object in S3, and small enough for arithmetic without overflow.
    static let largest: UInt64 = 1 << 50
}
