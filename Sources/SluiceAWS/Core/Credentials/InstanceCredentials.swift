import NIOCore
import NIOHTTP1
import SluicePlatform

/// Credentials of an EC2 instance's role, from its metadata service (IMDSv2, which requires a token).
package struct InstanceCredentials: CredentialProvider {
    private let environment: AWSEnvironment
    private let transport: HTTPTransport

    package init(_ environment: AWSEnvironment, transport: HTTPTransport) {
        self.environment = environment
        self.transport = transport
    }

    package func credentials() async throws(AWSError) -> AWSCredentials? {
        if environment.isTrue("AWS_EC2_METADATA_DISABLED") { return nil }
        // Outside EC2 there is no answer, and so there are no instance credentials.
        let base = try base
        guard let token = await token(base) else { return nil }
        let roles = "/latest/meta-data/iam/security-credentials/"
        guard let names = await get(base + roles, token), let role = names.split(whereSeparator: \.isNewline).first
        else {
            return nil
        }
        guard let document = await get(base + roles + PercentEncoding.encoded(String(role)), token) else {
            throw .credentials("the instance's metadata service returned no credentials of the role \(role)")
        }
        return try CredentialDocument.read(Array(document.utf8), from: "the instance's metadata service")
    }

    private var base: String {
        get throws(AWSError) {
            let name = "AWS_EC2_METADATA_SERVICE_ENDPOINT"
            guard let url = environment[name] else { return "http://169.254.169.254" }
            guard let endpoint = Endpoint(url) else { throw .credentials("\(name): '\(url)' is not a valid address") }
            return endpoint.url(path: "")
        }
    }

    private func token(_ base: String) async -> String? {
        var request = HTTPRequest(method: .PUT, url: "\(base)/latest/api/token")
        request.headers = [("x-aws-ec2-metadata-token-ttl-seconds", "21600")]
        return await text(request, attempts: 1)
    }

    private func get(_ url: String, _ token: String) async -> String? {
        var request = HTTPRequest(method: .GET, url: url)
        request.headers = [("x-aws-ec2-metadata-token", token)]
        return await text(request, attempts: 3)
    }

    private func text(_ request: HTTPRequest, attempts: Int) async -> String? {
        var request = request
        request.idleTimeout = .seconds(1)
        request.limit = CredentialDocument.largest
        guard let reply = try? await transport.send(request, attempts: attempts), reply.status == 200 else {
            return nil
        }
        return String(buffer: reply.body)
    }
}
