import CCrypto
import SluicePlatform

/// Digests, most in the form that the protocols use: lower-case hexadecimal.
///
/// They are OpenSSL's. swift-crypto would compile a second copy of BoringSSL, beside that of swift-nio-ssl, for three
/// functions: 240 files of C++, a fifth of the time of a build.
package enum Digests {
    /// Returns the bytes of the SHA-256 digest, which signatures use.
    static func sha256(of bytes: UnsafeRawBufferPointer) -> [UInt8] { digest(bytes, EVP_sha256()) }

    package static func sha256(_ text: String) -> String {
        var text = text
        return text.withUTF8 { Hexadecimal.text(sha256(of: UnsafeRawBufferPointer($0))) }
    }

    /// Returns the SHA-1 digest, which names files of AWS's command-line interface. It protects against nothing.
    package static func sha1(_ text: String) -> String {
        Array(text.utf8).withUnsafeBytes { Hexadecimal.text(digest($0, EVP_sha1())) }
    }

    /// Returns the MD5 digest, with which SQS confirms what it stored. It protects against accidental changes only.
    package static func md5(_ bytes: some Sequence<UInt8>) -> String {
        Array(bytes).withUnsafeBytes { Hexadecimal.text(digest($0, EVP_md5())) }
    }

    static func hmac(_ text: String, key: [UInt8]) -> [UInt8] {
        var text = text
        return text.withUTF8 { text in
            filled { HMAC(EVP_sha256(), key, Int32(key.count), text.baseAddress, text.count, $0, $1) }
        }
    }

    private static func digest(_ bytes: UnsafeRawBufferPointer, _ algorithm: OpaquePointer?) -> [UInt8] {
        filled { EVP_Digest(bytes.baseAddress, bytes.count, $0, $1, algorithm, nil) }
    }

    /// Returns the bytes that `write` writes. Safe: no digest is longer than EVP_MAX_MD_SIZE.
    private static func filled<Result>(
        _ write: (UnsafeMutablePointer<UInt8>?, UnsafeMutablePointer<UInt32>) -> Result
    ) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: Int(EVP_MAX_MD_SIZE)) { buffer, count in
            var length: UInt32 = 0
            _ = write(buffer.baseAddress, &length)
            count = Int(length)
        }
    }
}
