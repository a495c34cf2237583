import SluicePlatform
import Synchronization

/// Signature Version 4 (AWS, "Signing AWS API requests").
///
///     let signer = Signer(credentials: credentials, region: "eu-north-1", service: "sqs")
///     let authorization = signer.authorization(for: request, at: .now)
///
/// The request must have the headers `host`, `x-amz-date` and, for temporary credentials, `x-amz-security-token`.
package struct Signer: Sendable {
    package var credentials: AWSCredentials
    package var region: String
    /// The service's name in signatures, such as `s3`.
    package var service: String

    package init(credentials: AWSCredentials, region: String, service: String) {
        self.credentials = credentials
        self.region = region
        self.service = service
    }

    /// Returns the value of the `authorization` header.
    package func authorization(for request: SigningRequest, at time: Timestamp) -> String {
        let signature = Hexadecimal.text(Digests.hmac(stringToSign(request, at: time), key: key(at: time)))
        return "\(Self.algorithm) Credential=\(credentials.accessKeyID)/\(scope(at: time)), "
            + "SignedHeaders=\(request.signedHeaders), Signature=\(signature)"
    }

    package func stringToSign(_ request: SigningRequest, at time: Timestamp) -> String {
        [Self.algorithm, time.basic, scope(at: time), Digests.sha256(request.canonical)].joined(separator: "\n")
    }

    private static let algorithm = "AWS4-HMAC-SHA256"

    private func scope(at time: Timestamp) -> String { "\(time.date)/\(region)/\(service)/aws4_request" }

    /// Returns the signing key, which is valid for one day, region and service.
    private func key(at time: Timestamp) -> [UInt8] {
        let name = KeyName(secret: credentials.secretAccessKey, date: time.date, region: region, service: service)
        if let key = Self.keys.withLock({ $0[name] }) { return key }
        var key = Array("AWS4\(name.secret)".utf8)
        for part in [name.date, region, service, "aws4_request"] { key = Digests.hmac(part, key: key) }
        Self.keys.withLock { keys in
            // A process has few keys at a time: old ones are those of expired credentials.
            if keys.count == Self.mostKeys { keys = [:] }
            keys[name] = key
        }
        return key
    }

    /// What a signing key is derived from.
    private struct KeyName: Hashable {
        var secret: String
        var date: String
        var region: String
        var service: String
    }

    /// The keys in use: deriving one takes four times as long as signing with it.
    private static let keys = Mutex<[KeyName: [UInt8]]>([:])
    private static let mostKeys = 16
}
