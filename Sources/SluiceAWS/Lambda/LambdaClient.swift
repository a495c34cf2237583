import NIOCore
import NIOHTTP1
import SluiceJSON
import SluicePlatform

/// A client for Lambda functions.
package struct LambdaClient: Sendable {
    private let client: AWSClient

    package init(_ client: AWSClient) { self.client = client }

    /// Has a function invoked asynchronously.
    ///
    /// - Parameters:
    ///   - function: the function's name or ARN.
    ///   - event: a JSON document of at most 1 MB.
    package func start(_ function: String, with event: ByteBuffer) async throws(AWSError) {
        _ = try await client.send(try request(function, "Event", event))
    }

    /// Invokes a function, and waits until it ends, for up to 15 minutes.
    ///
    /// - Returns: the error with which the function failed, such as `Sluice.Taken: another invocation is working on …`; nil if it
    ///   succeeded.
    package func call(_ function: String, with event: ByteBuffer) async throws(AWSError) -> String? {
        var request = try request(function, "RequestResponse", event)
        request.patience = .seconds(900)
        let reply = try await client.send(request)
        guard let kind = reply.headers.first(name: "x-amz-function-error") else { return nil }
        let error = JSONValue(parsing: reply.body.readableBytesView, mostValues: 1000)
        let facts = ["errorType", "errorMessage"].compactMap { error?[$0]?.text }
        return ErrorReply.printable(facts.isEmpty ? kind : facts.joined(separator: ": "))
    }

    private func request(_ function: String, _ type: String, _ event: ByteBuffer) throws(AWSError) -> AWSRequest {
        var request = try client.request(.lambda, "Invoke", .POST)
        request.path = "/2015-03-31/functions/\(PercentEncoding.encoded(function))/invocations"
        request.headers = [("content-type", "application/json"), ("x-amz-invocation-type", type)]
        request.body = event
        return request
    }
}
