import SluicePlatform

/// Credentials of an EC2 instance's role, from its metadata service.
package struct InstanceCredentials: CredentialProvider {
    private let environment: AWSEnvironment
    private let transport: HTTPTransport

    package init(_ environment: AWSEnvironment, transport: HTTPTransport) {
        self.environment = environment
        self.transport = transport
    }

    package func credentials() async throws(AWSError) -> AWSCredentials? {
        guard let metadata = try await InstanceMetadata(environment, transport: transport) else { return nil }
        let roles = "iam/security-credentials/"
        guard let names = await metadata.text(at: roles), let role = names.split(whereSeparator: \.isNewline).first
        else { return nil }
        guard let document = await metadata.text(at: roles + PercentEncoding.encoded(String(role))) else {
            throw .credentials("the instance's metadata service returned no credentials of the role \(role)")
        }
        return try CredentialDocument.read(Array(document.utf8), from: "the instance's metadata service")
    }
}
