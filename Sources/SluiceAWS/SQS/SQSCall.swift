import NIOCore
import NIOHTTP1
import SluiceJSON

/// A JSON answer of a service. The initializer returns nil if the answer is invalid.
protocol JSONAnswer {
    init?(_ json: JSONValue)
}

/// A call to SQS in its JSON protocol.
struct SQSCall: Sendable {
    private var request: AWSRequest
    private let client: AWSClient

    init(_ operation: String, client: AWSClient, endpoint: Endpoint, region: String) {
        self.client = client
        request = AWSRequest(.sqs, operation, at: endpoint, region: region, method: .POST)
        request.headers = [
            ("content-type", "application/x-amz-json-1.0"), ("x-amz-target", "AmazonSQS.\(operation)"),
        ]
    }

    /// Sends a JSON object. The members' values must be JSON.
    func send<Answer: JSONAnswer>(
        _ members: [(name: String, json: String)],
        patience: Duration = .zero,
        limit: Int = SQSCall.largestAnswer
    ) async throws(AWSError) -> Answer {
        try await send(ByteBuffer(string: JSONWriter.object(members)), patience: patience, limit: limit)
    }

    /// The most bytes that an answer without messages may have.
    static let largestAnswer = 1 << 20

    func send<Answer: JSONAnswer>(
        _ body: ByteBuffer,
        patience: Duration = .zero,
        limit: Int = SQSCall.largestAnswer
    ) async throws(AWSError) -> Answer {
        var request = request
        request.body = body
        request.patience = patience
        request.limit = limit
        let reply = try await client.send(request)
        // An answer without members may have no body.
        let json =
            reply.body.readableBytes == 0
            ? .object([:]) : JSONValue(parsing: reply.body.readableBytesView, mostValues: 100_000)
        guard let json, json.members != nil, let answer = Answer(json) else {
            let message = "the response is not the expected JSON"
            throw request.service.error(.malformed, request.operation, "malformedAnswer", message, status: reply.status)
        }
        return answer
    }
}
