import NIOCore
import NIOHTTP1
import Sluice
import SluiceAWS
import Testing

@Suite struct `The client` {
    private func ok(_ headers: HTTPHeaders = [:], _ body: String = "") -> Result<HTTPReply, HTTPFailure> {
        .success(HTTPReply(status: 200, headers: headers, body: ByteBuffer(string: body)))
    }

    @Test func `puts objects with the bucket in the host name or in the path`() async throws {
        let answers = Answers(Array(repeating: ok(["etag": "\"e\""]), count: 3))
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
        // Computed with openssl: buckets with Object Lock refuse an object without it.
        let checksum = answers.requests[0].headers.first { $0.name == "x-amz-checksum-sha256" }?.value
        #expect(checksum == "mC2ePrmW9VnmM/TRlN7zdh2Qn1o7ZH0ahR/q1nwyydE=")
    }

    @Test func `retries only while a retry may help`() async throws {
        let broken = Result<HTTPReply, HTTPFailure>.failure(HTTPFailure(kind: .unreachable, reason: "reset"))
        let busy = Result<HTTPReply, HTTPFailure>.success(HTTPReply(status: 503))
        let headers: HTTPHeaders = ["content-length": "3", "etag": "\"e\""]
        let answers = Answers([broken, busy, ok(headers)])
        let object = try await S3Client(answers.client()).object(at: S3Location(bucket: "b", key: "k"))
        #expect(object.size == 3 && object.source.hasSuffix("?etag=e") && answers.requests.count == 3)
        // A refused HEAD gives no reason; the GET after it does.
        for (reply, kind, count) in [
            (HTTPReply(status: 404), AWSError.Kind.notFound, 2), (HTTPReply(status: 403), .refused, 2),
            (HTTPReply(status: 503), .busy, 8),
        ] {
            let answers = Answers(Array(repeating: .success(reply), count: count))
            let error = await #expect(throws: AWSError.self) {
                try await S3Client(answers.client()).object(at: S3Location(bucket: "b", key: "k"))
            }
            #expect(error?.kind == kind && answers.requests.count == count)
        }
    }

    @Test func `reports that an object changed`() async throws {
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

    @Test(.timeLimit(.minutes(1))) func `stops waiting when its task is cancelled`() async throws {
        let (asked, signal) = AsyncStream<Void>.makeStream()
        var slow = Backoff()
        slow.first = .seconds(3600)
        slow.longest = .seconds(3600)
        let answers = Answers { _ in
            signal.yield()
            return .success(HTTPReply(status: 503))
        }
        let client = answers.client(backoff: slow)
        let task = Task { try await S3Client(client).object(at: S3Location(bucket: "b", key: "k")) }
        for await _ in asked { break }
        task.cancel()
        let error = await #expect(throws: AWSError.self) { try await task.value }
        #expect(error?.kind == .cancelled)
    }

    @Test func `rejects impossible object sizes`() async {
        for size in ["18446744073709551615", "9007199254740993", "-1", "1e3", ""] {
            let answers = Answers([ok(["content-length": size, "etag": "\"e\""])])
            let error = await #expect(throws: AWSError.self) {
                try await S3Client(answers.client()).object(at: S3Location(bucket: "b", key: "k"))
            }
            #expect(error?.kind == .malformed, "\(size)")
        }
    }

    @Test func `pins an object by its ETag if its version id is null`() async throws {
        let headers: HTTPHeaders = ["content-length": "3", "etag": "\"e\"", "x-amz-version-id": "null"]
        for asked in [nil, "null"] {
            let answers = Answers([ok(headers)])
            let location = S3Location(bucket: "b", key: "k", versionID: asked)
            let object = try await S3Client(answers.client()).object(at: location)
            #expect(object.source == "s3://b/k?etag=e")
            // The object is read under the name that was given: the newest version may have changed since.
            #expect(object.location.versionID == asked)
        }
    }

    @Test func `fails if a write is not confirmed`() async {
        let answers = Answers([ok([:], "<Error><Code>InternalError</Code></Error>")])
        let error = await #expect(throws: AWSError.self) {
            try await S3Client(answers.client()).put(ByteBuffer(string: "x"), to: S3Location(bucket: "b", key: "k"))
        }
        #expect(error?.kind == .malformed)
    }

    @Test func `reports a redirect with advice instead of following it`() async {
        for headers: HTTPHeaders in [[:], ["location": "http://127.0.0.1:1/"]] {
            let body = ByteBuffer(string: "<Error><Code>PermanentRedirect</Code><Message>elsewhere</Message></Error>")
            let answers = Answers([.success(HTTPReply(status: 301, headers: headers, body: body))])
            let error = await #expect(throws: AWSError.self) {
                try await S3Client(answers.client()).put(ByteBuffer(), to: S3Location(bucket: "b", key: "k"))
            }
            #expect(answers.requests.count == 1 && error?.advice.contains("AWS_REGION") == true)
        }
    }

    @Test func `prints service messages without control characters, and shortens long ones`() async {
        let text = "\u{1b}]0;title\u{07}\r\n" + String(repeating: "x", count: 60_000)
        let body = ByteBuffer(string: "<Error><Code>Odd\u{1b}[2J</Code><Message>\(text)</Message></Error>")
        let answers = Answers([.success(HTTPReply(status: 400, body: body))])
        let error = await #expect(throws: AWSError.self) {
            try await S3Client(answers.client()).put(ByteBuffer(), to: S3Location(bucket: "b", key: "k"))
        }
        let shown = "\(error.map(String.init(describing:)) ?? "")"
        #expect(shown.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control })
        #expect((500..<1500).contains(shown.count))
    }
}
