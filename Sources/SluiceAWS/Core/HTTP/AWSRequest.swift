import NIOCore
import NIOHTTP1
import SluiceEngine
import SluicePlatform

/// A request to an AWS service, not yet signed.
package struct AWSRequest: Sendable {
    package var service: AWSService
    /// The operation's name in errors.
    package var operation: String
    package var endpoint: Endpoint
    package var region: String
    /// The object that a request to S3 is for.
    package var location: S3Location?
    package var method: HTTPMethod
    /// The encoded path, relative to the endpoint's base path.
    package var path = "/"
    /// The query items, not encoded.
    package var query: [(name: String, value: String)] = []
    package var headers: [(name: String, value: String)] = []
    package var body: ByteBuffer?
    /// How long the service may take to answer, in addition to the client's idle timeout.
    package var patience: Duration = .zero
    /// The most bytes that an answer may have.
    package var limit = 16 << 20

    package init(
        _ service: AWSService,
        _ operation: String,
        at endpoint: Endpoint,
        region: String,
        method: HTTPMethod
    ) {
        self.service = service
        self.operation = operation
        self.endpoint = endpoint
        self.region = region
        self.method = method
    }

    /// Returns the request in its final form, with its signature.
    package func signed(with credentials: AWSCredentials, at time: Timestamp) -> HTTPRequest {
        let digest = (body ?? ByteBuffer()).withUnsafeReadableBytes { Digests.sha256(of: $0) }
        let hash = Hexadecimal.text(digest)
        var headers = headers + [("host", endpoint.authority), ("x-amz-date", time.basic)]
        if service == .s3 { headers.append(("x-amz-content-sha256", hash)) }
        // A bucket with Object Lock does not take the header above for a checksum.
        if service == .s3, body != nil {
            let checksum = String(decoding: Base64.encoded(digest), as: Unicode.UTF8.self)
            headers.append(("x-amz-checksum-sha256", checksum))
        }
        if let token = credentials.sessionToken { headers.append(("x-amz-security-token", token)) }
        let signing = SigningRequest(
            method: method.rawValue,
            path: endpoint.basePath + path,
            query: query,
            headers: headers,
            bodyHash: hash,
            pathStyle: service == .s3 ? .verbatim : .normalised
        )
        let signer = Signer(credentials: credentials, region: region, service: service.rawValue)
        headers.append(("authorization", signer.authorization(for: signing, at: time)))
        var signed = self
        signed.headers = headers
        return signed.unsigned
    }

    /// The request in its final form, for operations that take no signature.
    package var unsigned: HTTPRequest {
        var request = HTTPRequest(method: method, url: endpoint.url(path: path, query: PercentEncoding.query(query)))
        // Never signed, because proxies may change it.
        request.headers = headers + [("user-agent", "sluice/\(SluicePackage.version)")]
        request.body = body
        request.patience = patience
        request.limit = limit
        return request
    }
}
