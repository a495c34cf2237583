import NIOCore
import SluiceAWS
import SluicePlatform
import Synchronization
import Testing

/// A user's home with profiles and the files of AWS's command-line interface, and services that answer by path.
private final class Home: Sendable {
    private let directory: TemporaryDirectory
    private let answers: [String: (status: Int, json: String)]
    private let recorded = Mutex<[HTTPRequest]>([])
    private let file: String

    /// - Parameter token: The name and the members of a file below `.aws`.
    init(_ config: String, token: (name: String, json: String), _ answers: [String: (status: Int, json: String)]) throws
    {
        directory = try TemporaryDirectory()
        _ = try directory.write(".aws/config", config)
        file = try directory.write(".aws/\(token.name)", token.json)
        self.answers = answers
    }

    var requests: [HTTPRequest] { recorded.withLock { $0 } }

    /// The text of the token's file.
    var token: String { System.contents(of: file, limit: 1 << 16).map { String(decoding: $0, as: UTF8.self) } ?? "" }

    func credentials() async throws -> AWSCredentials? {
        let environment = AWSEnvironment([
            "HOME": directory.path, "AWS_REGION": "eu-north-1", "AWS_EC2_METADATA_DISABLED": "true",
        ])
        let transport = HTTPTransport { request in
            self.recorded.withLock { $0.append(request) }
            let path =
                request.url.split(separator: "amazonaws.com").last ?? request.url.split(separator: "api.aws").last ?? ""
            let key = self.answers.keys.first { path.hasPrefix($0) || request.url.hasSuffix($0) }
            guard let answer = key.flatMap({ self.answers[$0] }) else { return .success(HTTPReply(status: 404)) }
            return .success(HTTPReply(status: answer.status, body: ByteBuffer(string: answer.json)))
        }
        let endpoints = EndpointResolver(environment)
        let context = CredentialContext(environment, transport: transport, endpoints: endpoints)
        return try await CredentialChain.usual(context).credentials()
    }

    /// Returns the error's message.
    func failure() async -> String {
        let error = await #expect(throws: AWSError.self) { try await credentials() }
        return error?.message ?? ""
    }
}

@Suite struct `Profiles that use IAM Identity Center` {
    private let session = """
        [default]
        sso_session = corp
        sso_account_id = 1
        sso_role_name = r
        [sso-session corp]
        sso_region = eu-west-1
        sso_start_url = https://corp
        """
    private let legacy = """
        [default]
        sso_region = eu-west-1
        sso_start_url = https://corp
        sso_account_id = 1
        sso_role_name = r
        """
    private let role = (
        status: 200,
        json:
            #"{"roleCredentials":{"accessKeyId":"k","secretAccessKey":"s","sessionToken":"t","expiration":1440938160000}}"#
    )
    private let registration = #""clientId":"c","clientSecret":"cs","registrationExpiresAt":"2999-01-01T00:00:00Z""#

    private func home(_ config: String, _ members: String, refresh: (status: Int, json: String)? = nil) throws -> Home {
        let name = config == legacy ? "https://corp" : "corp"
        let answers = ["/federation/credentials": role, "/token": refresh].compactMapValues { $0 }
        return try Home(config, token: ("sso/cache/\(Digests.sha1(name)).json", "{\(members)}"), answers)
    }

    @Test func `exchange a valid token for a role's credentials`() async throws {
        for config in [session, legacy] {
            let home = try home(config, #""accessToken":"token","expiresAt":"2999-01-01T00:00:00Z""#)
            let found = try await home.credentials()
            #expect(found?.accessKeyID == "k" && found?.sessionToken == "t")
            #expect(found?.expiration == Timestamp(seconds: 1_440_938_160))
            let url = "https://portal.sso.eu-west-1.amazonaws.com/federation/credentials?account_id=1&role_name=r"
            #expect(home.requests.map(\.url) == [url])
            #expect(home.requests[0].headers.contains { $0 == ("x-amz-sso_bearer_token", "token") })
        }
    }

    @Test func `refresh a session's token and keep the new one`() async throws {
        let refresh = (status: 200, json: #"{"accessToken":"new","expiresIn":28800,"refreshToken":"r2"}"#)
        let old =
            #""accessToken":"old","expiresAt":"2015-08-30T12:36:00UTC","refreshToken":"r1","more":[1],"# + registration
        let home = try home(session, old, refresh: refresh)
        #expect(try await home.credentials()?.accessKeyID == "k")
        #expect(home.requests.map(\.url).first == "https://oidc.eu-west-1.amazonaws.com/token")
        let body = home.requests.first?.body.map { String(buffer: $0) }
        #expect(body == #"{"clientId":"c","clientSecret":"cs","grantType":"refresh_token","refreshToken":"r1"}"#)
        #expect(home.requests.last?.headers.contains { $0 == ("x-amz-sso_bearer_token", "new") } == true)
        for part in [#""accessToken":"new""#, #""refreshToken":"r2""#, #""more":[1]"#, #""clientSecret":"cs""#] {
            #expect(home.token.contains(part), "\(part)")
        }
        // The new token is valid, so the next call obtains none.
        _ = try await home.credentials()
        #expect(home.requests.count == 3)
    }

    @Test func `use a token until it expires if it can't be refreshed`() async throws {
        let soon = Timestamp(seconds: Timestamp.now.seconds + 600).extended + "Z"
        let home = try home(session, #""accessToken":"old","expiresAt":"\#(soon)","refreshToken":"r1","# + registration)
        #expect(try await home.credentials()?.accessKeyID == "k")
        #expect(home.requests.count == 2)
    }

    @Test func `advise to sign in if there is no valid token`() async throws {
        let expired = #""accessToken":"old","expiresAt":"2015-08-30T12:36:00Z""#
        for config in [session, legacy] {
            for members in [expired, "", expired + #","refreshToken":"r1","# + registration] {
                #expect(try await home(config, members).failure().contains("run: aws sso login --profile default"))
            }
        }
    }

    @Test(arguments: [
        ("sso_session = other\nsso_role_name = r", "no section [sso-session other]"),
        ("sso_session = corp\nsso_role_name = r", "has no sso_account_id"),
        ("sso_session = corp\nsso_role_name = r\nsso_account_id = 1\nsso_region = x", "different values of sso_region"),
    ])
    func `are refused with a reason if they are incomplete`(_ settings: String, _ reason: String) async throws {
        let config =
            "[default]\n\(settings)\n[sso-session corp]\nsso_region = eu-west-1\nsso_start_url = https://corp\n"
        #expect(try await home(config, "").failure().contains(reason))
    }
}

@Suite struct `Profiles of aws login` {
    // Made for this test: it opens nothing.
    private let key = """
        -----BEGIN EC PRIVATE KEY-----
        MHcCAQEEILvRncwfOO/7YBaMNP0W9kc3f/5DsqpGG/0C9JTRTjkioAoGCCqGSM49
        AwEHoUQDQgAENHxajtV14JbwZawAU83TQEhsC3YvpjJGQAcV2RT2/Iq/Bjm36XtS
        ggZnYIDTSzfh6FVW8IZ/GH+cRqHkdm+PAQ==
        -----END EC PRIVATE KEY-----
        """
    private let config = "[default]\nlogin_session = arn:me\n"

    private func home(expires: String, key: String, _ answer: (status: Int, json: String)? = nil) throws -> Home {
        let token = """
            {"accessToken":{"accessKeyId":"old","secretAccessKey":"s","sessionToken":"t","accountId":"1","expiresAt":"\(expires)"},
            "refreshToken":"r1","clientId":"c","signInRegion":"eu-west-1",
            "dpopKey":"\(key.split(separator: "\n").joined(separator: "\\n"))"}
            """
        let name = "login/cache/\(Digests.sha256("arn:me")).json"
        return try Home(config, token: (name, token), ["/v1/token": answer].compactMapValues { $0 })
    }

    @Test func `use its credentials while they are valid`() async throws {
        let home = try home(expires: "2999-01-01T00:00:00Z", key: key)
        #expect(try await home.credentials()?.accessKeyID == "old")
        #expect(home.requests.isEmpty)
    }

    @Test func `refresh them with a proof of the key`() async throws {
        let json = """
            {"accessToken":{"accessKeyId":"new","secretAccessKey":"s","sessionToken":"t2"},"expiresIn":900,"refreshToken":"r2"}
            """
        let home = try home(expires: "2015-08-30T12:36:00Z", key: key, (200, json))
        #expect(try await home.credentials()?.accessKeyID == "new")
        #expect(home.requests.first?.url == "https://eu-west-1.signin.aws.amazon.com/v1/token")
        #expect(home.requests.first?.headers.contains { $0.name == "dpop" } == true)
        for part in [#""accessKeyId":"new""#, #""refreshToken":"r2""#, #""accountId":"1""#, #""clientId":"c""#] {
            #expect(home.token.contains(part), "\(part)")
        }
        #expect(try await home.credentials()?.accessKeyID == "new")
        #expect(home.requests.count == 1)
    }

    @Test func `advise to sign in if they can't be refreshed`() async throws {
        let advice = "run: aws login --profile default"
        let expired = "2015-08-30T12:36:00Z"
        let refused = try home(expires: expired, key: key, (400, #"{"error":"TOKEN_EXPIRED"}"#))
        let message = await refused.failure()
        #expect(message.contains("TOKEN_EXPIRED") && message.contains(advice))
        for bad in ["", "-----BEGIN X-----\nAAAA\n-----END X-----"] {
            #expect(try await home(expires: expired, key: bad).failure().contains(advice))
        }
        let missing = try Home(config, token: ("login/cache/other.json", "{}"), [:])
        #expect(await missing.failure().contains(advice))
    }
}
