import Logging
import NIOCore
import NIOHTTP1
import SluiceAWS
import Synchronization
import Testing

/// Answers requests one after the other, and keeps them.
private final class Answers: Sendable {
    private let state: Mutex<(requests: [HTTPRequest], replies: [Result<HTTPReply, HTTPFailure>])>

    init(_ replies: [Result<HTTPReply, HTTPFailure>]) { state = Mutex(([], replies)) }

    var requests: [HTTPRequest] { state.withLock { $0.requests } }

    func client(_ variables: [String: String] = [:]) -> AWSClient {
        let keys = [
            "AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "s", "AWS_REGION": "eu-north-1", "HOME": "/no",
        ]
        var backoff = Backoff()
        backoff.first = .milliseconds(1)
        let transport = HTTPTransport { request in
            self.state.withLock { state in
                state.requests.append(request)
                return state.replies.isEmpty ? .success(HTTPReply(status: 500)) : state.replies.removeFirst()
            }
        }
        return AWSClient(
            AWSEnvironment(keys.merging(variables) { $1 }),
            transport: transport,
            backoff: backoff,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }
}

@Suite struct `The client` {
    private func ok(_ headers: HTTPHeaders = [:], _ body: String = "") -> Result<HTTPReply, HTTPFailure> {
        .success(HTTPReply(status: 200, headers: headers, body: ByteBuffer(string: body)))
    }

    @Test func `puts objects where their bucket is a part of the host, or of the path`() async throws {
        let answers = Answers([ok(), ok(), ok()])
        let body = ByteBuffer(string: "text")
        let s3 = S3Client(answers.client())
        try await s3.put(body, to: S3Location(bucket: "my-bucket", key: "a b/+é"))
        try await s3.put(body, to: S3Location(bucket: "my.bucket", key: "k"))
        let local = S3Client(answers.client(["AWS_ENDPOINT_URL": "http://127.0.0.1:1"]))
        try await local.put(body, to: S3Location(bucket: "my-bucket", key: "k"))
        #expect(
            answers.requests.map(\.url) == [
                "https://my-bucket.s3.eu-north-1.amazonaws.com/a%20b/%2B%C3%A9",
                "https://s3.eu-north-1.amazonaws.com/my.bucket/k", "http://127.0.0.1:1/my-bucket/k",
            ]
        )
        #expect(answers.requests.allSatisfy { $0.method == .PUT && $0.body == body })
        let hash = answers.requests[0].headers.first { $0.name == "x-amz-content-sha256" }?.value
        #expect(hash == Digests.sha256("text"))
    }

    @Test func `asks again while that may help, and no longer`() async throws {
        let broken = Result<HTTPReply, HTTPFailure>.failure(HTTPFailure(kind: .unreachable, reason: "reset"))
        let busy = Result<HTTPReply, HTTPFailure>.success(HTTPReply(status: 503))
        let headers: HTTPHeaders = ["content-length": "3", "etag": "\"e\""]
        let answers = Answers([broken, busy, ok(headers)])
        let object = try await S3Client(answers.client()).object(at: S3Location(bucket: "b", key: "k"))
        #expect(object.size == 3 && object.source.whole.hasSuffix("?etag=e") && answers.requests.count == 3)
        // Why a HEAD is refused, a GET tells.
        for (reply, kind, count) in [
            (HTTPReply(status: 404), AWSError.Kind.notFound, 1), (HTTPReply(status: 403), .refused, 2),
            (HTTPReply(status: 503), .busy, 8),
        ] {
            let answers = Answers(Array(repeating: .success(reply), count: count))
            let error = await #expect(throws: AWSError.self) {
                try await S3Client(answers.client()).object(at: S3Location(bucket: "b", key: "k"))
            }
            #expect(error?.kind == kind && answers.requests.count == count)
        }
    }

    @Test func `says that an object changed`() async throws {
        let object = S3Object(
            location: S3Location(bucket: "b", key: "k", versionID: "v"),
            size: 10,
            entityTag: "\"e\""
        )
        let other: HTTPHeaders = ["etag": "\"f\""]
        for reply in [HTTPReply(status: 412), HTTPReply(status: 416), HTTPReply(status: 206, headers: other)] {
            let answers = Answers([.success(reply)])
            let error = await #expect(throws: AWSError.self) {
                _ = try await S3Client(answers.client()).bytes(2..<5, of: object)
            }
            #expect(error?.kind == .changed)
            #expect(answers.requests.map(\.url) == ["https://b.s3.eu-north-1.amazonaws.com/k?versionId=v"])
            let headers = answers.requests.flatMap(\.headers)
            #expect(headers.contains { $0.name == "range" && $0.value == "bytes=2-4" })
            #expect(headers.contains { $0.name == "if-match" && $0.value == "\"e\"" })
        }
    }

    @Test func `stops waiting when its task is cancelled`() async throws {
        var slow = Backoff()
        slow.first = .seconds(3600)
        slow.longest = .seconds(3600)
        let (asked, wasAsked) = AsyncStream.makeStream(of: Void.self)
        let client = AWSClient(
            AWSEnvironment(["AWS_ACCESS_KEY_ID": "k", "AWS_SECRET_ACCESS_KEY": "s", "AWS_REGION": "r", "HOME": "/no"]),
            transport: HTTPTransport { _ in
                wasAsked.yield()
                return .success(HTTPReply(status: 503))
            },
            backoff: slow,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        let task = Task { try await S3Client(client).object(at: S3Location(bucket: "b", key: "k")) }
        for await _ in asked { break }
        task.cancel()
        let error = await #expect(throws: AWSError.self) { try await task.value }
        #expect(error?.kind == .cancelled)
    }
}
