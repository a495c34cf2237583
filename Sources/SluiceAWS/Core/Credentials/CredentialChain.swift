/// A list of providers, asked in order; the first that has credentials is used.
package struct CredentialChain: CredentialProvider {
    private let providers: [any CredentialProvider]

    package init(_ providers: [any CredentialProvider]) { self.providers = providers }

    /// Returns the providers that AWS's own tools use, in their order.
    package static func usual(_ context: CredentialContext) -> CredentialChain {
        CredentialChain([
            EnvironmentCredentials(context.environment),
            // A profile with a role comes before a web identity in the environment, other profiles after it, as in botocore.
            ProfileCredentials(context, onlyRoles: true),
            WebIdentityCredentials(context),
            ProfileCredentials(context),
            ContainerCredentials(context.environment, transport: context.transport),
            InstanceCredentials(context.environment, transport: context.transport),
        ])
    }

    package func credentials() async throws(AWSError) -> AWSCredentials? {
        for provider in providers {
            if let credentials = try await provider.credentials() { return credentials }
        }
        return nil
    }
}
