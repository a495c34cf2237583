import NIOCore
import NIOHTTP1
import SluiceAWS
import Testing

@Suite struct `Bodies in S3` {
    private func message(bucket: String, key: String = "k", size: String = "2") -> SQSReceivedMessage {
        let place = #"{"s3BucketName":"\#(bucket)","s3Key":"\#(key)"}"#
        let body = #"["software.amazon.payloadoffloading.PayloadS3Pointer",\#(place)]"#
        var message = SQSReceivedMessage(id: "m", receipt: "r", body: body, attributes: ["ExtendedPayloadSize": size])
        message.attributes["sluice.id"] = "x"
        return message
    }

    private func resolved(
        _ message: SQSReceivedMessage,
        object: String = "[]",
        limit: Int = 100
    ) async -> (count: Int, result: Result<SQSReceivedMessage, AWSError>) {
        let answers = Answers { request in
            let size = "\(object.utf8.count)"
            let headers: HTTPHeaders = ["etag": "\"e\"", "content-length": size]
            if request.method == .HEAD { return .success(HTTPReply(status: 200, headers: headers)) }
            return .success(HTTPReply(status: 206, headers: headers, body: ByteBuffer(string: object)))
        }
        do throws(AWSError) {
            let message = try await S3Client(answers.client())
                .resolved(message, from: ["mine", "other"], limit: limit)
            return (answers.requests.count, .success(message))
        } catch {
            return (answers.requests.count, .failure(error))
        }
    }

    @Test func `are fetched from allowed buckets, and no request goes to others`() async throws {
        for bucket in ["mine", "other"] {
            #expect(try await resolved(message(bucket: bucket)).result.get().body == "[]")
        }
        for bucket in ["theirs", "mine.evil", "MINE", "mine/../theirs", " mine"] {
            let (count, result) = await resolved(message(bucket: bucket))
            let error = #expect(throws: AWSError.self) { try result.get() }
            #expect(count == 0 && error?.code == S3Client.bucketNotAllowed, "\(bucket)")
        }
    }

    @Test func `must fit the limit and have the size that the message states`() async {
        let large = String(repeating: "x", count: 101)
        let (count, result) = await resolved(message(bucket: "mine", size: "101"), object: large)
        #expect(count == 1 && #expect(throws: AWSError.self) { try result.get() }?.code == S3Client.bodyTooLarge)
        for size in ["3", "-2", "2.0", "", "18446744073709551617", "two"] {
            let (count, result) = await resolved(message(bucket: "mine", size: size))
            let error = #expect(throws: AWSError.self) { try result.get() }
            #expect(count == 1 && error?.code == "wrongPayload", "\(size)")
        }
    }

    @Test func `must have a bucket and a key`() async {
        for message in [message(bucket: ""), message(bucket: "mine", key: "")] {
            let (count, result) = await resolved(message)
            #expect(count == 0 && #expect(throws: AWSError.self) { try result.get() }?.code == "wrongPayload")
        }
    }
}
