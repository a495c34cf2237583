import NIOCore
import NIOHTTP1
import SluicePlatform

/// Credentials of a role, obtained from the Security Token Service with a token that an identity provider signed, as in pods
/// of EKS: `AWS_WEB_IDENTITY_TOKEN_FILE` and `AWS_ROLE_ARN`.
package struct WebIdentityCredentials: CredentialProvider {
    private let environment: AWSEnvironment
    private let transport: HTTPTransport
    private let endpoints: EndpointResolver

    package init(_ environment: AWSEnvironment, transport: HTTPTransport, endpoints: EndpointResolver) {
        self.environment = environment
        self.transport = transport
        self.endpoints = endpoints
    }

    package func credentials() async throws(AWSError) -> AWSCredentials? {
        guard let path = environment["AWS_WEB_IDENTITY_TOKEN_FILE"] else { return nil }
        guard let role = environment["AWS_ROLE_ARN"] else {
            throw .credentials("AWS_WEB_IDENTITY_TOKEN_FILE is set but AWS_ROLE_ARN is not")
        }
        // The file is replaced from time to time, so it is read anew each time.
        guard let token = SmallFile.text(at: path) else {
            throw .credentials("AWS_WEB_IDENTITY_TOKEN_FILE: \(path) cannot be read")
        }
        let form = PercentEncoding.query([
            ("Action", "AssumeRoleWithWebIdentity"), ("Version", "2011-06-15"), ("RoleArn", role),
            ("RoleSessionName", environment["AWS_ROLE_SESSION_NAME"] ?? "sluice"), ("WebIdentityToken", token),
        ])
        var request = HTTPRequest(method: .POST, url: try endpoints.endpoint(for: .sts).url(path: "/"))
        request.headers = [("content-type", "application/x-www-form-urlencoded")]
        request.body = ByteBuffer(string: form)
        request.limit = CredentialDocument.largest
        let reply: HTTPReply
        do { reply = try await transport.send(request, attempts: 3) } catch {
            throw .credentials("the Security Token Service cannot be reached: \(error.reason)")
        }
        let text = String(buffer: reply.body)
        guard reply.status == 200, let key = XMLElement.first("AccessKeyId", in: text),
            let secret = XMLElement.first("SecretAccessKey", in: text)
        else {
            let reason = ErrorReply.printable(XMLElement.first("Message", in: text) ?? "status \(reply.status)")
            throw .credentials("the Security Token Service refused the role \(role): \(reason)")
        }
        return AWSCredentials(
            accessKeyID: key,
            secretAccessKey: secret,
            sessionToken: XMLElement.first("SessionToken", in: text),
            expiration: XMLElement.first("Expiration", in: text).flatMap { Timestamp(iso: $0) }
        )
    }
}
