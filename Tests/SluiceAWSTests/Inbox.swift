import NIOCore
import NIOHTTP1
import SluiceAWS
import SluiceJSON
import Synchronization

/// A queue in memory, which delivers each message once. A request that finds none waits until it is cancelled.
final class Inbox: Sendable {
    private struct State {
        var rest: [String]
        var deleted: [String] = []
        var released: [String] = []
    }

    private let state: Mutex<State>
    private let name: String
    private let isEmpty: AsyncStream<Void>
    private let emptied: AsyncStream<Void>.Continuation

    /// - Parameter messages: JSON of the messages. The receipt of each is its id.
    init(_ messages: [String], name: String = "q") {
        state = Mutex(State(rest: messages))
        self.name = name
        (isEmpty, emptied) = AsyncStream.makeStream()
    }

    /// Returns the JSON of one of Sluice's messages.
    static func message(
        _ id: String,
        content: String = "ndjson",
        body: String = #"{\"a\":1}\n"#,
        further: [String: String] = [:]
    ) -> String {
        let labels = ["sluice.id": "id-\(id)", "sluice.source": "orders", "sluice.content": content]
        let attributes = labels.merging(further) { $1 }
            .map { #""\#($0)":{"DataType":"String","StringValue":"\#($1)"}"# }.joined(separator: ",")
        return
            #"{"MessageId":"\#(id)","ReceiptHandle":"\#(id)","Body":"\#(body)","MessageAttributes":{\#(attributes)}}"#
    }

    /// Returns the JSON of one of Sluice's messages, whose body is in a bucket.
    static func message(_ id: String, pointingTo bucket: String) -> String {
        let place = #"{\"s3BucketName\":\"\#(bucket)\",\"s3Key\":\"k\"}"#
        let body = #"[\"software.amazon.payloadoffloading.PayloadS3Pointer\",\#(place)]"#
        return message(id, body: body, further: ["ExtendedPayloadSize": "\(object.count)"])
    }

    /// The only object in all buckets.
    static let object = Array("{\"b\":2}\n".utf8)

    /// A message of another program, which points to a body in S3.
    static let foreign = #"""
        {"MessageId":"foreign","ReceiptHandle":"foreign","Body":"hello",
        "MessageAttributes":{"ExtendedPayloadSize":{"DataType":"Number","StringValue":"2"}}}
        """#

    var queue: SQSQueue {
        get throws {
            try SQSQueue(url: "http://127.0.0.1:1/0/\(name)", client: Answers { await self.reply(to: $0) }.client())
        }
    }

    /// The ids of the messages that were deleted, and of those that were made visible again.
    var deleted: [String] { state.withLock { $0.deleted.sorted() } }
    var released: [String] { state.withLock { $0.released.sorted() } }

    /// Returns when a request has found no message.
    func untilEmpty() async { for await _ in isEmpty { return } }

    private func reply(to request: HTTPRequest) async -> Result<HTTPReply, HTTPFailure> {
        if request.method != .POST {
            let headers: HTTPHeaders = ["etag": "\"e\"", "content-length": "\(Self.object.count)"]
            let isRange = request.method == .GET
            let content = isRange ? ByteBuffer(bytes: Self.object) : ByteBuffer()
            return .success(HTTPReply(status: isRange ? 206 : 200, headers: headers, body: content))
        }
        let body = request.body.flatMap { JSONValue(parsing: $0.readableBytesView) } ?? .null
        let operation = request.headers.first { $0.name == "x-amz-target" }?.value.split(separator: ".").last
        if operation != "ReceiveMessage" {
            return .success(change(body, isDeletion: operation == "DeleteMessageBatch"))
        }
        let messages = state.withLock { state in
            defer { state.rest = [] }
            return state.rest
        }
        if !messages.isEmpty { return .success(Self.reply(#"{"Messages":[\#(messages.joined(separator: ","))]}"#)) }
        emptied.yield()
        try? await Task.sleep(for: .seconds(3600))  // sleeps: until it is cancelled
        return .failure(.cancelled)
    }

    private func change(_ body: JSONValue, isDeletion: Bool) -> HTTPReply {
        let entries = body["Entries"]?.elements ?? []
        let receipts = entries.compactMap { $0["ReceiptHandle"]?.text }
        state.withLock { state in
            if isDeletion {
                state.deleted += receipts
            } else if entries.allSatisfy({ $0["VisibilityTimeout"] == .number("0") }) {
                state.released += receipts
            }
        }
        let done = entries.compactMap { $0["Id"]?.text }.map { #"{"Id":"\#($0)"}"# }
        return Self.reply(#"{"Successful":[\#(done.joined(separator: ","))],"Failed":[]}"#)
    }

    private static func reply(_ json: String) -> HTTPReply { HTTPReply(status: 200, body: ByteBuffer(string: json)) }
}
