import SluiceJSON
import SluicePlatform

/// The attribute `sluice.source`: the input's name, with what pins its bytes.
///
///     s3://inbox/2026/orders%20a.csv?versionId=3HL4kqtJlcpXroDTDmJ        an object in a bucket that keeps versions
///     s3://inbox/orders.csv?etag=d41d8cd98f00b204e9800998ecf8427e         any other object
///     orders.csv?size=85&modified=2026-11-26T12:00:00.123456789Z          a regular file
///     standard%20input?run=0123456789abcdef                               anything else: random digits, new in each run
///     partner/orders                                                      a given name, which is the whole source
///
/// In names and values every byte is percent-encoded except `/` and the unreserved ones (RFC 3986). Messages carry at most
/// ``limit`` bytes. A longer source is abbreviated: its first 400 bytes, `~`, and the SHA-256 of the whole.
package struct SourceName: Sendable, Hashable {
    /// The whole source, as in the body of a manifest.
    package let whole: String
    /// The source that messages carry and ids are made from: at most ``limit`` bytes of printable ASCII.
    package let attribute: String

    /// The most bytes of the attribute.
    package static let limit = 480
    /// The number of bytes of the whole source that an abbreviation keeps.
    private static let prefix = 400

    /// Creates a source from a whole one, made by this run or another.
    package init(_ whole: String) {
        self.whole = whole
        attribute = Abbreviation.of(whole, limit: Self.limit, prefix: Self.prefix)
    }

    /// Creates a source from a name that a user gave. Returns nil if it is not 1 to 480 bytes of printable ASCII.
    package init?(given name: String) {
        self.init(name)
        guard isSendable, whole == attribute else { return nil }
    }

    /// Whether every queue accepts the attribute.
    var isSendable: Bool { !attribute.isEmpty && attribute.utf8.allSatisfy { 0x20...0x7E ~= $0 } }

    /// What a name must be to be ``isSendable``.
    package static let rule = "1 to \(limit) bytes of printable ASCII"

    /// Returns the source of a regular file, by the last part of its path.
    package static func file(_ name: some Sequence<UInt8>, _ state: System.FileState) -> SourceName {
        SourceName("\(encoded(name))?size=\(state.size)&modified=\(state.modified)")
    }

    /// Whether an object's version pins its bytes. The version `null`, which objects get while a bucket keeps no versions,
    /// can be overwritten.
    package static func isFixed(version: String) -> Bool { version != "null" }

    /// Returns the source of an object: with its version or, if none pins it, with its ETag without quotation marks.
    package static func object(bucket: String, key: String, version: String?, entityTag: String) -> SourceName {
        let pin =
            if let version, isFixed(version: version) {
                "versionId=\(encoded(version.utf8))"
            } else {
                "etag=\(encoded(entityTag.utf8.filter { $0 != UInt8(ascii: "\"") }))"
            }
        return SourceName("s3://\(encoded(bucket.utf8))/\(encoded(key.utf8))?\(pin)")
    }

    /// Returns an object as the command accepts it: `s3://bucket/key?versionId=…`, with the key not encoded.
    package static func address(bucket: String, key: String, version: String?) -> String {
        "s3://\(bucket)/\(key)" + (version.map { versionMark + $0 } ?? "")
    }

    private static let versionMark = "?versionId="

    /// Reads what ``address(bucket:key:version:)`` returns: in the key, `+` and `%` stand for themselves, and the last
    /// `?versionId=` starts the version. Returns nil if the text has another form.
    package static func object(at address: String) -> (bucket: String, key: String, version: String?)? {
        guard address.hasPrefix("s3://") else { return nil }
        let rest = address.dropFirst(5)
        guard let slash = rest.firstIndex(of: "/") else { return nil }
        let (bucket, name) = (String(rest[..<slash]), Array(rest[rest.index(after: slash)...].utf8))
        let mark = name.indices.reversed().first { name[$0...].starts(with: versionMark.utf8) }
        let key = String(decoding: name[..<(mark ?? name.count)], as: UTF8.self)
        let version = mark.map { String(decoding: name[($0 + versionMark.utf8.count)...], as: UTF8.self) }
        return bucket.isEmpty || key.isEmpty || version == "" ? nil : (bucket, key, version)
    }

    /// The object as the command accepts it: its decoded address, with the version if that pins it. Nil if it is no object,
    /// or its address is abbreviated.
    package var object: String? {
        guard whole.hasPrefix("s3://"), whole.utf8.filter({ $0 == UInt8(ascii: "?") }).count == 1,
            let mark = whole.lastIndex(of: "?"), let address = PercentEncoding.decoded(whole[..<mark].utf8)
        else { return nil }
        let pin = whole[whole.index(after: mark)...]
        if pin.hasPrefix("etag=") { return address }
        guard pin.hasPrefix("versionId="), let version = PercentEncoding.decoded(pin.utf8) else { return nil }
        return "\(address)?\(version)"
    }

    /// Returns what the sources of all versions of an object start with, `s3://bucket/key`, encoded: the bytes before `?`, at most
    /// as many as an abbreviation keeps. Returns nil for another source.
    package static func start(ofObject attribute: String) -> String? {
        guard attribute.hasPrefix("s3://") else { return nil }
        let isAbbreviated =
            attribute.utf8.count == prefix + 65 && attribute.utf8.dropFirst(prefix).first == UInt8(ascii: "~")
        let mark = attribute.firstIndex(of: "?") ?? attribute.endIndex
        let pin = attribute[mark...]
        guard isAbbreviated || pin.hasPrefix(versionMark) || pin.hasPrefix("?etag=") else { return nil }
        return String(attribute[..<mark].prefix(prefix))
    }

    /// Returns the source of an input that nothing pins. No other run has the same digits.
    static func run(_ name: some Sequence<UInt8>) -> SourceName {
        SourceName(encoded(name) + runMark + Hexadecimal.text(of: UInt64.random(in: 0 ... .max)))
    }

    /// Returns the source of a run that continues where a run of `other` ended: `other` if nothing pins this one and the
    /// names are the same.
    func resuming(_ other: SourceName) -> SourceName {
        guard let name = runName, name == other.runName else { return self }
        return other
    }

    /// The time in the source of a regular file; nil in others.
    private var modified: String? {
        let (size, time) = ("?size=", "modified=")
        let parts = attribute.split(separator: "&", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1].hasPrefix(time), let mark = parts[0].lastIndex(of: "?"),
            parts[0][mark...].hasPrefix(size),
            parts[0][mark...].utf8.dropFirst(size.utf8.count).allSatisfy({ 0x30...0x39 ~= $0 })
        else { return nil }
        return String(parts[1].dropFirst(time.utf8.count))
    }

    /// What rows can hold of the input. Both follow from the messages' attribute, so a repair makes the same rows.
    var facts: RowShape.InputFacts { RowShape.InputFacts(source: attribute, modified: modified ?? "") }

    private static let runMark = "?run="

    /// The name before `?run=` and 16 digits, or nil if it does not end with those.
    private var runName: Substring? {
        let rest = whole.dropLast(16)
        return rest.utf8.count + 16 == whole.utf8.count && rest.hasSuffix(Self.runMark) ? rest : nil
    }
}

/// `a b/é` → `a%20b/%C3%A9`.
private func encoded(_ name: some Sequence<UInt8>) -> String { PercentEncoding.encoded(name, keepsSlashes: true) }

/// Abbreviates texts that are too long for their place.
enum Abbreviation {
    /// Returns a text of at most `limit` bytes unchanged, and of a longer one the first `prefix` bytes, `~` and the SHA-256
    /// of the whole.
    static func of(_ text: String, limit: Int, prefix: Int) -> String {
        guard text.utf8.count > limit else { return text }
        let digest = Hexadecimal.text(SHA256.digest(Array(text.utf8)))
        return String(decoding: text.utf8.prefix(prefix), as: UTF8.self) + "~" + digest
    }
}
