import AsyncHTTPClient
import FoundationEssentials
import NIOCore
import NIOHTTP1

struct Missing: Error { var name: String }

/// The value of a variable of the environment.
func setting(_ name: String) throws(Missing) -> String {
    guard let value = ProcessInfo.processInfo.environment[name] else { throw Missing(name: name) }
    return value
}

/// Handles one event after another, as AWS Lambda's runtime API gives them. Reports what the closure returns, or its error.
func serve<Event: Decodable, Answer: Encodable>(_ handle: @Sendable (Event) async throws -> Answer) async throws {
    let invocations = "http://\(try setting("AWS_LAMBDA_RUNTIME_API"))/2018-06-01/runtime/invocation/"
    let client = HTTPClient.shared
    while true {
        let next = try await client.execute(HTTPClientRequest(url: invocations + "next"), deadline: .distantFuture)
        guard let id = next.headers.first(name: "Lambda-Runtime-Aws-Request-Id") else { throw Missing(name: "id") }
        let event = try await next.body.collect(upTo: 6 << 20)
        var report: HTTPClientRequest
        do {
            let answer = try await handle(JSONDecoder().decode(Event.self, from: Data(event.readableBytesView)))
            report = HTTPClientRequest(url: invocations + id + "/response")
            report.body = .bytes(ByteBuffer(bytes: try JSONEncoder().encode(answer)))
        } catch {
            print(error)
            report = HTTPClientRequest(url: invocations + id + "/error")
            report.headers.add(name: "Lambda-Runtime-Function-Error-Type", value: "Failed")
            let answer = ["errorType": "Failed", "errorMessage": "\(error)"]
            report.body = .bytes(ByteBuffer(bytes: try JSONEncoder().encode(answer)))
        }
        report.method = .POST
        _ = try await client.execute(report, timeout: .seconds(10)).body.collect(upTo: 1 << 20)
    }
}

/// The same for an event that has no answer.
func serve<Event: Decodable & SendableMetatype>(_ handle: @Sendable (Event) async throws -> Void) async throws {
    try await serve { (event: Event) -> Bool? in
        try await handle(event)
        return nil
    }
}
