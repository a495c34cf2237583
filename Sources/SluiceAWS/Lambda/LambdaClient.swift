import NIOCore
import NIOHTTP1
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
        var request = try client.request(.lambda, "Invoke", .POST)
        request.path = "/2015-03-31/functions/\(PercentEncoding.encoded(function))/invocations"
        request.headers = [("content-type", "application/json"), ("x-amz-invocation-type", "Event")]
        request.body = event
        _ = try await client.send(request)
    }
}
