import NIOCore
import SluiceAWS
import SluicePlatform
import Synchronization
import Testing

/// Profiles in the shared files, and a Security Token Service that grants every role, with keys that name role and asker.
final class Profiles: Sendable {
    private let directory: TemporaryDirectory
    private let forms = Mutex<[String]>([])
    private let environment: AWSEnvironment

    init(_ config: String, credentials: String = "", _ variables: [String: String] = [:]) throws {
        directory = try TemporaryDirectory()
        let paths = [
            "AWS_CONFIG_FILE": try directory.write("config", config),
            "AWS_SHARED_CREDENTIALS_FILE": try directory.write("credentials", credentials),
            "AWS_REGION": "eu-north-1", "AWS_EC2_METADATA_DISABLED": "true",
        ]
        environment = AWSEnvironment(paths.merging(variables) { $1 })
    }

    var files: SharedFiles { SharedFiles(environment) }
    var endpoints: EndpointResolver { EndpointResolver(environment) }

    /// The bodies of the requests.
    var asked: [String] { forms.withLock { $0 } }

    /// Returns the id of the chain's key.
    func key(_ codes: MFACodes = MFACodes()) async throws -> String? {
        try await chain(codes).credentials()?.accessKeyID
    }

    func chain(_ codes: MFACodes = MFACodes()) -> CredentialChain {
        let transport = HTTPTransport { request in
            if request.url == "http://169.254.170.2/container" {
                let answer = #"{"AccessKeyId":"container","SecretAccessKey":"s"}"#
                return .success(HTTPReply(status: 200, body: ByteBuffer(string: answer)))
            }
            let form = request.body.map { String(buffer: $0) } ?? ""
            self.forms.withLock { $0.append(form) }
            let role = form.split(separator: "&").first { $0.hasPrefix("RoleArn=") }?.dropFirst(8) ?? ""
            let signature = request.headers.first { $0.name == "authorization" }?.value ?? "Credential=nobody/"
            let asker = signature.split(separator: "Credential=").last?.prefix { $0 != "/" } ?? ""
            let answer = "<AccessKeyId>\(role)<\(asker)</AccessKeyId><SecretAccessKey>s</SecretAccessKey>"
            return .success(HTTPReply(status: 200, body: ByteBuffer(string: answer)))
        }
        return .usual(CredentialContext(environment, transport: transport, endpoints: endpoints, codes: codes))
    }
}

@Suite struct `Profiles that assume a role` {
    private let keys = "[base]\naws_access_key_id = base\naws_secret_access_key = s\n"

    @Test func `sign with their source profile, through any number of roles`() async throws {
        let config = """
            [profile outer]
            role_arn = outer
            source_profile = inner
            [profile inner]
            role_arn = inner
            source_profile = base
            """
        let profiles = try Profiles(config, credentials: keys, ["AWS_PROFILE": "outer"])
        #expect(try await profiles.key() == "outer<inner<base")
        #expect(profiles.asked.count == 2)
    }

    @Test func `may be their own source`() async throws {
        let config = "[profile base]\nrole_arn = r\nsource_profile = base\n"
        #expect(try await Profiles(config, credentials: keys, ["AWS_PROFILE": "base"]).key() == "r<base")
    }

    @Test func `send the settings of the profile`() async throws {
        let config = """
            [default]
            role_arn = r
            source_profile = base
            external_id = e&1
            duration_seconds = 900
            role_session_name = me
            """
        let profiles = try Profiles(config, credentials: keys)
        _ = try await profiles.key()
        for item in ["ExternalId=e%261", "DurationSeconds=900", "RoleSessionName=me", "Action=AssumeRole"] {
            #expect(profiles.asked.first?.contains(item) == true, "\(item)")
        }
    }

    @Test func `take credentials of a container`() async throws {
        let config = "[default]\nrole_arn = r\ncredential_source = EcsContainer\n"
        let profiles = try Profiles(config, ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/container"])
        #expect(try await profiles.key() == "r<container")
    }

    @Test(arguments: [
        ("role_arn = r", "neither source_profile nor credential_source"),
        ("role_arn = r\nsource_profile = base\ncredential_source = Environment", "both source_profile and"),
        ("role_arn = r\ncredential_source = Cloud", "none of Environment"),
        ("role_arn = r\ncredential_source = Environment", "its credential_source has no credentials"),
        ("role_arn = r\nsource_profile = nobody", "not in the shared files"),
        (
            "role_arn = r\nsource_profile = default",
            "circle of source profiles, none of which has keys: default → default"
        ),
        ("role_arn = r\nsource_profile = loop", "default → loop → default"),
        ("role_arn = r\nsource_profile = empty", "'empty', has no credentials"),
        ("role_arn = r\nsource_profile = base\nduration_seconds = 1h", "duration_seconds = 1h, which is no number"),
        (
            "role_arn = r\nsource_profile = base\nmfa_serial = phone",
            "aws configure export-credentials --profile default"
        ),
    ])
    func `are refused with a reason if they are incomplete`(_ settings: String, _ reason: String) async throws {
        let more = "\n[profile loop]\nrole_arn = r\nsource_profile = default\n[profile empty]\nregion = x\n"
        let profiles = try Profiles("[default]\n" + settings + more, credentials: keys)
        let error = await #expect(throws: AWSError.self) { try await profiles.key() }
        #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
        #expect(profiles.asked.isEmpty)
    }

    @Test func `ask once for the code of a device`() async throws {
        let config = "[default]\nrole_arn = r\nsource_profile = base\nmfa_serial = phone\n"
        let profiles = try Profiles(config, credentials: keys)
        let questions = Mutex<[String]>([])
        let codes = MFACodes { question in
            questions.withLock { $0.append(question) }
            return " 123456\n"
        }
        #expect(try await profiles.key(codes) == "r<base")
        #expect(profiles.asked.first?.contains("SerialNumber=phone") == true)
        #expect(profiles.asked.first?.contains("TokenCode=123456") == true)
        let error = await #expect(throws: AWSError.self) { try await profiles.key(codes) }
        #expect(error?.message.contains("run the command again") == true)
        #expect(questions.withLock { $0 } == ["Code of phone for profile default: "])
    }

    @Test func `come before a web identity in the environment, and other profiles after it`() async throws {
        let directory = try TemporaryDirectory()
        let variables = ["AWS_WEB_IDENTITY_TOKEN_FILE": try directory.write("token", "t"), "AWS_ROLE_ARN": "web"]
        let config = "[default]\nrole_arn = r\nsource_profile = base\n"
        #expect(try await Profiles(config, credentials: keys, variables).key() == "r<base")
        let selected = variables.merging(["AWS_PROFILE": "base"]) { $1 }
        #expect(try await Profiles(config, credentials: keys, selected).key() == "web<nobody")
    }

    @Test func `can have a web identity of their own`() async throws {
        let directory = try TemporaryDirectory()
        let token = try directory.write("token", "t")
        let config =
            "[default]\nrole_arn = r\nsource_profile = pod\n[profile pod]\nrole_arn = p\nweb_identity_token_file = \(token)\n"
        #expect(try await Profiles(config).key() == "r<p<nobody")
    }
}

@Suite struct `The shared files` {
    private func files(
        _ config: String,
        _ credentials: String = "",
        _ variables: [String: String] = [:]
    ) throws -> SharedFiles {
        try Profiles(config, credentials: credentials, variables).files
    }

    @Test func `have sections of profiles, sessions and services`() throws {
        let config = """
            ; a comment
            [profile   my work]
            Region = a = b
              # another
            s3 =
              endpoint_url = http://one
              max_queue_size = 5
            empty =
            [profile "quoted"]
            region = q
            [sso-session work]
            sso_region = s
            [services work]
            sqs =
                endpoint_url=http://two
            [work]
            region = no profile
            """
        let files = try files(config, "[my work]\nregion = c\n")
        let profile = files.section(.profile, "my work")
        #expect(profile?["region"] == "c")
        #expect(profile?["s3.endpoint_url"] == "http://one" && profile?["s3.max_queue_size"] == "5")
        #expect(profile?["empty"] == nil && profile?["endpoint_url"] == nil)
        #expect(files.section(.profile, "quoted")?["region"] == "q")
        #expect(files.section(.ssoSession, "work")?["sso_region"] == "s")
        #expect(files.section(.services, "work")?["sqs.endpoint_url"] == "http://two")
        #expect(files.section(.profile, "work") == nil)
    }

    @Test func `may name the default profile with or without the word`() throws {
        #expect(try files("[default]\nregion = a\n").profile?["region"] == "a")
        #expect(try files("[profile default]\nregion = b\n").profile?["region"] == "b")
        let both = try files("[profile default]\nregion = b\n[default]\nregion = a\noutput = a\n").profile
        #expect(both?["region"] == "b" && both?["output"] == nil)
    }

    @Test func `have the profile that a variable selects`() throws {
        let config = "[profile a]\nregion = a\n[profile b]\nregion = b\n"
        #expect(try files(config, "", ["AWS_DEFAULT_PROFILE": "b"]).profile?["region"] == "b")
        #expect(try files(config, "", ["AWS_PROFILE": "a", "AWS_DEFAULT_PROFILE": "b"]).profile?["region"] == "a")
    }
}
