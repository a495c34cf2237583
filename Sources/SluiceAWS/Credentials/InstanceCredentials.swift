import NIOCore
import NIOHTTP1

/// The role of an EC2 instance, from its metadata service (IMDSv2: a token first, then what it opens).
package struct InstanceCredentials: CredentialProvider {
    private let environment: AWSEnvironment
    private let transport: HTTPTransport

    package init(_ environment: AWSEnvironment, transport: HTTPTransport) {
        self.environment = environment
        self.transport = transport
    }

    package func credentials() async throws(AWSError) -> AWSCredentials? {
        if environment.isTrue("AWS_EC2_METADATA_DISABLED") { return nil }
        // Elsewhere than on EC2 nobody answers, and then there are no such credentials.
        guard let token = await token() else { return nil }
        let roles = "/latest/meta-data/iam/security-credentials/"
        guard let names = await get(roles, token), let role = names.split(whereSeparator: \.isNewline).first else {
            return nil
        }
        guard let document = await get(roles + role, token) else {
            throw .credentials("the instance's metadata service does not give credentials of role \(role)")
        }
        return try CredentialDocument.read(Array(document.utf8), from: "the instance's metadata service")
    }

    private var base: String {
        let base = environment["AWS_EC2_METADATA_SERVICE_ENDPOINT"] ?? "http://169.254.169.254"
        return base.hasSuffix("/") ? String(base.dropLast()) : base
    }

    private func token() async -> String? {
        var request = HTTPRequest(method: .PUT, url: "\(base)/latest/api/token")
        request.headers = [("x-aws-ec2-metadata-token-ttl-seconds", "21600")]
        request.timeout = .seconds(1)
        return await text(request, attempts: 1)
    }

    private func get(_ path: String, _ token: String) async -> String? {
        var request = HTTPRequest(method: .GET, url: base + path)
        request.headers = [("x-aws-ec2-metadata-token", token)]
        request.timeout = .seconds(1)
        return await text(request, attempts: 3)
    }

    private func text(_ request: HTTPRequest, attempts: Int) async -> String? {
        guard let reply = try? await transport.send(request, attempts: attempts), reply.status == 200 else {
            return nil
        }
        return String(buffer: reply.body)
    }
}
