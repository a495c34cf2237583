/// Credentials of a role that a profile assumes with the credentials of its source.
///
///     [profile audit]
///     role_arn = arn:aws:iam::123456789012:role/audit
///     source_profile = work           or credential_source = Environment, Ec2InstanceMetadata or EcsContainer
///     external_id = …                 optional, as are role_session_name, duration_seconds and mfa_serial
struct RoleCredentials {
    private let profile: SharedFiles.Section
    private let context: CredentialContext

    init(_ profile: SharedFiles.Section, _ context: CredentialContext) {
        self.profile = profile
        self.context = context
    }

    /// Where the credentials come from that the role is assumed with.
    enum Source {
        case profile(String)
        case provider(any CredentialProvider)
    }

    var source: Source {
        get throws(AWSError) {
            switch (profile["source_profile"], profile["credential_source"]) {
            case (let name?, nil): return .profile(name)
            case (nil, "Environment"): return .provider(EnvironmentCredentials(context.environment))
            case (nil, "EcsContainer"):
                return .provider(ContainerCredentials(context.environment, transport: context.transport))
            case (nil, "Ec2InstanceMetadata"):
                return .provider(InstanceCredentials(context.environment, transport: context.transport))
            case (nil, let other?):
                throw failure(
                    "has credential_source = \(other), which is none of Environment, Ec2InstanceMetadata and EcsContainer"
                )
            case (nil, nil): throw failure("has role_arn but neither source_profile nor credential_source")
            case (_?, _?): throw failure("has both source_profile and credential_source; remove one")
            }
        }
    }

    /// Assumes the role.
    func credentials(with source: AWSCredentials) async throws(AWSError) -> AWSCredentials {
        var parameters = [("RoleSessionName", profile["role_session_name"] ?? SecurityTokenService.sessionName)]
        if let id = profile["external_id"] { parameters.append(("ExternalId", id)) }
        if let seconds = profile["duration_seconds"] {
            guard Int(seconds) != nil else { throw failure("has duration_seconds = \(seconds), which is no number") }
            parameters.append(("DurationSeconds", seconds))
        }
        if let device = profile["mfa_serial"] {
            let code = try await context.codes.code(of: device, for: profile.name)
            parameters += [("SerialNumber", device), ("TokenCode", code)]
        }
        let service = SecurityTokenService(context: context)
        return try await service.assume(profile["role_arn"] ?? "", "AssumeRole", parameters, with: source)
    }

    func failure(_ reason: String) -> AWSError { .credentials("profile '\(profile.name)' \(reason)") }
}
