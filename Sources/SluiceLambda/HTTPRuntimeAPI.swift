import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import SluicePipeline
import SluicePlatform

/// The runtime API of AWS Lambda, version 2018-06-01.
struct HTTPRuntimeAPI: RuntimeAPI {
    /// An unexpected answer of the API.
    struct Unexpected: Error, CustomStringConvertible {
        let request: String
        let problem: String

        var description: String { "\(request): \(problem)" }
    }

    /// The host and port.
    let address: String
    let client: HTTPClient

    func next() async throws -> Invocation {
        let path = "invocation/next"
        // The API answers once there is an invocation, which may take days.
        let response = try await client.execute(request(.GET, path), deadline: .distantFuture)
        guard response.status == .ok else { throw Unexpected(request: path, problem: "\(response.status)") }
        guard let requestID = response.headers.first(name: "Lambda-Runtime-Aws-Request-Id") else {
            throw Unexpected(request: path, problem: "no request id")
        }
        let payload = try await response.body.collect(upTo: Invocation.largestPayload)
        let deadline = response.headers.first(name: "Lambda-Runtime-Deadline-Ms").flatMap { Int64($0) }
        // With an invalid header the difference may overflow 64 bits.
        let left = deadline.map { deadline in
            let (left, isBeyond) = deadline.subtractingReportingOverflow(System.millisecondsSinceEpoch)
            return isBeyond ? Duration.zero : min(.milliseconds(left), Invocation.longest)
        }
        return Invocation(
            requestID: requestID,
            deadline: ContinuousClock.now + (left ?? Invocation.longest),
            functionARN: response.headers.first(name: "Lambda-Runtime-Invoked-Function-Arn"),
            payload: Array(payload.readableBytesView),
            traceID: response.headers.first(name: "Lambda-Runtime-Trace-Id")
        )
    }

    func respond(to requestID: String, with result: [UInt8]) async throws {
        try await post("invocation/\(requestID)/response", ByteBuffer(bytes: result))
    }

    func fail(_ requestID: String, with error: FunctionError) async throws {
        try await post("invocation/\(requestID)/error", error)
    }

    func failToStart(with error: FunctionError) async throws { try await post("init/error", error) }

    private func post(_ path: String, _ error: FunctionError) async throws {
        let type = ("Lambda-Runtime-Function-Error-Type", error.kind.rawValue)
        try await post(path, ByteBuffer(string: error.document), headers: [type])
    }

    private func post(_ path: String, _ body: ByteBuffer, headers: [(String, String)] = []) async throws {
        var request = request(.POST, path)
        request.headers.add(name: "Content-Type", value: "application/json")
        request.headers.add(contentsOf: headers)
        request.body = .bytes(body)
        let response = try await client.execute(request, timeout: .seconds(10))
        // What the API refuses with 4xx, such as the result of an invocation that timed out, is final: a retry cannot help.
        guard response.status.code < 500 else { throw Unexpected(request: path, problem: "\(response.status)") }
        _ = try await response.body.collect(upTo: 1 << 20)
    }

    private func request(_ method: HTTPMethod, _ path: String) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: "http://\(address)/2018-06-01/runtime/\(path)")
        request.method = method
        return request
    }
}
