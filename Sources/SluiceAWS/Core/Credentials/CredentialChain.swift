/// A list of providers, asked in order; the first that has credentials is used.
package struct CredentialChain: CredentialProvider {
    private let providers: [any CredentialProvider]

    package init(_ providers: [any CredentialProvider]) { self.providers = providers }

    /// Returns the providers that AWS's own tools use, in their order.
    package static func usual(
        _ environment: AWSEnvironment,
        transport: HTTPTransport,
        endpoints: EndpointResolver
    ) -> CredentialChain {
        CredentialChain([
            EnvironmentCredentials(environment),
            WebIdentityCredentials(environment, transport: transport, endpoints: endpoints),
            ProfileCredentials(environment),
            ContainerCredentials(environment, transport: transport),
            InstanceCredentials(environment, transport: transport),
        ])
    }

    package func credentials() async throws(AWSError) -> AWSCredentials? {
        for provider in providers {
            if let credentials = try await provider.credentials() { return credentials }
        }
        return nil
    }
}
