import SluicePlatform

/// Credentials of a role, obtained from the Security Token Service with a token that an identity provider signed, as in pods
/// of EKS: `AWS_WEB_IDENTITY_TOKEN_FILE` and `AWS_ROLE_ARN`, or `web_identity_token_file` and `role_arn` of a profile.
package struct WebIdentityCredentials: CredentialProvider {
    private let service: SecurityTokenService
    private let tokenFile: String?
    private let role: String?
    private let sessionName: String?
    /// The names of the settings for file and role, for errors.
    private let names: (file: String, role: String)

    package init(_ context: CredentialContext) {
        let environment = context.environment
        service = SecurityTokenService(context: context)
        tokenFile = environment["AWS_WEB_IDENTITY_TOKEN_FILE"]
        role = environment["AWS_ROLE_ARN"]
        sessionName = environment["AWS_ROLE_SESSION_NAME"]
        names = ("AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN")
    }

    init(_ profile: SharedFiles.Section, _ context: CredentialContext) {
        service = SecurityTokenService(context: context)
        tokenFile = profile["web_identity_token_file"]
        role = profile["role_arn"]
        sessionName = profile["role_session_name"]
        let title = "of profile '\(profile.name)'"
        names = ("web_identity_token_file \(title)", "role_arn \(title)")
    }

    package func credentials() async throws(AWSError) -> AWSCredentials? {
        guard let tokenFile else { return nil }
        guard let role else { throw .credentials("\(names.file) is set but \(names.role) is not") }
        // The file is replaced from time to time, so it is read anew each time.
        guard let token = SmallFile.text(at: tokenFile) else {
            throw .credentials("\(names.file): \(tokenFile) cannot be read")
        }
        return try await service.assume(
            role,
            "AssumeRoleWithWebIdentity",
            [("RoleSessionName", sessionName ?? SecurityTokenService.sessionName), ("WebIdentityToken", token)],
            with: nil
        )
    }
}
