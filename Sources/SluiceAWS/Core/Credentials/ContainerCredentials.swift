import NIOCore
import NIOHTTP1

/// Credentials from the endpoint that ECS, EKS and others provide to a container, set by
/// `AWS_CONTAINER_CREDENTIALS_RELATIVE_URI` or `AWS_CONTAINER_CREDENTIALS_FULL_URI`, with a token if one is set.
package struct ContainerCredentials: CredentialProvider {
    private let environment: AWSEnvironment
    private let transport: HTTPTransport

    package init(_ environment: AWSEnvironment, transport: HTTPTransport) {
        self.environment = environment
        self.transport = transport
    }

    package func credentials() async throws(AWSError) -> AWSCredentials? {
        guard let url = try url else { return nil }
        var request = HTTPRequest(method: .GET, url: url)
        request.idleTimeout = .seconds(2)
        request.limit = CredentialDocument.largest
        if let token = try token { request.headers.append(("authorization", token)) }
        let reply: HTTPReply
        do { reply = try await transport.send(request, attempts: 3) } catch {
            throw .credentials("the container's credentials at \(url) cannot be reached: \(error.reason)")
        }
        guard reply.status == 200 else {
            throw .credentials("the container's credentials at \(url) answered with status \(reply.status)")
        }
        return try CredentialDocument.read(Array(buffer: reply.body), from: url)
    }

    private var url: String? {
        get throws(AWSError) {
            if let path = environment["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] {
                return "http://169.254.170.2" + (path.hasPrefix("/") ? path : "/\(path)")
            }
            guard let url = environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"] else { return nil }
            // A secret must not leave this machine over plain HTTP.
            guard let endpoint = Endpoint(url), endpoint.scheme == "https" || Self.isBesideContainer(endpoint) else {
                throw .credentials("AWS_CONTAINER_CREDENTIALS_FULL_URI must be https, or on this machine: \(url)")
            }
            return url
        }
    }

    /// Whether the endpoint is on this machine, or one of the link-local addresses that ECS and EKS reserve for it.
    private static func isBesideContainer(_ endpoint: Endpoint) -> Bool {
        endpoint.isLoopback
            || ["169.254.170.2", "169.254.170.23", "[fd00:ec2::23]"].contains(endpoint.host.lowercased())
    }

    private var token: String? {
        get throws(AWSError) {
            guard let path = environment["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] else {
                return environment["AWS_CONTAINER_AUTHORIZATION_TOKEN"]
            }
            guard let token = SmallFile.text(at: path) else {
                throw .credentials("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: \(path) cannot be read")
            }
            return token
        }
    }
}
