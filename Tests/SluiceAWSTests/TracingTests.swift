import InMemoryTracing
import NIOCore
import NIOHTTP1
import Sluice
import SluiceAWS
import Testing
import Tracing

@Suite struct `Spans of requests` {
    private let tracer = InMemoryTracer()

    @Test func `cover a range that is read, with all attempts`() async throws {
        let reply = HTTPReply(
            status: 206,
            headers: ["etag": "\"e\"", "content-range": "bytes 2-3/9"],
            body: ByteBuffer(bytes: [1, 2])
        )
        let answers = Answers([.success(HTTPReply(status: 503)), .success(reply)])
        let client = S3Client(answers.client())
        let object = S3Object(location: S3Location(bucket: "b", key: "k"), size: 9, entityTag: "\"e\"")
        let bytes = try await withTracer(tracer) { try await client.bytes(2..<4, of: object) }
        #expect(Array(bytes.readableBytesView) == [1, 2] && answers.requests.count == 2)
        let span = try #require(tracer.finishedSpans.first)
        #expect(tracer.finishedSpans.count == 1 && span.operationName == "S3.GetObject" && span.kind == .client)
        #expect(span.attributes.get("aws.s3.key") == .string("k"))
        #expect(span.attributes.get("rpc.method") == .string("GetObject"))
    }

    @Test func `cover each batch that is sent, as children of the caller's span`() async throws {
        let answers = Answers([.success(HTTPReply(status: 403))])
        let queue = try SQSQueue(url: "http://127.0.0.1:1/0/q", client: answers.client())
        let sender = SQSSender(queue)
        _ = await withTracer(tracer) {
            await withSpan("caller") { _ in
                await #expect(throws: AWSError.self) {
                    try await sender.send(.ofRows(Array("[]".utf8)))
                    try await sender.finish()
                }
            }
        }
        let sent = try #require(tracer.finishedSpans.first { $0.operationName == "SQS.SendMessageBatch" })
        let caller = try #require(tracer.finishedSpans.first { $0.operationName == "caller" })
        #expect(sent.parentSpanID == caller.spanID && sent.errors.count == 1 && sent.status?.code == .error)
    }
}
