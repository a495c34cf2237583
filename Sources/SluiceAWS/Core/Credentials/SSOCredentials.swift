import NIOCore
import NIOHTTP1
import SluiceJSON
import SluicePlatform

/// Credentials of a role that IAM Identity Center assigns to the user, who signs in with `aws sso login`.
///
///     [profile dev]                           [sso-session corp]
///     sso_session = corp                      sso_start_url = https://corp.awsapps.com/start
///     sso_account_id = 123456789012           sso_region = eu-north-1
///     sso_role_name = Developer
///
/// Older profiles have no session, but start URL and region themselves.
struct SSOCredentials: CredentialProvider {
    private let profile: SharedFiles.Section
    private let files: SharedFiles
    private let context: CredentialContext

    init(_ profile: SharedFiles.Section, _ files: SharedFiles, _ context: CredentialContext) {
        self.profile = profile
        self.files = files
        self.context = context
    }

    func credentials() async throws(AWSError) -> AWSCredentials? {
        if profile["sso_role_name"] == nil, profile["sso_account_id"] == nil { return nil }
        let session = try session
        let (role, account) = try (setting("sso_role_name", session), setting("sso_account_id", session))
        let (url, region) = try (setting("sso_start_url", session), setting("sso_region", session))
        let token = SSOToken(session: session?.name, startURL: url, region: region, profile: profile.name, context)
        return try await roleCredentials(role, account, region: region, token: try await token.text())
    }

    private var session: SharedFiles.Section? {
        get throws(AWSError) {
            guard let name = profile["sso_session"] else { return nil }
            guard let session = files.section(.ssoSession, name) else {
                throw failure("has sso_session = \(name), but there is no section [sso-session \(name)]")
            }
            return session
        }
    }

    private func setting(_ name: String, _ session: SharedFiles.Section?) throws(AWSError) -> String {
        let (own, common) = (profile[name], session?[name])
        if let own, let common, own != common { throw failure("and its sso-session have different values of \(name)") }
        guard let value = common ?? own else { throw failure("uses IAM Identity Center, but has no \(name)") }
        return value
    }

    private func roleCredentials(
        _ role: String,
        _ account: String,
        region: String,
        token: String
    ) async throws(AWSError) -> AWSCredentials {
        let endpoint = try context.endpoints.endpoint(for: .sso, in: region)
        var request = AWSRequest(.sso, "GetRoleCredentials", at: endpoint, region: region, method: .GET)
        request.path = "/federation/credentials"
        request.query = [("role_name", role), ("account_id", account)]
        request.headers = [("x-amz-sso_bearer_token", token)]
        let answer = try await context.answer(to: request.unsigned, from: "IAM Identity Center")
        let found = answer.json?["roleCredentials"]
        guard answer.status == 200, let key = found?["accessKeyId"]?.text, let secret = found?["secretAccessKey"]?.text
        else {
            let reason = ErrorReply.printable(answer.json?["message"]?.text ?? "status \(answer.status)")
            let advice = answer.status == 401 ? "; run: aws sso login --profile \(profile.name)" : ""
            throw .credentials("IAM Identity Center refused the role \(role) of account \(account): \(reason)\(advice)")
        }
        return AWSCredentials(
            accessKeyID: key,
            secretAccessKey: secret,
            sessionToken: found?["sessionToken"]?.text,
            expiration: found?["expiration"]?.integer.map { Timestamp(seconds: Int64(clamping: $0 / 1000)) }
        )
    }

    private func failure(_ reason: String) -> AWSError { .credentials("profile '\(profile.name)' \(reason)") }
}
