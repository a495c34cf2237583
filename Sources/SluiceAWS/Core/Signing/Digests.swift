import Crypto
import SluicePlatform

/// Digests in the form that the protocols use: lower-case hexadecimal.
package enum Digests {
    /// Returns the SHA-256 digest, which signatures use.
    package static func sha256(_ bytes: UnsafeRawBufferPointer) -> String {
        var hash = SHA256()
        hash.update(bufferPointer: bytes)
        return Hexadecimal.text(hash.finalize())
    }

    package static func sha256(_ text: String) -> String {
        var text = text
        return text.withUTF8 { sha256(UnsafeRawBufferPointer($0)) }
    }

    /// Returns the MD5 digest, with which SQS confirms what it stored. It protects against accidental changes only.
    package static func md5(_ bytes: some Sequence<UInt8>) -> String {
        var hash = Insecure.MD5()
        let bytes = Array(bytes)
        bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
        return Hexadecimal.text(hash.finalize())
    }

    static func hmac(_ text: String, key: [UInt8]) -> [UInt8] {
        var code = HMAC<SHA256>(key: SymmetricKey(data: key))
        var text = text
        text.withUTF8 { code.update(data: UnsafeRawBufferPointer($0)) }
        return Array(code.finalize())
    }
}
