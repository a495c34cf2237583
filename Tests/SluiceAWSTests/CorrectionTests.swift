import NIOCore
import NIOHTTP1
import SluiceAWS
import SluicePlatform
import Synchronization
import Testing

/// S3 as the documentation describes its answers to requests for another region and at another time. Tests/strict_s3.py is the
/// same for the programs.
private struct Place {
    var region = "eu-west-1"
    /// The status of an answer to a request for another region.
    var status = 301
    var time = Timestamp.now

    func client(_ variables: [String: String] = [:]) -> (client: AWSClient, answers: Answers) {
        let answers = Answers { .success(reply(to: $0)) }
        return (answers.client(variables), answers)
    }

    private func reply(to request: HTTPRequest) -> HTTPReply {
        let date = "\(Self.weekday), \(time.header)"
        guard Self.time(of: request).map({ abs($0.seconds - time.seconds) < 900 }) == true else {
            let body = request.method == .HEAD ? "" : "<Error><Code>RequestTimeTooSkewed</Code></Error>"
            return HTTPReply(status: 403, headers: ["date": date], body: ByteBuffer(string: body))
        }
        if Self.region(of: request) == region {
            return HTTPReply(status: 200, headers: ["content-length": "3", "etag": "\"e\"", "date": date])
        }
        if status == 301 { return HTTPReply(status: 301, headers: ["x-amz-bucket-region": region, "date": date]) }
        let code = "<Code>AuthorizationHeaderMalformed</Code><Region>\(region)</Region>"
        let body = request.method == .HEAD ? "" : "<Error>\(code)</Error>"
        return HTTPReply(status: 400, headers: ["date": date], body: ByteBuffer(string: body))
    }

    /// No client reads the day of the week.
    private static let weekday = "Mon"

    /// The region that a request is signed for.
    static func region(of request: HTTPRequest) -> String {
        let parts = (request.headers.first { $0.name == "authorization" }?.value ?? "").split(separator: "/")
        return parts.count > 3 ? String(parts[2]) : ""
    }

    /// The time that a request states: `20150830T123600Z`.
    static func time(of request: HTTPRequest) -> Timestamp? {
        let digits = (request.headers.first { $0.name == "x-amz-date" }?.value ?? "").filter(\.isNumber)
        guard digits.count == 14 else { return nil }
        let parts = stride(from: 4, to: 14, by: 2).map { String(digits.dropFirst($0).prefix(2)) }
        return Timestamp(iso: "\(digits.prefix(4))-\(parts[0])-\(parts[1])T\(parts[2]):\(parts[3]):\(parts[4])Z")
    }
}

extension Timestamp {
    /// The time as in the header Date, without the day of the week.
    fileprivate var header: String {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let parts = extended.split { $0 == "-" || $0 == "T" }
        return "\(parts[2]) \(months[(Int(parts[1]) ?? 1) - 1]) \(parts[0]) \(parts[3]) GMT"
    }
}

@Suite struct `Mistakes that answers correct` {
    private let location = S3Location(bucket: "my-bucket", key: "k")

    @Test(arguments: [(301, 1), (400, 2)])
    func `are buckets in another region, whose region is remembered`(_ status: Int, _ mistakes: Int) async throws {
        let (client, answers) = Place(status: status).client()
        _ = try await S3Client(client).object(at: location)
        let (first, rest) = (answers.requests.prefix(mistakes), answers.requests.dropFirst(mistakes))
        #expect(first.allSatisfy { $0.url == "https://my-bucket.s3.eu-north-1.amazonaws.com/k" })
        #expect(!rest.isEmpty && rest.allSatisfy { $0.url == "https://my-bucket.s3.eu-west-1.amazonaws.com/k" })
        // The region is the bucket's, also for copies of the client; other buckets may be elsewhere.
        let count = answers.requests.count
        _ = try await S3Client(client.observing { _ in }).object(at: location)
        #expect(answers.requests.count == count + 1)
        _ = try await S3Client(client).object(at: S3Location(bucket: "my.bucket", key: "k"))
        #expect(answers.requests[count + 1].url == "https://s3.eu-north-1.amazonaws.com/my.bucket/k")
        #expect(answers.requests.last?.url == "https://s3.eu-west-1.amazonaws.com/my.bucket/k")
    }

    @Test func `are regions of substitutes too, at the same address`() async throws {
        let (client, answers) = Place().client(["AWS_ENDPOINT_URL_S3": "http://127.0.0.1:1"])
        try await S3Client(client).put(ByteBuffer(string: "x"), to: location)
        #expect(answers.requests.map(\.url) == Array(repeating: "http://127.0.0.1:1/my-bucket/k", count: 2))
        #expect(answers.requests.map(Place.region) == ["eu-north-1", "eu-west-1"])
    }

    @Test(arguments: ["eu-north-1", "", "evil.test/x", "a\r\nb", "EU"])
    func `are not regions that are the same or none`(_ region: String) async {
        let body = "<Error><Code>AuthorizationHeaderMalformed</Code><Region>\(region)</Region></Error>"
        let answers = Answers([.success(HTTPReply(status: 400, body: ByteBuffer(string: body)))])
        let error = await #expect(throws: AWSError.self) {
            try await S3Client(answers.client()).put(ByteBuffer(), to: location)
        }
        #expect(answers.requests.count == 1 && error?.code == "AuthorizationHeaderMalformed")
    }

    @Test func `are corrected once, so that two regions that name each other end`() async {
        let answers = Answers { request in
            let other = Place.region(of: request) == "eu-west-1" ? "eu-west-2" : "eu-west-1"
            return .success(HTTPReply(status: 301, headers: ["x-amz-bucket-region": other]))
        }
        let error = await #expect(throws: AWSError.self) {
            try await S3Client(answers.client()).put(ByteBuffer(), to: location)
        }
        #expect(answers.requests.count == 2 && error?.status == 301)
    }

    @Test(arguments: [3 * 3600, -3 * 3600, 86_400 * 400])
    func `are wrong times, for all requests of a client`(_ seconds: Int64) async throws {
        let time = Timestamp.now + seconds
        let (client, answers) = Place(region: "eu-north-1", time: time).client()
        try await S3Client(client).put(ByteBuffer(), to: location)
        try await S3Client(client).put(ByteBuffer(), to: location)
        let times = answers.requests.compactMap(Place.time)
        #expect(times.count == 3 && times.dropFirst().allSatisfy { abs($0.seconds - time.seconds) < 900 })
    }

    @Test func `are not times that the service accepts`() async {
        // However long it takes until the request comes, its own time is right.
        let dates: [@Sendable (Timestamp) -> String?] = [{ "Mon, \($0.header)" }, { _ in nil }, { _ in "now" }]
        for date in dates {
            let answers = Answers { request in
                let stated = Place.time(of: request).flatMap(date).map { HTTPHeaders([("date", $0)]) }
                let body = ByteBuffer(string: "<Error><Code>SignatureDoesNotMatch</Code></Error>")
                return .success(HTTPReply(status: 403, headers: stated ?? [:], body: body))
            }
            let error = await #expect(throws: AWSError.self) {
                try await S3Client(answers.client()).put(ByteBuffer(), to: location)
            }
            #expect(answers.requests.count == 1 && error?.kind == .credentials)
        }
    }

    @Test func `are wrong times in requests for credentials, which the client's other requests learn from`()
        async throws
    {
        let directory = try TemporaryDirectory()
        let config = """
            [profile p]
            role_arn = r
            source_profile = base
            [profile base]
            aws_access_key_id = k
            aws_secret_access_key = s
            """
        let path = try directory.write("config", config)
        let time = Timestamp.now + 7200
        let answers = Answers { request in
            let isLate = Place.time(of: request).map { abs($0.seconds - time.seconds) > 300 } ?? true
            let headers: HTTPHeaders = ["date": "Mon, \(time.header)", "etag": "\"e\""]
            if isLate {
                let body = ByteBuffer(string: "<Error><Code>SignatureDoesNotMatch</Code></Error>")
                return .success(HTTPReply(status: 403, headers: headers, body: body))
            }
            let expiration = Timestamp(seconds: time.seconds + 3600).extended + "Z"
            let keys =
                "<AccessKeyId>k</AccessKeyId><SecretAccessKey>s</SecretAccessKey><Expiration>\(expiration)</Expiration>"
            return .success(HTTPReply(status: 200, headers: headers, body: ByteBuffer(string: keys)))
        }
        let client = answers.client(["AWS_CONFIG_FILE": path, "AWS_PROFILE": "p", "AWS_ACCESS_KEY_ID": ""])
        try await S3Client(client).put(ByteBuffer(), to: location)
        // The first of them was for credentials, and so was the second.
        #expect(answers.requests.map(\.method) == [.POST, .POST, .PUT])
    }
}

@Suite struct `Errors of S3` {
    private func error(_ reply: HTTPReply) async -> AWSError? {
        let answers = Answers([.success(reply)])
        return await #expect(throws: AWSError.self) {
            try await S3Client(answers.client()).put(ByteBuffer(), to: S3Location(bucket: "b", key: "k"))
        }
    }

    @Test func `state both ids of the request`() async {
        let body = ByteBuffer(string: "<Error><Code>AccessDenied</Code><Message>no</Message></Error>")
        let headers: HTTPHeaders = ["x-amz-request-id": "R1", "x-amz-id-2": "a+/b="]
        let error = await error(HTTPReply(status: 403, headers: headers, body: body))
        #expect(error?.requestID == "R1" && error?.extendedRequestID == "a+/b=")
        #expect(error?.description.contains("[AccessDenied, status 403, request R1, id-2 a+/b=]") == true)
    }

    @Test func `are about an object that does not exist, unless its bucket does not`() async {
        for (status, code, isMissing) in [
            (404, "NoSuchKey", true), (404, "NoSuchVersion", true), (404, "NoSuchBucket", false), (404, "", true),
            (403, "AccessDenied", false), (405, "MethodNotAllowed", false),
        ] {
            let body = ByteBuffer(string: code.isEmpty ? "" : "<Error><Code>\(code)</Code></Error>")
            #expect(await error(HTTPReply(status: status, body: body))?.isNoSuchObject == isMissing, "\(code)")
        }
        let marker = HTTPReply(status: 405, headers: ["x-amz-delete-marker": "true"])
        let error = await error(marker)
        #expect(error?.isNoSuchObject == true && error?.message == "it was deleted")
    }
}
