import SluicePlatform

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
        var key = Array("AWS4\(credentials.secretAccessKey)".utf8)
        for part in [time.date, region, service, "aws4_request"] { key = Digests.hmac(part, key: key) }
        return key
    }
}
