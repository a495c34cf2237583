import CSluiceKernels
import Crypto
import NIOCore
import SluicePlatform

/// Digests in the form that the protocols use: lower-case hexadecimal.
package enum Digests {
    /// Returns the SHA-256 digest, which signatures use.
    package static func sha256(_ bytes: UnsafeRawBufferPointer) -> String {
        var hash = SHA256()
        hash.update(bufferPointer: bytes)
        return Hexadecimal.text(hash.finalize())
    }

    /// Returns the SHA-256 digests of two texts, hashed at once if the processor can. Swift Crypto hashes one at a time, which
    /// takes nearly twice as long, as each step depends on the one before.
    package static func sha256(_ first: ByteBuffer, _ second: ByteBuffer) -> (String, String) {
        first.withUnsafeReadableBytes { first in
            second.withUnsafeReadableBytes { second in
                guard sluice_has_sha256_pair() != 0, !first.isEmpty, !second.isEmpty else {
                    return (sha256(first), sha256(second))
                }
                // Safe: the function reads the two buffers, which are valid in these closures, and writes 64 bytes.
                let digests = [UInt8](unsafeUninitializedCapacity: 64) { memory, count in
                    sluice_sha256_pair(
                        first.baseAddress,
                        first.count,
                        second.baseAddress,
                        second.count,
                        memory.baseAddress
                    )
                    count = 64
                }
                return (Hexadecimal.text(digests[..<32]), Hexadecimal.text(digests[32...]))
            }
        }
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
