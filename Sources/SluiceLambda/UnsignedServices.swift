import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import Sluice
import SluiceFunction
import SluiceJSON

/// S3 and SQS by requests without signatures, such as emulators accept.
struct UnsignedServices: FunctionServices {
    let endpoint: String
    let client: HTTPClient

    var store: UnsignedStore { UnsignedStore(endpoint: endpoint, client: client) }

    func queue(_ url: String, meter: DeliveryMeter) -> any MessageQueue {
        UnsignedQueue(sender: UnsignedSender(url: url, endpoint: endpoint, client: client), meter: meter)
    }

    func send(report: [UInt8], to url: String) async throws {
        let entry = UnsignedSender.entry(0, body: String(decoding: report, as: Unicode.UTF8.self), attributes: [])
        try await UnsignedSender(url: url, endpoint: endpoint, client: client).send([entry])
    }
}

/// An answer that is no success.
struct ServiceFailure: Error, CustomStringConvertible {
    let operation: String
    let problem: String

    var description: String { "\(operation): \(problem)" }
}

/// S3, with the bucket in the path.
struct UnsignedStore: ObjectStore {
    struct Chunk: ByteChunk {
        let buffer: ByteBuffer

        func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
            // Valid during the call, as the buffer's own contract says.
            try buffer.withUnsafeReadableBytes(body)
        }
    }

    let endpoint: String
    let client: HTTPClient

    func describe(_ object: ObjectReference) async throws -> ObjectDescription {
        let headers = try await execute(.HEAD, object, []).headers
        guard let size = headers.first(name: "Content-Length").flatMap({ UInt64($0) }),
            let etag = headers.first(name: "ETag")
        else { throw ServiceFailure(operation: "HEAD \(object.source)", problem: "no size and ETag") }
        return ObjectDescription(
            size: size,
            etag: etag,
            versionID: headers.first(name: "x-amz-version-id").flatMap { $0 == "null" ? nil : $0 }
        )
    }

    func read(
        _ object: ObjectReference,
        pinned: ObjectDescription,
        range: Range<UInt64>
    ) async throws -> AsyncMapSequence<HTTPClientResponse.Body, Chunk> {
        let headers = [
            ("Range", "bytes=\(range.lowerBound)-\(range.upperBound - 1)"), ("If-Match", pinned.etag),
        ]
        return try await execute(.GET, object, headers).body.map { Chunk(buffer: $0) }
    }

    private func execute(
        _ method: HTTPMethod,
        _ object: ObjectReference,
        _ headers: [(String, String)]
    ) async throws -> HTTPClientResponse {
        var request = HTTPClientRequest(url: endpoint + "/" + object.source.dropFirst("s3://".count))
        request.method = method
        request.headers.add(contentsOf: headers)
        let response = try await client.execute(request, timeout: .minutes(15))
        guard 200...299 ~= response.status.code else {
            throw ServiceFailure(operation: "\(method) \(object.source)", problem: "\(response.status)")
        }
        return response
    }
}

/// Collects messages into batches.
actor UnsignedQueue: MessageQueue {
    private let sender: UnsignedSender
    private let meter: DeliveryMeter
    private var entries: [String] = []
    private var size = 0

    init(sender: UnsignedSender, meter: DeliveryMeter) {
        self.sender = sender
        self.meter = meter
    }

    func send(_ message: Message) async throws {
        if entries.count == 10 || size + message.size > 262_144 { try await flush() }
        let body = String(decoding: message.body, as: Unicode.UTF8.self)
        entries.append(UnsignedSender.entry(entries.count, body: body, attributes: message.attributes))
        size += message.size
    }

    func flush() async throws {
        if entries.isEmpty { return }
        try await sender.send(entries)
        meter.addBatch(messages: entries.count, bytes: size)
        entries = []
        size = 0
    }
}

/// The SendMessageBatch of SQS.
struct UnsignedSender {
    let url: String
    let endpoint: String
    let client: HTTPClient

    static func entry(_ id: Int, body: String, attributes: [(name: String, value: String)]) -> String {
        let attributes = attributes.map { attribute in
            let value = JSONText.object([("DataType", "\"String\""), ("StringValue", JSONText.string(attribute.value))])
            return (name: attribute.name, json: value)
        }
        return JSONText.object([
            ("Id", "\"\(id)\""), ("MessageBody", JSONText.string(body)),
            ("MessageAttributes", JSONText.object(attributes)),
        ])
    }

    func send(_ entries: [String]) async throws {
        let operation = "SendMessageBatch"
        let body = JSONText.object([
            ("QueueUrl", JSONText.string(url)), ("Entries", "[" + entries.joined(separator: ",") + "]"),
        ])
        var request = HTTPClientRequest(url: endpoint + "/")
        request.method = .POST
        request.headers.add(name: "X-Amz-Target", value: "AmazonSQS.\(operation)")
        request.headers.add(name: "Content-Type", value: "application/x-amz-json-1.0")
        // Emulators tell by the scope of the signature which service is meant; they do not check it.
        let scope = "unsigned/20000101/us-east-1/sqs/aws4_request"
        let authorization = "AWS4-HMAC-SHA256 Credential=\(scope), SignedHeaders=host, Signature=0"
        request.headers.add(name: "Authorization", value: authorization)
        request.body = .bytes(ByteBuffer(string: body))
        let response = try await client.execute(request, timeout: .seconds(30))
        let answer = try await response.body.collect(upTo: 1 << 20)
        guard response.status == .ok else { throw ServiceFailure(operation: operation, problem: "\(response.status)") }
        guard let result = JSONValue(parsing: answer.readableBytesView), (result["Failed"]?.array ?? []).isEmpty else {
            throw ServiceFailure(operation: operation, problem: "some messages were refused")
        }
    }
}
