import CCrypto
import SluiceEngine
import SluiceJSON
import SluicePlatform

/// A key on the curve P-256, and the proofs that a request comes from whoever has it (DPoP, RFC 9449).
///
/// A proof is a JSON Web Token: header, payload and signature, each in base64 for URLs.
///
///     {"typ":"dpop+jwt","alg":"ES256","jwk":{"kty":"EC","crv":"P-256","x":"…","y":"…"}}     the public key
///     {"htm":"POST","htu":"https://…","iat":1440938160,"jti":"…"}                          request, time, a random id
package struct ProofOfPossession: ~Copyable {
    private let key: OpaquePointer

    /// Reads a private key, such as `-----BEGIN EC PRIVATE KEY-----…`. Returns nil if it is none.
    package init?(pem: String) {
        let lines = pem.split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("-----") }
        guard let bytes = Base64.decoded(lines.flatMap { Array($0.trimmed().utf8) }) else { return nil }
        let key = bytes.withUnsafeBufferPointer { bytes in
            // Safe: OpenSSL reads the bytes during the call, and moves only its own copy of the pointer.
            var start = bytes.baseAddress
            return d2i_AutoPrivateKey(nil, &start, bytes.count)
        }
        guard let key else { return nil }
        self.key = key
    }

    deinit { EVP_PKEY_free(key) }

    /// Returns the value of the header `DPoP` for a POST to a URL, or nil if the key is not one on that curve.
    package func header(for url: String, at time: Timestamp) -> String? {
        guard let point = publicPoint else { return nil }
        let jwk = JSONWriter.object([
            ("kty", #""EC""#), ("crv", #""P-256""#), ("x", JSONWriter.string(Self.base64(point[1..<33]))),
            ("y", JSONWriter.string(Self.base64(point[33...]))),
        ])
        let header = JSONWriter.object([("typ", #""dpop+jwt""#), ("alg", #""ES256""#), ("jwk", jwk)])
        let id = Hexadecimal.text((0..<16).map { _ in UInt8.random(in: 0...255) })
        let payload = JSONWriter.object([
            ("htm", #""POST""#), ("htu", JSONWriter.string(url)), ("iat", "\(time.seconds)"),
            ("jti", JSONWriter.string(id)),
        ])
        let text = "\(Self.base64(header.utf8)).\(Self.base64(payload.utf8))"
        guard let signature = signature(of: Array(text.utf8)).flatMap(Self.joined) else { return nil }
        return "\(text).\(Self.base64(signature))"
    }

    /// The public key as 04, x and y, with 32 bytes each.
    private var publicPoint: [UInt8]? {
        var (point, count) = ([UInt8](repeating: 0, count: 65), 0)
        // Safe: at most the array's size is written.
        guard EVP_PKEY_get_octet_string_param(key, "pub", &point, point.count, &count) == 1, count == point.count,
            point[0] == 4
        else { return nil }
        return point
    }

    /// Returns the signature (ECDSA with SHA-256) in OpenSSL's form.
    private func signature(of text: [UInt8]) -> [UInt8]? {
        guard let context = EVP_MD_CTX_new() else { return nil }
        defer { EVP_MD_CTX_free(context) }
        var (signature, count) = ([UInt8](repeating: 0, count: 128), 128)
        // Safe: `count` is the array's size, which no signature exceeds on a curve of 256 bits; a longer one is an error.
        guard EVP_DigestSignInit(context, nil, EVP_sha256(), nil, key) == 1,
            EVP_DigestSign(context, &signature, &count, text, text.count) == 1
        else { return nil }
        return Array(signature.prefix(count))
    }

    /// Returns the two numbers of a signature as 32 bytes each: `30 len 02 len r… 02 len s…` → `r…s…`.
    static func joined(_ der: [UInt8]) -> [UInt8]? {
        var (rest, numbers) = (der.dropFirst(2), [UInt8]())
        for _ in 0..<2 {
            guard rest.popFirst() == 2, let count = rest.popFirst(), count <= rest.count else { return nil }
            // A leading zero keeps a number positive.
            let digits = rest.prefix(Int(count)).drop { $0 == 0 }
            guard digits.count <= 32 else { return nil }
            numbers += [UInt8](repeating: 0, count: 32 - digits.count) + digits
            rest = rest.dropFirst(Int(count))
        }
        return numbers
    }

    /// Base64 for URLs, without padding.
    private static func base64(_ bytes: some Sequence<UInt8>) -> String {
        let text = Base64.encoded(Array(bytes)).map { byte in
            switch byte {
            case UInt8(ascii: "+"): UInt8(ascii: "-")
            case UInt8(ascii: "/"): UInt8(ascii: "_")
            default: byte
            }
        }
        return String(decoding: text.prefix { $0 != UInt8(ascii: "=") }, as: UTF8.self)
    }
}
