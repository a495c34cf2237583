import NIOCore
import NIOHTTP1
import SluicePlatform

/// The metadata service of an EC2 instance (IMDSv2, which requires a token).
struct InstanceMetadata {
    private let transport: HTTPTransport
    private let base: String
    private let token: String

    /// Returns nil outside EC2, where nothing answers, and where `AWS_EC2_METADATA_DISABLED` is `true`.
    init?(_ environment: AWSEnvironment, transport: HTTPTransport) async throws(AWSError) {
        if environment.isTrue("AWS_EC2_METADATA_DISABLED") { return nil }
        let base = try Self.base(environment)
        var request = HTTPRequest(method: .PUT, url: "\(base)/latest/api/token")
        request.headers = [("x-aws-ec2-metadata-token-ttl-seconds", "21600")]
        guard let token = await Self.text(request, transport, attempts: 1) else { return nil }
        self.transport = transport
        self.base = base
        self.token = token
    }

    /// Returns the text at a path below `/latest/meta-data/`, or nil if there is none.
    func text(at path: String) async -> String? {
        var request = HTTPRequest(method: .GET, url: "\(base)/latest/meta-data/\(path)")
        request.headers = [("x-aws-ec2-metadata-token", token)]
        return await Self.text(request, transport, attempts: 3)
    }

    private static func base(_ environment: AWSEnvironment) throws(AWSError) -> String {
        let profile = SharedFiles(environment).profile
        let name = "AWS_EC2_METADATA_SERVICE_ENDPOINT"
        guard let url = environment[name] ?? profile?["ec2_metadata_service_endpoint"] else {
            let mode = environment["\(name)_MODE"] ?? profile?["ec2_metadata_service_endpoint_mode"]
            return mode?.lowercased() == "ipv6" ? "http://[fd00:ec2::254]" : "http://169.254.169.254"
        }
        guard let endpoint = Endpoint(url) else { throw .credentials("\(name): '\(url)' is not a valid address") }
        return endpoint.url(path: "")
    }

    private static func text(_ request: HTTPRequest, _ transport: HTTPTransport, attempts: Int) async -> String? {
        var request = request
        request.idleTimeout = .seconds(1)
        request.limit = CredentialDocument.largest
        guard let reply = try? await transport.send(request, attempts: attempts), reply.status == 200 else {
            return nil
        }
        return String(buffer: reply.body)
    }
}
