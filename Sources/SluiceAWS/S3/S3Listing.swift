import NIOCore
import NIOHTTP1
import SluiceEngine
import SluicePlatform

/// An object of a listing.
package struct S3ListedObject: Sendable, Hashable {
    /// Its location, with its version if the listing states versions and the bucket keeps them.
    package var location: S3Location
    /// When it was written.
    package var modified: Timestamp
}

/// The newest versions of a bucket's objects whose keys start with a prefix, in the order of the keys' bytes, a page of up to 1,000
/// at a time:
///
///     var listing = S3Listing(of: "inbox", prefix: "2026/", s3)
///     while let page = try await listing.next() { … }
package struct S3Listing: Sendable {
    private let s3: S3Client
    private let bucket: String
    private let prefix: String
    private let lastKey: String?
    private let statesVersions: Bool
    /// Where the next page starts, as items of its query; nil after the last page.
    private var position: [(name: String, value: String)]?

    /// - Parameters:
    ///   - lastKey: The key after which the listing starts; nil for all.
    ///   - statesVersions: Whether to list versions, for which the permission is `s3:ListBucketVersions`, not `s3:ListBucket`.
    package init(
        of bucket: String,
        prefix: String,
        after lastKey: String? = nil,
        statesVersions: Bool = false,
        _ s3: S3Client
    ) {
        self.s3 = s3
        self.bucket = bucket
        self.prefix = prefix
        self.lastKey = lastKey
        self.statesVersions = statesVersions
        position = lastKey.map { [(statesVersions ? "key-marker" : "start-after", $0)] } ?? []
    }

    /// Returns the objects of the next page, of which there may be none; nil after the last page.
    package mutating func next() async throws(AWSError) -> [S3ListedObject]? {
        guard let position else { return nil }
        let kind = statesVersions ? (name: "versions", value: "") : (name: "list-type", value: "2")
        var request = try s3.request(operation, S3Location(bucket: bucket, key: ""), .GET)
        request.query = [kind, ("prefix", prefix), ("encoding-type", "url")] + position
        let reply = try await s3.client.send(request)
        let page = Page(String(buffer: reply.body))
        // A page that is followed by itself would be read forever.
        guard let objects = objects(on: page), let next = next(after: page),
            next.isEmpty || !next.elementsEqual(position, by: ==)
        else { throw s3.malformed(operation, "it is not a listing of s3://\(bucket)", reply) }
        self.position = next.isEmpty ? nil : next
        return objects
    }

    private var operation: String { statesVersions ? "ListObjectVersions" : "ListObjectsV2" }

    /// Returns the position after a page: none after the last one. Returns nil if the page states none.
    private func next(after page: Page) -> [(name: String, value: String)]? {
        guard let isTruncated = XMLElement.first("IsTruncated", in: page.text) else { return nil }
        if isTruncated != "true" { return [] }
        guard statesVersions else {
            return XMLElement.first("NextContinuationToken", in: page.text).map { [("continuation-token", $0)] }
        }
        guard let key = page.key("NextKeyMarker", in: page.text) else { return nil }
        let version = XMLElement.first("NextVersionIdMarker", in: page.text)
        return [("key-marker", key)] + (version.map { [("version-id-marker", $0)] } ?? [])
    }

    private func objects(on page: Page) -> [S3ListedObject]? {
        var objects: [S3ListedObject] = []
        for entry in XMLElement.all(statesVersions ? "Version" : "Contents", in: page.text) {
            guard let key = page.key("Key", in: entry),
                let modified = XMLElement.first("LastModified", in: entry).flatMap(Timestamp.init(iso:))
            else { return nil }
            if statesVersions, XMLElement.first("IsLatest", in: entry) != "true" { continue }
            // AWS does not document whether a listing from a key on, without a version, has that key's own versions.
            if let lastKey, !lastKey.utf8.lexicographicallyPrecedes(key.utf8) { continue }
            let version = XMLElement.first("VersionId", in: entry).flatMap {
                SourceName.isFixed(version: $0) ? $0 : nil
            }
            objects.append(
                S3ListedObject(location: S3Location(bucket: bucket, key: key, versionID: version), modified: modified)
            )
        }
        return objects
    }

    private struct Page {
        let text: String
        /// Whether keys are encoded. Substitutes for S3 may not know the encoding that is asked for.
        private let hasEncodedKeys: Bool

        init(_ text: String) {
            self.text = text
            hasEncodedKeys = XMLElement.first("EncodingType", in: text) == "url"
        }

        /// Returns the key in an element.
        func key(_ element: String, in text: String) -> String? {
            guard let key = XMLElement.first(element, in: text) else { return nil }
            return hasEncodedKeys ? PercentEncoding.decoded(key.utf8, plus: UInt8(ascii: " ")) : key
        }
    }
}
