import Logging
import Sluice
import SluiceJSON
import SluicePipeline
import Testing

@Suite struct `The handler` {
    /// The result, error and metrics of an invocation.
    private struct Outcome {
        var result: JSONValue?
        var error: FunctionError?
        var metrics: JSONValue
        var logs: [JSONValue]

        func log(_ message: String) -> JSONValue? { logs.first { $0["message"]?.text == message } }
    }

    private func handle(
        _ payload: String,
        _ services: MemoryServices,
        _ environment: [String: String] = [:],
        time: Duration = .seconds(900),
        isColdStart: Bool = false
    ) async throws -> Outcome {
        let usual = ["SLUICE_QUEUE_URL": "https://q", "SLUICE_ERROR_QUEUE_URL": "https://e"]
        let environment = usual.merging(environment) { $1 }
        let (metrics, logs) = (Lines(), Lines())
        let handler = Handler(try Configuration { environment[$0] }, services, metrics: metrics.output)
        let logger = Logger(label: "test") { _ in JSONLogHandler(.info, output: logs.output) }
        let invocation = Invocation(requestID: "r-1", deadline: services.clock.now + time, payload: Array(payload.utf8))
        var result: JSONValue?
        var failure: FunctionError?
        do throws(FunctionError) {
            result = JSONValue(parsing: try await handler.handle(invocation, isColdStart: isColdStart, logger: logger))
        } catch {
            failure = error
        }
        #expect(metrics.all.count == 1)
        for line in metrics.all { try `Embedded metrics`.check(line) }
        let documents = try logs.all.map { try #require(JSONValue(parsing: $0.utf8)) }
        for document in documents { #expect(document["requestId"]?.text == "r-1") }
        return Outcome(
            result: result,
            error: failure,
            metrics: try #require(JSONValue(parsing: metrics.all.joined().utf8)),
            logs: documents
        )
    }

    private func expect(_ metrics: JSONValue, _ outcome: String, _ expected: [String: Double]) {
        #expect(metrics["outcome"]?.text == outcome)
        for (name, value) in expected { #expect(metrics[name]?.double == value, "\(name)") }
    }

    @Test func `sends the rows of a valid file and a manifest`() async throws {
        let services = MemoryServices(["a b.csv": "a,b\n1,2\n3,4\n"])
        let outcome = try await handle(Payloads.sns(Payloads.s3("a+b.csv")), services, isColdStart: true)
        #expect(outcome.error == nil)
        let messages = services.state.messages
        #expect(messages.map(\.content) == [.json, .manifest])
        #expect(messages.map(\.source) == ["s3://inbox/a%20b.csv?etag=e12", "s3://inbox/a%20b.csv?etag=e12"])
        #expect(messages.first?.body == Array(#"[{"a":"1","b":"2"},{"a":"3","b":"4"}]"#.utf8))
        let object = outcome.result?["objects"]?.elements?.first
        #expect(object?["source"]?.text == "s3://inbox/a%20b.csv?etag=e12" && object?["rows"] == .number("2"))
        let bytes = messages.reduce(0) { $0 + $1.size }
        expect(
            outcome.metrics,
            "success",
            [
                "success": 1, "error": 0, "coldStart": 1, "objects": 1, "badObjects": 0, "ignored": 0, "rows": 2,
                "rejectedRows": 0, "bytesIn": 12, "bytesOut": Double(bytes), "messages": 2, "batches": 1, "retries": 0,
            ]
        )
        #expect(outcome.log("converted")?["rows"]?.text == "2")
        #expect(services.state.reports.isEmpty)
    }

    @Test func `counts nothing as ignored in a job of a state machine`() async throws {
        let job = #"{"sluice":"inOrder","object":{"bucket":"inbox","key":"a.csv"}}"#
        let outcome = try await handle(job, MemoryServices(["a.csv": "a\n1\n"]))
        expect(outcome.metrics, "success", ["objects": 1, "ignored": 0])
    }

    @Test func `gives an unchanged object the same ids, and a changed one other ids`() async throws {
        var ids: Set<String> = []
        for text in ["a\n1\n", "a\n1\n", "a\n1\n2\n"] {
            let services = MemoryServices(["a.csv": text])
            _ = try await handle(Payloads.s3("a.csv"), services, ["SLUICE_MAX_BYTES": "4096"])
            ids.formUnion(services.state.messages.prefix(1).map(\.id))
        }
        #expect(ids.count == 2)
    }

    @Test(arguments: [("", 0.0), ("a,b\n", 0.0)])
    func `sends a manifest for a file without rows`(_ text: String, _ rows: Double) async throws {
        let services = MemoryServices(["a.csv": text])
        let outcome = try await handle(Payloads.s3("a.csv"), services)
        #expect(services.state.messages.map(\.content) == [.manifest])
        expect(outcome.metrics, "success", ["rows": rows, "messages": 1, "objects": 1])
    }

    @Test func `reports a bad file and succeeds`() async throws {
        let bad = "a,b\n1,2\n3,\"4\"x\n"
        let services = MemoryServices(["a.csv": bad, "b.csv": "a\n1\n"])
        let outcome = try await handle(Payloads.sqs(Payloads.s3("a.csv"), Payloads.s3("b.csv")), services)
        #expect(outcome.error == nil)
        #expect(services.state.messages.map(\.content) == [.json, .aborted, .json, .manifest])
        #expect(services.state.reports.count == 1)
        let report = try #require(JSONValue(parsing: services.state.reports.joined().utf8))
        #expect(report["source"]?.text == "s3://inbox/a.csv?etag=e\(bad.utf8.count)")
        #expect(report["code"]?.text == "textAfterQuote")
        #expect(
            report["offset"] == .number("13") && report["record"] == .number("3") && report["field"] == .number("2")
        )
        #expect(report["excerpt"]?.text == "3,\"4\"x\n")
        #expect(report["message"]?.text?.contains("SLUICE_AFTER_QUOTE=append") == true)
        #expect(report["requestId"]?.text == "r-1" && report["input"]?.text == "s3://inbox/a.csv")
        #expect(outcome.log("bad data")?["code"]?.text == "textAfterQuote")
        expect(outcome.metrics, "badData", ["success": 1, "error": 0, "badObjects": 1, "objects": 2, "rows": 2])
        let results = outcome.result?["objects"]?.elements ?? []
        #expect(results.map { $0["error"]?.text } == ["textAfterQuote", nil])
    }

    @Test func `shortens the record in a report, and omits it if it cannot be read again`() async throws {
        let text = "a\n1\n" + String(repeating: "é", count: 500) + "\"\n"
        for (failing, expected) in [(Int.max, String(repeating: "é", count: 100)), (2, nil)] {
            let services = MemoryServices(["a.csv": text]) { $0.failsFromRead = failing }
            let outcome = try await handle(Payloads.s3("a.csv"), services)
            #expect(outcome.error == nil)
            let report = try #require(JSONValue(parsing: services.state.reports.joined().utf8))
            #expect(report["code"]?.text == "quoteInPlain" && report["excerpt"]?.text == expected)
        }
    }

    @Test func `only logs a bad file if there is no error queue`() async throws {
        let services = MemoryServices(["a.csv": "a\n\"1"])
        let outcome = try await handle(Payloads.s3("a.csv"), services, ["SLUICE_ERROR_QUEUE_URL": ""])
        #expect(outcome.error == nil && services.state.reports.isEmpty)
        #expect(outcome.log("bad data")?["code"]?.text == "unterminatedQuote")
    }

    @Test func `leaves out rows that fit no message if configured to`() async throws {
        let services = MemoryServices(["a.csv": "a\n1\n\(String(repeating: "x", count: 4000))\n2\n"])
        let environment = ["SLUICE_MAX_BYTES": "4096", "SLUICE_OVERSIZE": "reject"]
        let outcome = try await handle(Payloads.s3("a.csv"), services, environment)
        expect(outcome.metrics, "success", ["rows": 2, "rejectedRows": 1])
        #expect(services.state.reports.isEmpty)
    }

    @Test(
        arguments: zip(
            ["s3://inbox/a.csv: ", "", "s3://inbox/a.csv: "],
            [
                { $0.failsToDescribe = true }, { $0.failsToSend = true }, { $0.failsFromRead = 1 },
            ] as [@Sendable (inout MemoryServices.State) -> Void]
        )
    )
    func `fails if a service fails, and reports what was requested`(
        _ subject: String,
        _ trouble: @escaping @Sendable (inout MemoryServices.State) -> Void
    ) async throws {
        let services = MemoryServices(["a.csv": "a\n1\n"], trouble)
        let outcome = try await handle(Payloads.s3("a.csv"), services)
        #expect(outcome.error == FunctionError(.service, "\(subject)the network is down"))
        #expect(services.state.messages.isEmpty && services.state.reports.isEmpty)
        expect(outcome.metrics, "failure", ["success": 0, "error": 1])
        #expect(outcome.log("failed")?["reason"]?.text == "\(subject)the network is down")
    }

    @Test func `succeeds if an object was deleted, and converts the others`() async throws {
        let services = MemoryServices(["b.csv": "a\n1\n"]) { $0.deleted = ["a.csv"] }
        let outcome = try await handle(
            Payloads.sqs(Payloads.s3("a.csv", version: "v1"), Payloads.s3("b.csv")),
            services
        )
        let results = outcome.result?["objects"]?.elements ?? []
        #expect(results.map { $0["outcome"]?.text } == ["deleted", "converted"])
        #expect(outcome.log("deleted")?["source"]?.text == "s3://inbox/a.csv?versionId=v1")
        expect(outcome.metrics, "deleted", ["success": 1, "error": 0, "badObjects": 0, "objects": 2, "rows": 1])
        #expect(services.state.messages.map(\.content) == [.json, .manifest] && services.state.reports.isEmpty)
    }

    @Test func `counts what it does not know, and not what it expects`() async throws {
        let payload = Payloads.sqs("nonsense", Payloads.test, Payloads.s3("a.txt"), #"{"detail-type":"Other"}"#)
        let outcome = try await handle(payload, MemoryServices())
        expect(outcome.metrics, "success", ["ignored": 4, "unknownEvents": 2])
        let expected = try await handle(Payloads.sqs(Payloads.test, Payloads.s3("a.txt")), MemoryServices())
        #expect(expected.metrics["unknownEvents"] == nil)
    }

    @Test func `reports why it fails if a state machine requests an unknown job`() async throws {
        let outcome = try await handle("{\"sluice\":\"dance\"}", MemoryServices())
        #expect(outcome.error?.kind == .configuration)
        #expect(outcome.log("failed")?["reason"]?.text?.contains("'dance'") == true)
        expect(outcome.metrics, "failure", ["error": 1])
    }

    @Test func `converts an event's other objects if one cannot be read, and then fails`() async throws {
        let services = MemoryServices(["a.csv": "a\n1\n", "c.csv": "a\n3\n"])
        let payload = Payloads.sqs(Payloads.s3("a.csv"), Payloads.s3("gone.csv"), Payloads.s3("c.csv"))
        let outcome = try await handle(payload, services)
        #expect(outcome.error == FunctionError(.service, "s3://inbox/gone.csv: the network is down"))
        #expect(services.state.messages.map(\.content) == [.json, .manifest, .json, .manifest])
    }

    private let partial = ["SLUICE_BATCH_ITEM_FAILURES": "true"]

    private func failedMessages(_ outcome: Outcome) -> [String?]? {
        outcome.result?["batchItemFailures"]?.elements?.map { $0["itemIdentifier"]?.text }
    }

    @Test func `names the messages that failed where their queue asks for them`() async throws {
        let services = MemoryServices(["a.csv": "a\n1\n", "c.csv": "a\n3\n"])
        let payload = Payloads.sqs(
            Payloads.notification(Payloads.s3("gone.csv")),
            Payloads.s3("a.csv"),
            Payloads.s3("lost.csv"),
            Payloads.s3("c.csv")
        )
        let outcome = try await handle(payload, services, partial)
        #expect(failedMessages(outcome) == ["0", "2"])
        #expect(services.state.messages.map(\.content) == [.json, .manifest, .json, .manifest])
        expect(outcome.metrics, "failure", ["error": 1, "objects": 2])
        let failed = outcome.logs.filter { $0["message"]?.text == "failed" }
        #expect(failed.map { $0["source"]?.text } == ["s3://inbox/gone.csv", "s3://inbox/lost.csv"])
    }

    @Test func `names no message if none failed`() async throws {
        let services = MemoryServices(["a.csv": "a\n1\n", "bad.csv": "a\n\"1"])
        let payload = Payloads.sqs(Payloads.s3("a.csv"), Payloads.s3("bad.csv"), Payloads.test)
        let outcome = try await handle(payload, services, partial)
        #expect(failedMessages(outcome) == [])
        #expect(failedMessages(try await handle(Payloads.sqs(Payloads.test), services, partial)) == [])
        expect(outcome.metrics, "badData", ["error": 0, "badObjects": 1])
    }

    @Test(arguments: [
        Payloads.sqs(Payloads.s3("gone.csv"), Payloads.s3("lost.csv")),
        // Without its id, SQS would take a message for processed.
        Payloads.sqs(Payloads.s3("gone.csv"), Payloads.s3("a.csv")).replacing(#""messageId":"0","#, with: ""),
        Payloads.s3("gone.csv"),
    ])
    func `fails as a whole if it converts nothing, or cannot name what failed`(_ payload: String) async throws {
        let outcome = try await handle(payload, MemoryServices(["a.csv": "a\n1\n"]), partial)
        #expect(outcome.error == FunctionError(.service, "s3://inbox/gone.csv: the network is down"))
        #expect(outcome.logs.count { $0["message"]?.text == "failed" && $0["errorType"] != nil } == 1)
        expect(outcome.metrics, "failure", ["error": 1, "objects": 0])
    }

    @Test func `fails as a whole if its time runs out`() async throws {
        let services = MemoryServices(["a.csv": "a\n1\n", "b.csv": "a\n1\n"]) { $0.delay = .seconds(86_400) }
        let payload = Payloads.sqs(Payloads.s3("a.csv"), Payloads.s3("b.csv"))
        let outcome = try await handle(payload, services, partial, time: .milliseconds(200))
        #expect(outcome.error?.kind == .deadline)
    }

    @Test func `answers events that no queue delivered as before`() async throws {
        let outcome = try await handle(Payloads.s3("a.csv"), MemoryServices(["a.csv": "a\n1\n"]), partial)
        #expect(outcome.result?["objects"]?.elements?.count == 1 && failedMessages(outcome) == nil)
    }

    @Test func `fails if a bad file cannot be reported`() async throws {
        let services = MemoryServices(["a.csv": "a\n\"1"]) { $0.failsToReport = true }
        #expect(try await handle(Payloads.s3("a.csv"), services).error?.kind == .service)
    }

    @Test func `fails if bytes of an object are missing, and sends no manifest`() async throws {
        let services = MemoryServices(["a.csv": "a\n1\n2\n"]) { $0.missing = 2 }
        let outcome = try await handle(Payloads.s3("a.csv"), services)
        #expect(
            outcome.error
                == FunctionError(.object, "bytes 0..<6 of s3://inbox/a.csv?etag=e6 were requested, but 4 were received")
        )
        #expect(services.state.messages.isEmpty)
    }

    @Test func `fails before its time runs out`() async throws {
        let services = MemoryServices(["a.csv": "a\n1\n"]) { $0.delay = .seconds(86_400) }
        let outcome = try await handle(Payloads.s3("a.csv"), services, time: .milliseconds(200))
        #expect(outcome.error?.kind == .deadline)
        #expect(services.state.reads == 1 && services.state.messages.isEmpty)
        expect(outcome.metrics, "failure", ["error": 1])
    }

    @Test(arguments: [Payloads.s3("a.txt"), Payloads.s3("dir/"), Payloads.test, "{}", "no JSON"])
    func `logs events that are not for it and succeeds`(_ payload: String) async throws {
        let services = MemoryServices()
        let outcome = try await handle(payload, services)
        #expect(outcome.error == nil && services.state.messages.isEmpty)
        #expect(outcome.log("ignored")?["reason"]?.text != nil)
        #expect(outcome.result?["ignored"] == .number("1") && outcome.result?["objects"]?.elements == [])
        expect(outcome.metrics, "success", ["objects": 0, "ignored": 1])
    }
}
