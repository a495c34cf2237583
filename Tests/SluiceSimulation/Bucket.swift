import SluiceFunction

/// What an object holds, and what should come of it.
struct Content: Hashable {
    let key: String
    let bytes: [UInt8]
    /// Its rows, as JSON; nil: it is no CSV.
    let rows: [String]?

    var etag: String { Self.etag(bytes) }

    /// As S3 has it: the same for the same bytes.
    static func etag(_ bytes: [UInt8]) -> String {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return "\"\(String(hash, radix: 16))\""
    }
}

/// A bucket of S3.
struct Bucket {
    enum Kind: CaseIterable {
        case versioned
        case unversioned
        /// It keeps no versions any more: each object is the version that is called null, and replaced by the next.
        case suspended
    }

    struct Version {
        /// Nil: the bucket keeps no versions.
        let id: String?
        /// Nil: it was deleted.
        let content: Content?
    }

    let kind: Kind
    /// Versions by their keys; the last is the current one.
    private(set) var objects: [String: [Version]] = [:]
    private var count = 0

    init(_ kind: Kind) { self.kind = kind }

    /// Puts an object; returns the id of its version.
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

    /// What stands at a key, or is the version of that id; nil: nothing.
    func version(_ key: String, _ id: String?) -> Version? {
        let versions = objects[key] ?? []
        let found = id.map { id in versions.last { $0.id == id } } ?? versions.last
        return found?.content == nil ? nil : found
    }

    /// A bucket with that version of an object and nothing else.
    func holding(_ content: Content, _ version: String?) -> Bucket {
        var bucket = Bucket(kind)
        bucket.objects = [content.key: [Version(id: version, content: content)]]
        return bucket
    }
}
