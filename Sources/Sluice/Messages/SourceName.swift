import SluiceSystem

/// The attribute `sluice.source`: what an input is called, and what pins its bytes.
///
///     s3://inbox/2026/orders%20a.csv?versionId=3HL4kqtJlcpXroDTDmJ        an object in a bucket that keeps versions
///     s3://inbox/orders.csv?etag=d41d8cd98f00b204e9800998ecf8427e         any other object
///     orders.csv?size=85&modified=2026-11-26T12:00:00.123456789Z          a regular file
///     standard%20input?run=0123456789abcdef                               anything else: random digits, new in each run
///     partner/orders                                                      a name that was given, all of it
///
/// In names and values every byte is percent-encoded that is neither `/` nor unreserved (RFC 3986). Messages carry at most
/// ``limit`` bytes of it. A longer source is abbreviated: its first 400 bytes, `~`, and the SHA-256 of all of it.
package struct SourceName: Sendable, Hashable {
    /// All of it; the body of a manifest has it.
    package let whole: String
    /// What messages carry, and ids are made from: at most ``limit`` bytes of printable ASCII.
    package let attribute: String

    /// The most bytes of the attribute.
    package static let limit = 480
    /// The bytes that an abbreviated source has of the whole one.
    private static let prefix = 400

    /// A source that was made here, or by another run.
    package init(_ whole: String) {
        self.whole = whole
        attribute = Abbreviation.of(whole, limit: Self.limit, prefix: Self.prefix)
    }

    /// A name that a user gave. Nil: it is not 1 to 480 bytes of printable ASCII.
    package init?(given name: String) {
        self.init(name)
        guard isSendable, whole == attribute else { return nil }
    }

    /// The attribute is one that every queue takes.
    var isSendable: Bool { !attribute.isEmpty && attribute.utf8.allSatisfy { 0x20...0x7E ~= $0 } }

    /// What is wrong with a name that is not ``isSendable``.
    package static let rule = "1 to \(limit) bytes of printable ASCII"

    /// A regular file, by the last part of its path.
    package static func file(_ name: some Sequence<UInt8>, _ state: System.FileState) -> SourceName {
        SourceName("\(encoded(name))?size=\(state.size)&modified=\(state.modified)")
    }

    /// An object: its version or, without one, its ETag, whose quotation marks are left out. The version that is called
    /// null can be overwritten, and so pins nothing.
    package static func object(bucket: String, key: String, version: String?, entityTag: String) -> SourceName {
        let pin =
            if let version, version != "null" {
                "versionId=\(encoded(version.utf8))"
            } else {
                "etag=\(encoded(entityTag.utf8.filter { $0 != UInt8(ascii: "\"") }))"
            }
        return SourceName("s3://\(encoded(bucket.utf8))/\(encoded(key.utf8))?\(pin)")
    }

    /// What the command takes for an object: its address, decoded, and its version if that pins it. Nil: it is none, or its
    /// address is longer than this source.
    package var object: String? {
        guard whole.hasPrefix("s3://"), whole.utf8.filter({ $0 == UInt8(ascii: "?") }).count == 1,
            let mark = whole.lastIndex(of: "?"), let address = Self.decoded(whole[..<mark])
        else { return nil }
        let pin = whole[whole.index(after: mark)...]
        if pin.hasPrefix("etag=") { return address }
        guard pin.hasPrefix("versionId="), let version = Self.decoded(pin) else { return nil }
        return "\(address)?\(version)"
    }

    /// What nothing pins: no other run has the same digits.
    static func run(_ name: some Sequence<UInt8>) -> SourceName {
        let digits = String(UInt64.random(in: 0 ... .max), radix: 16)
        return SourceName(encoded(name) + runMark + String(repeating: "0", count: 16 - digits.count) + digits)
    }

    /// The source of a run that goes on where another one, of that source, ended: if nothing pins this one and its name is
    /// the same, it is the other's.
    func resuming(_ other: SourceName) -> SourceName {
        guard let name = runName, name == other.runName else { return self }
        return other
    }

    private static let runMark = "?run="

    /// The name before `?run=` and 16 digits; nil if it does not end so.
    private var runName: Substring? {
        let rest = whole.dropLast(16)
        return rest.utf8.count + 16 == whole.utf8.count && rest.hasSuffix(Self.runMark) ? rest : nil
    }

    /// `a b/é` → `a%20b/%C3%A9`.
    static func encoded(_ name: some Sequence<UInt8>) -> String {
        var result: [UInt8] = []
        for byte in name {
            if isKept[Int(byte)] {
                result.append(byte)
            } else {
                result += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// `a%20b/%C3%A9` → `a b/é`; nil: it is not what ``encoded(_:)`` gives for UTF-8.
    private static func decoded(_ text: Substring) -> String? {
        var (bytes, rest) = ([UInt8](), text.utf8[...])
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else {
                return nil
            }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static let digits = Array("0123456789ABCDEF".utf8)
    private static let isKept: [Bool] = {
        let kept = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/".utf8)
        return (0...255).map { kept.contains($0) }
    }()
}

/// Texts that may be too long for where they are to stand.
enum Abbreviation {
    /// A text of at most `limit` bytes as it is; of a longer one the first `prefix` bytes, `~` and the SHA-256 of all of it.
    static func of(_ text: String, limit: Int, prefix: Int) -> String {
        guard text.utf8.count > limit else { return text }
        let digest = Hexadecimal.text(SHA256.digest(Array(text.utf8)))
        return String(decoding: text.utf8.prefix(prefix), as: UTF8.self) + "~" + digest
    }
}

/// Two lower-case digits a byte.
enum Hexadecimal {
    private static let digits = Array("0123456789abcdef".utf8)

    static func text(_ bytes: some Sequence<UInt8>) -> String {
        var text: [UInt8] = []
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: Unicode.UTF8.self)
    }
}
