import NIOCore
import NIOHTTP1
import SluiceJSON
import SluicePlatform

/// The access token of a session in IAM Identity Center, as `aws sso login` keeps it in `~/.aws/sso/cache`:
///
///     {"accessToken":"…","expiresAt":"2015-08-30T12:36:00Z","startUrl":"…","region":"eu-north-1",
///      "refreshToken":"…","clientId":"…","clientSecret":"…","registrationExpiresAt":"…"}
///
/// With the second line, which only sessions have, a new token is obtained before this one expires, and kept in the file.
struct SSOToken {
    private let file: TokenFile
    private let region: String
    private let canRefresh: Bool
    private let context: CredentialContext
    /// What the user must do if there is no valid token.
    private let advice: String

    /// How many seconds before its expiration a token is replaced.
    private static let margin: Int64 = 900

    /// - Parameters:
    ///   - session: The name of the session, or nil for a profile that has a start URL itself.
    init(session: String?, startURL: String, region: String, profile: String, _ context: CredentialContext) {
        let name = Digests.sha1(session ?? startURL)
        file = TokenFile(path: "\(context.environment["HOME"] ?? "")/.aws/sso/cache/\(name).json")
        canRefresh = session != nil
        advice = "run: aws sso login --profile \(profile)"
        self.region = region
        self.context = context
    }

    /// Returns a valid token.
    func text() async throws(AWSError) -> String {
        guard let members = file.read(), let token = members["accessToken"]?.text,
            let expiry = members["expiresAt"]?.time
        else { throw .credentials("there is no token of IAM Identity Center; \(advice)") }
        let now = Timestamp.now
        if canRefresh, expiry < now + Self.margin, let new = try await refreshed(members, at: now) { return new }
        guard now < expiry else { throw .credentials("the token of IAM Identity Center has expired; \(advice)") }
        return token
    }

    /// Obtains a new token with the present one's refresh token. Returns nil if that is not possible.
    private func refreshed(_ members: [String: JSONValue], at now: Timestamp) async throws(AWSError) -> String? {
        guard let client = members["clientId"], let secret = members["clientSecret"],
            let refreshToken = members["refreshToken"],
            let registrationEnd = members["registrationExpiresAt"]?.time, now < registrationEnd
        else { return nil }
        let endpoint = try context.endpoints.endpoint(for: .ssoOIDC, in: region)
        var request = AWSRequest(.ssoOIDC, "CreateToken", at: endpoint, region: region, method: .POST)
        request.path = "/token"
        request.setJSON([
            "grantType": JSONValue(text: "refresh_token"), "clientId": client, "clientSecret": secret,
            "refreshToken": refreshToken,
        ])
        // The present token may still be valid, so a failure is none yet.
        guard let answer = try? await context.answer(to: request.unsigned, from: "IAM Identity Center"),
            answer.status == 200, let token = answer.json?["accessToken"], let text = token.text,
            let seconds = answer.json?["expiresIn"]?.integer
        else { return nil }
        var new = members
        new["accessToken"] = token
        new["expiresAt"] = JSONValue(time: now + Int64(clamping: seconds))
        // A refresh token can be used once, so the old one is dropped even if there is no new one.
        new["refreshToken"] = answer.json?["refreshToken"]
        file.replace(with: new)
        return text
    }
}
