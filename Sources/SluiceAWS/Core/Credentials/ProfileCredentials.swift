/// Credentials of the selected profile in the shared files. Of what a profile may have, the first in this order counts:
///
///     role_arn                    a role, assumed with the credentials of another profile or of the machine
///     web_identity_token_file     a role, assumed with a token
///     sso_role_name               a role in IAM Identity Center, with the token of aws sso login
///     aws_access_key_id           keys
///     login_session               what aws login obtained
///     credential_process          a command that prints them
package struct ProfileCredentials: CredentialProvider {
    private let context: CredentialContext
    private let onlyRoles: Bool

    /// - Parameter onlyRoles: Whether to ignore the profile unless it has `role_arn`.
    package init(_ context: CredentialContext, onlyRoles: Bool = false) {
        self.context = context
        self.onlyRoles = onlyRoles
    }

    package func credentials() async throws(AWSError) -> AWSCredentials? {
        let files = SharedFiles(context.environment)
        guard let profile = files.profile else {
            if onlyRoles || !files.isProfileChosen { return nil }
            throw .credentials("AWS_PROFILE: no profile '\(files.profileName)' in the shared files")
        }
        if onlyRoles, !profile.assumesRole { return nil }
        return try await credentials(of: profile, in: files, users: [])
    }

    /// Returns the credentials of a profile, or nil if it has none.
    ///
    /// - Parameter users: The profiles that assume roles with these credentials, beginning with the selected one.
    private func credentials(
        of profile: SharedFiles.Section,
        in files: SharedFiles,
        users: [String]
    ) async throws(AWSError) -> AWSCredentials? {
        // A source's own keys take precedence. So a profile that names itself as its source can have both keys and a role.
        if profile.assumesRole, users.isEmpty || !profile.hasKeys {
            return try await roleCredentials(of: profile, in: files, users: users)
        }
        if let credentials = try await WebIdentityCredentials(profile, context).credentials() { return credentials }
        if let credentials = try await SSOCredentials(profile, files, context).credentials() { return credentials }
        if let credentials = try profile.keys() { return credentials }
        if let credentials = try await LoginCredentials(profile, context).credentials() { return credentials }
        return try await ProcessCredentials(profile).credentials()
    }

    private func roleCredentials(
        of profile: SharedFiles.Section,
        in files: SharedFiles,
        users: [String]
    ) async throws(AWSError) -> AWSCredentials {
        let role = RoleCredentials(profile, context)
        let found: AWSCredentials?
        let origin: String
        switch try role.source {
        case .provider(let provider):
            found = try await provider.credentials()
            origin = "its credential_source"
        case .profile(let name):
            guard let source = files.section(.profile, name) else {
                throw role.failure("has source_profile = \(name), which is not in the shared files")
            }
            let users = users + [profile.name]
            if users.contains(name), name != profile.name || !source.hasKeys {
                let chain = (users + [name]).joined(separator: " → ")
                throw role.failure("is in a circle of source profiles, none of which has keys: \(chain)")
            }
            found = try await credentials(of: source, in: files, users: users)
            origin = "its source_profile, '\(name)',"
        }
        guard let found else { throw role.failure("assumes a role, but \(origin) has no credentials") }
        return try await role.credentials(with: found)
    }
}

extension SharedFiles.Section {
    fileprivate var assumesRole: Bool { self["role_arn"] != nil && self["web_identity_token_file"] == nil }
    fileprivate var hasKeys: Bool { self["aws_access_key_id"] != nil }

    /// Returns the keys that stand in a profile itself.
    fileprivate func keys() throws(AWSError) -> AWSCredentials? {
        guard let key = self["aws_access_key_id"] else { return nil }
        guard let secret = self["aws_secret_access_key"] else {
            throw .credentials("profile '\(name)' has aws_access_key_id but no aws_secret_access_key")
        }
        return AWSCredentials(
            accessKeyID: key,
            secretAccessKey: secret,
            sessionToken: self["aws_session_token"],
            expiration: nil
        )
    }
}
