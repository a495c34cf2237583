import NIOCore
import NIOHTTP1
import SluiceJSON
import SluicePlatform

/// Credentials of a user who signed in with `aws login`, which keeps them in `~/.aws/login/cache`:
///
///     {"accessToken":{"accessKeyId":"…","secretAccessKey":"…","sessionToken":"…","expiresAt":"2015-08-30T12:36:00Z",…},
///      "refreshToken":"…","clientId":"arn:aws:signin:::devtools/same-device","dpopKey":"-----BEGIN EC PRIVATE KEY-----…"}
///
/// They last for 15 minutes. New ones are obtained with the refresh token and a ``ProofOfPossession`` of the key.
struct LoginCredentials: CredentialProvider {
    private let profile: SharedFiles.Section
    private let context: CredentialContext

    /// How many seconds before their expiration credentials are replaced.
    private static let margin: Int64 = 300

    init(_ profile: SharedFiles.Section, _ context: CredentialContext) {
        self.profile = profile
        self.context = context
    }

    func credentials() async throws(AWSError) -> AWSCredentials? {
        guard let session = profile["login_session"] else { return nil }
        let environment = context.environment
        let directory = environment["AWS_LOGIN_CACHE_DIRECTORY"] ?? "\(environment["HOME"] ?? "")/.aws/login/cache"
        let file = TokenFile(path: "\(directory)/\(Digests.sha256(session)).json")
        guard let members = file.read(), let present = Self.credentials(members["accessToken"]) else {
            throw failure("there are no credentials of '\(session)'")
        }
        if let expiration = present.expiration, Timestamp.now + Self.margin < expiration { return present }
        let new = try await refreshed(members)
        file.replace(with: new)
        return Self.credentials(new["accessToken"])
    }

    /// Obtains new credentials, and returns the file's new members.
    private func refreshed(_ members: [String: JSONValue]) async throws(AWSError) -> [String: JSONValue] {
        guard let client = members["clientId"], let refreshToken = members["refreshToken"],
            let key = members["dpopKey"]?.text.flatMap({ ProofOfPossession(pem: $0) })
        else { throw failure("its file lacks what new credentials take") }
        // The region where the user signed in; files of older versions do not state it.
        let region =
            if let own = members["signInRegion"]?.text { own } else { try context.endpoints.region(for: .signIn) }
        let endpoint = try context.endpoints.endpoint(for: .signIn, in: region)
        var request = AWSRequest(.signIn, "CreateOAuth2Token", at: endpoint, region: region, method: .POST)
        request.path = "/v1/token"
        request.setJSON([
            "clientId": client, "refreshToken": refreshToken, "grantType": JSONValue(text: "refresh_token"),
        ])
        guard let proof = key.header(for: endpoint.url(path: request.path), at: context.clock.now) else {
            throw failure("its key can't be used")
        }
        request.headers.append(("dpop", proof))
        let answer = try await context.answer(to: request.unsigned, from: "AWS Sign-In")
        guard answer.status == 200, var token = answer.json?["accessToken"]?.members,
            let seconds = answer.json?["expiresIn"]?.integer, let next = answer.json?["refreshToken"]
        else {
            let reason = answer.json?["error"]?.text ?? answer.json?["message"]?.text ?? "status \(answer.status)"
            throw failure("AWS Sign-In refused new ones: \(ErrorReply.printable(reason))")
        }
        token["accountId"] = members["accessToken"]?["accountId"]
        token["expiresAt"] = JSONValue(time: .now + Int64(clamping: seconds))
        var new = members
        new["accessToken"] = .object(token)
        new["refreshToken"] = next
        guard Self.credentials(new["accessToken"]) != nil else { throw failure("AWS Sign-In returned none") }
        return new
    }

    private static func credentials(_ token: JSONValue?) -> AWSCredentials? {
        guard let key = token?["accessKeyId"]?.text, let secret = token?["secretAccessKey"]?.text,
            let expiration = token?["expiresAt"]?.time
        else { return nil }
        return AWSCredentials(
            accessKeyID: key,
            secretAccessKey: secret,
            sessionToken: token?["sessionToken"]?.text,
            expiration: expiration
        )
    }

    private func failure(_ reason: String) -> AWSError {
        .credentials("profile '\(profile.name)' uses aws login: \(reason); run: aws login --profile \(profile.name)")
    }
}
