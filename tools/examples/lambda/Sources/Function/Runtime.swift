import AsyncHTTPClient
import Foundation
import NIOCore
import SluiceAWS

/// The event with which S3 invokes a function.
struct S3Event: Decodable {
    struct Record: Decodable {
        struct Place: Decodable {
            struct Bucket: Decodable { var name: String }
            struct Object: Decodable { var key: String, versionId: String? }

            var bucket: Bucket
            var object: Object
        }

        var s3: Place
    }

    enum CodingKeys: String, CodingKey { case records = "Records" }

    var records: [Record]

    /// Where the objects are. Keys are encoded as in a form: a plus sign is a space.
    var objects: [S3Location] {
        records.compactMap { record in
            let object = record.s3.object
            let key = object.key.replacing("+", with: " ").removingPercentEncoding
            return key.map { S3Location(bucket: record.s3.bucket.name, key: $0, versionID: object.versionId) }
        }
    }
}

struct Missing: Error { var name: String }

/// The value of a variable of the environment.
func setting(_ name: String) throws(Missing) -> String {
    guard let value = ProcessInfo.processInfo.environment[name] else { throw Missing(name: name) }
    return value
}

/// Handles one event after another, as AWS Lambda's runtime API gives them, and reports how each went.
func serve<Event: Decodable>(_ handle: @Sendable (Event) async throws -> Void) async throws {
    let invocations = "http://\(try setting("AWS_LAMBDA_RUNTIME_API"))/2018-06-01/runtime/invocation/"
    let client = HTTPClient.shared
    while true {
        let next = try await client.execute(HTTPClientRequest(url: invocations + "next"), deadline: .distantFuture)
        guard let id = next.headers.first(name: "Lambda-Runtime-Aws-Request-Id") else { throw Missing(name: "id") }
        let event = try await next.body.collect(upTo: 6 << 20)
        var report: HTTPClientRequest
        do {
            try await handle(JSONDecoder().decode(Event.self, from: Data(event.readableBytesView)))
            report = HTTPClientRequest(url: invocations + id + "/response")
            report.body = .bytes(ByteBuffer(string: "null"))
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
