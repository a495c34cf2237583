import Sluice

/// An object as it was at one moment: reads of it fail if it is not the same any more.
public struct S3Object: Sendable, Hashable {
    /// Where it is, and, in a bucket that keeps versions, which one it is.
    public var location: S3Location
    /// Its bytes.
    public var size: UInt64
    /// Its ETag, quotes and all.
    public var entityTag: String

    /// Makes an object of what is known of it, such as from a notification.
    public init(location: S3Location, size: UInt64, entityTag: String) {
        self.location = location
        self.size = size
        self.entityTag = entityTag
    }

    /// What messages call it, and what pins its bytes: what `messages(from:source:)` takes.
    public var source: String { sourceName.attribute }

    package var sourceName: SourceName {
        .object(bucket: location.bucket, key: location.key, version: location.versionID, entityTag: entityTag)
    }

    /// The version, if it pins the bytes. The one that is called null can be overwritten, so it pins nothing.
    package var fixedVersionID: String? { location.versionID.flatMap { $0 == "null" ? nil : $0 } }

    /// More bytes than S3 stores in an object, and few enough to count with.
    static let largest: UInt64 = 1 << 50
}
