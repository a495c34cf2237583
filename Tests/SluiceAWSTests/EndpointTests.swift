import Logging
import NIOCore
import SluiceAWS
import Testing

@Suite struct Endpoints {
    private func resolver(_ variables: [String: String]) -> EndpointResolver {
        // `HOME` has no shared configuration files, so those of this machine are not read.
        EndpointResolver(AWSEnvironment(variables.merging(["HOME": "/nowhere"]) { own, _ in own }))
    }

    @Test func `follow the region unless a variable overrides them`() throws {
        let plain = resolver(["AWS_REGION": "eu-north-1", "AWS_DEFAULT_REGION": "us-west-2"])
        #expect(try plain.endpoint(for: .sqs).url(path: "/") == "https://sqs.eu-north-1.amazonaws.com/")
        #expect(try resolver(["AWS_REGION": "cn-north-1"]).endpoint(for: .s3).host == "s3.cn-north-1.amazonaws.com.cn")
        let variables = ["AWS_ENDPOINT_URL": "http://127.0.0.1:4566/", "AWS_ENDPOINT_URL_S3": "https://store/base/"]
        #expect(try resolver(variables).endpoint(for: .sqs).url(path: "/x") == "http://127.0.0.1:4566/x")
        #expect(try resolver(variables).endpoint(for: .s3).url(path: "/x", query: "y=1") == "https://store/base/x?y=1")
        #expect(try resolver(variables).region(for: .s3) == "us-east-1")
        let ignored = ["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true", "AWS_REGION": "eu-west-1"]
        let resolved = try resolver(variables.merging(ignored) { own, _ in own }).endpoint(for: .s3)
        #expect(resolved.authority == "s3.eu-west-1.amazonaws.com")
    }

    @Test func `are those of the profile if no variable names one`() throws {
        let config = """
            [default]
            region = eu-north-1
            endpoint_url = http://all
            services = local
            [services local]
            s3 =
              endpoint_url = http://one
            [profile lost]
            services = nothing
            """
        func host(_ service: AWSService, _ variables: [String: String] = [:]) throws -> String {
            try Profiles(config, variables).endpoints.endpoint(for: service).host
        }
        #expect(try host(.s3) == "one")
        #expect(try host(.sqs) == "all")
        #expect(try host(.s3, ["AWS_ENDPOINT_URL": "http://variable"]) == "variable")
        #expect(try host(.s3, ["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"]) == "s3.eu-north-1.amazonaws.com")
        #expect(throws: AWSError.self) { try host(.s3, ["AWS_PROFILE": "lost"]) }
    }

    @Test func `are of the kind that variables or the profile ask for`() throws {
        let fips = ["AWS_REGION": "us-east-1", "AWS_USE_FIPS_ENDPOINT": "true"]
        #expect(try resolver(fips).endpoint(for: .sqs).host == "sqs-fips.us-east-1.amazonaws.com")
        let both = fips.merging(["AWS_USE_DUALSTACK_ENDPOINT": "TRUE"]) { $1 }
        #expect(try resolver(both).endpoint(for: .s3).host == "s3-fips.dualstack.us-east-1.amazonaws.com")
        #expect(try resolver(both).endpoint(for: .sqs).host == "sqs-fips.us-east-1.api.aws")
        let config = "[default]\nuse_fips_endpoint = true\ns3 =\n  use_dualstack_endpoint = true\n"
        let profile = try Profiles(config).endpoints
        #expect(try profile.endpoint(for: .s3).host == "s3-fips.dualstack.eu-north-1.amazonaws.com")
        #expect(try profile.endpoint(for: .sqs).host == "sqs-fips.eu-north-1.amazonaws.com")
        // A URL is more specific than a kind.
        let named = fips.merging(["AWS_ENDPOINT_URL": "http://one"]) { $1 }
        #expect(try resolver(named).endpoint(for: .sqs).host == "one")
        let off = try Profiles(config, ["AWS_USE_FIPS_ENDPOINT": "false"]).endpoints
        #expect(try off.endpoint(for: .sqs).host == "sqs.eu-north-1.amazonaws.com")
    }

    @Test func `cannot be resolved without a region or a valid URL`() {
        #expect(throws: AWSError.self) { try resolver([:]).endpoint(for: .s3) }
        #expect(throws: AWSError.self) { try resolver(["AWS_ENDPOINT_URL": "localhost:80"]).endpoint(for: .s3) }
    }

    @Test func `are parsed from URLs`() {
        #expect(Endpoint("http://[::1]:80/a/b?c")?.host == "[::1]")
        #expect(Endpoint("HTTPS://host:1/")?.scheme == "https")
        #expect(Endpoint("http://host?x/y")?.authority == "host" && Endpoint("http://host#x")?.basePath == "")
        for text in ["", "host", "ftp://host", "http:///x", "http://user@host"] { #expect(Endpoint(text) == nil) }
    }

    @Test(arguments: [
        "http://[::1]evil/", "http://[::1]evil:80/", "http://[::1]@evil/", "http://[::1", "http://[]/",
        "http://[evil]/",
        "http://::1/", "http://127.0.0.1@evil/", "http://evil\\@127.0.0.1/", "http://127.0.0.1\\.evil/", "http://a b/",
        "http://host:0/", "http://host:65536/", "http://host:80:80/", "http://host:/", "http://host:+80/",
        "http://host:8O/", "http://ho%73t/", "http://høst/", "http://host\n/", "http://host/a b", "http://host/\u{0}",
    ])
    func `are not parsed from ambiguous or invalid URLs`(_ text: String) {
        #expect(Endpoint(text) == nil)
    }

    @Test func `are loopback only if they name this machine`() {
        for text in [
            "http://localhost:1/x", "http://LOCALHOST", "http://127.0.0.1", "http://127.8.9.255:80/", "http://[::1]:80",
        ] {
            #expect(Endpoint(text)?.isLoopback == true, "\(text)")
        }
        for text in [
            "http://127.0.0.1.evil/", "http://127.evil/", "http://127.0.0/", "http://127.0.0.256/",
            "http://localhost.evil/",
            "http://[::2]/", "http://[::1:1]/", "http://128.0.0.1/", "http://evil/127.0.0.1",
        ] {
            #expect(Endpoint(text)?.isLoopback == false, "\(text)")
        }
    }

    @Test func `are not built from invalid region names`() {
        for region in ["evil.com/", "evil.com#", "a@evil", "a:1", "a/b", "é", "EU"] {
            #expect(throws: AWSError.self) { try resolver(["AWS_REGION": region]).endpoint(for: .sqs) }
        }
    }

    @Test func `of queues are taken from their URLs`() throws {
        let environment = AWSEnvironment(["HOME": "/nowhere"])
        let client = AWSClient(environment, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        #expect(try SQSQueue(url: "https://sqs.eu-north-1.amazonaws.com/1/q.fifo", client: client).isFIFO)
        #expect(try !SQSQueue(url: "http://127.0.0.1:1/1/q", client: client).isFIFO)
        #expect(throws: AWSError.self) { try SQSQueue(url: "orders", client: client) }
    }

    @Test(arguments: [
        ("https://sqs.eu-north-1.amazonaws.com/1/q", "https://sqs-fips.eu-north-1.amazonaws.com/"),
        ("https://sqs.us-gov-west-1.amazonaws.com/1/q", "https://sqs.us-gov-west-1.amazonaws.com/"),
        ("https://sqs.cn-north-1.amazonaws.com.cn/1/q", "https://sqs-fips.cn-north-1.amazonaws.com.cn/"),
        ("https://sqs.eu-west-1.api.aws/1/q", "https://sqs-fips.eu-west-1.amazonaws.com/"),
    ])
    func `of queues are of the wanted kind in the region of their URLs`(_ url: String, _ expected: String) async throws
    {
        let answers = Answers([.success(HTTPReply(status: 200))])
        let queue = try SQSQueue(url: url, client: answers.client(["AWS_USE_FIPS_ENDPOINT": "true"]))
        _ = try? await queue.attributes([])
        #expect(answers.requests.map(\.url) == [expected])
    }

    @Test(.timeLimit(.minutes(1))) func `are in the region of the instance if none is configured`() async throws {
        let answers = Answers { request in
            let answer = [
                "http://imds/latest/api/token": "t", "http://imds/latest/meta-data/placement/region": "eu-west-3\n",
            ]
            return .success(HTTPReply(status: 200, body: ByteBuffer(string: answer[request.url] ?? "")))
        }
        let variables = ["AWS_REGION": "", "AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://imds"]
        let client = try await answers.client(variables).withInstanceRegion()
        #expect(try client.endpoints.endpoint(for: .s3).host == "s3.eu-west-3.amazonaws.com")
        let before = answers.requests.count
        _ = try await answers.client(["AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://imds"]).withInstanceRegion()
        #expect(answers.requests.count == before)
    }
}

@Suite struct `Locations of objects` {
    @Test func `keep keys verbatim`() {
        let location = S3Location("s3://bucket/a b/+%20?x&é?versionId=3/L+4")
        #expect(location == S3Location(bucket: "bucket", key: "a b/+%20?x&é", versionID: "3/L+4"))
        #expect(location.map { "\($0)" } == "s3://bucket/a b/+%20?x&é?versionId=3/L+4")
        #expect(S3Location("s3://bucket/a?versionId=b?versionId=c")?.key == "a?versionId=b")
        for text in ["s3://bucket", "s3://bucket/", "s3:///key", "s3://b/k?versionId=", "b/k"] {
            #expect(S3Location(text) == nil, "\(text)")
        }
    }
}
