import SluicePipeline

/// The content of an object, and the rows that it should yield.
struct Content: Hashable {
    let key: String
    let bytes: [UInt8]
    /// The rows as JSON, or nil if the content has records that are invalid CSV.
    let rows: [String]?

    var etag: String { Self.etag(bytes) }

    /// Returns an entity tag. As in S3, equal bytes have equal tags.
    static func etag(_ bytes: [UInt8]) -> String {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return "\"\(String(hash, radix: 16))\""
    }
}

/// An S3 bucket.
struct Bucket {
    enum Kind: CaseIterable {
        case versioned
        case unversioned
        /// Versioning is suspended: each object has the version id `null`, and the next upload replaces it.
        case suspended
    }

    struct Version {
        /// Nil if the bucket keeps no versions.
        let id: String?
        /// Nil if the object was deleted.
        let content: Content?
    }

    let kind: Kind
    /// The versions of each key, oldest first.
    private(set) var objects: [String: [Version]] = [:]
    private var count = 0

    init(_ kind: Kind) { self.kind = kind }

    /// Puts an object, and returns the id of its version.
    mutating func put(_ content: Content) -> String? { add(content, to: content.key) }

    mutating func delete(_ key: String) { _ = add(nil, to: key) }

    private mutating func add(_ content: Content?, to key: String) -> String? {
        count += 1
        switch kind {
        case .versioned:
            let id = "v\(count)"
            objects[key, default: []].append(Version(id: id, content: content))
            return id
        case .unversioned:
            objects[key] = [Version(id: nil, content: content)]
            return nil
        case .suspended:
            objects[key] = [Version(id: "null", content: content)]
            return "null"
        }
    }

    /// Returns the version of a key with the given id, or the current version if `id` is nil. Returns nil if it does not
    /// exist.
    func version(_ key: String, _ id: String?) -> Version? {
        let versions = objects[key] ?? []
        let found = id.map { id in versions.last { $0.id == id } } ?? versions.last
        return found?.content == nil ? nil : found
    }

    /// Returns a bucket that holds only the given version of an object.
    func holding(_ content: Content, _ version: String?) -> Bucket {
        var bucket = Bucket(kind)
        bucket.objects = [content.key: [Version(id: version, content: content)]]
        return bucket
    }
}
