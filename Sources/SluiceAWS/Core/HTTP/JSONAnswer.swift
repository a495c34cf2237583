import NIOCore
import SluiceJSON

/// A JSON answer of a service. The initializer returns nil if the answer is invalid.
protocol JSONAnswer {
    init?(_ json: JSONValue)
}

/// An answer as it is.
extension JSONValue: JSONAnswer {
    init?(_ json: JSONValue) { self = json }
}

extension AWSRequest {
    /// Makes it a call of an API in AWS's JSON protocol, with a JSON object as its body.
    mutating func call(_ api: String, with body: ByteBuffer) {
        headers = [("content-type", "application/x-amz-json-1.0"), ("x-amz-target", "\(api).\(operation)")]
        self.body = body
    }

    /// The most bytes that an answer without messages may have.
    static let largestAnswer = 1 << 20
}

extension AWSClient {
    /// Sends a call in AWS's JSON protocol.
    func answer<Answer: JSONAnswer>(to request: AWSRequest) async throws(AWSError) -> Answer {
        let reply = try await send(request)
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
