import Logging
import Sluice
import SluiceJSON
import SluicePipeline
import Testing

@Suite struct `Records that are put aside by the function` {
    private static let reporting = ["SLUICE_REJECTS": "report"]

    private func invoked(_ text: String, _ environment: [String: String] = [:]) -> Invoked {
        var invoked = Invoked(services: MemoryServices(["a.csv": text]))
        invoked.environment.merge(Self.reporting.merging(environment) { $1 }) { $1 }
        return invoked
    }

    /// Returns what a function without notes sends for the same object.
    private func whole(_ invoked: Invoked) async throws -> MemoryServices.State {
        var other = Invoked(services: MemoryServices(), environment: invoked.environment)
        other.services.change { $0.objects = invoked.services.state.objects }
        other.environment["SLUICE_WORK_BUCKET"] = nil
        _ = try await other(Payloads.s3("a.csv"))
        return other.services.state
    }

    /// Checks that everything that one run sends was sent, and after a fault nothing that it does not send before it.
    private func expectSame(_ invoked: Invoked, _ name: String) async throws {
        let (found, expected) = (invoked.services.state, try await whole(invoked))
        let last = try #require(expected.messages.last)
        #expect(found.messages.last == last, "\(name)")
        for (found, expected) in [(found.messages, expected.messages), (found.rejects, expected.rejects)] {
            let counted = found.filter { $0.range.upperBound <= last.range.upperBound }
            #expect(Set(counted) == Set(expected), "\(name)")
            if last.content == .manifest { #expect(counted.count == found.count, "\(name)") }
        }
        #expect(found.reports.count == expected.reports.count && !found.messages.contains { $0.content == .rejects })
    }

    @Test func `go to the error queue, and the other rows to the queue`() async throws {
        let invoked = invoked("a,b\n1,2\n3,x\"y\n5,6\n")
        #expect(try await invoked.outcome(Payloads.s3("a.csv")) == "converted")
        let state = invoked.services.state
        #expect(state.messages.map(\.content) == [.json, .manifest] && state.reports.isEmpty)
        #expect(state.messages.first?.body == Array(#"[{"a":"1","b":"2"},{"a":"5","b":"6"}]"#.utf8))
        #expect(state.rejects.map(\.content) == [.rejects])
        let lines = try #require(state.rejects.first.flatMap { JSONValue(parsing: $0.body)?.elements })
        #expect(lines.count == 1 && lines[0]["code"]?.text == "quoteInPlain" && lines[0]["line"]?.integer == 3)
        let manifest = try #require(state.messages.last.flatMap { JSONValue(parsing: $0.body) })
        #expect(manifest["rejected"]?.integer == 1 && manifest["rejects"]?["lines"]?.integer == 1)
        #expect(manifest["configuration"]?.text?.contains(";rejects=all") == true)
    }

    @Test func `are delivered before the manifest, or the object is not done`() async throws {
        let invoked = invoked("a\n\"x\"y\n1\n")
        invoked.services.change { $0.failsToReport = true }
        await #expect(throws: FunctionError.self) { try await invoked(Payloads.s3("a.csv")) }
        #expect(!invoked.services.state.messages.contains { $0.isLast })
        invoked.services.change { $0.failsToReport = false }
        #expect(try await invoked.outcome(Payloads.s3("a.csv")) == "converted")
        try await expectSame(invoked, "after the retry")
    }

    private static let header = "a,b\n"
    private static let good = (1...30).map { "\($0),\"x\ny\"\r\n" }.joined()
    private static let bad = "1,x\"y\n\"2\"x,3\n4\n"
    private static let inputs: [(name: String, text: String)] = [
        ("a few of every kind", header + good + bad + good + "1,2,3\n"),
        ("a quote that shifts the parity of all after it", header + good + "5,6\" disc\n" + good + good),
        ("a lost quote", header + good + "1,\"lost\n" + good),
        ("a quote that is never closed", header + good + "1,\"lost\n" + String(repeating: "1,2\n", count: 60)),
        ("every row", header + String(repeating: "1,x\"y\n", count: 100)),
        ("none", header + good), ("the last line, without its line end", header + good + "1,\"x\"y"),
        ("a byte order mark before a quoted header", "\u{FEFF}\"a\",b\n" + good + bad + good),
        ("a record that ends the run, too", header + good + bad + String(repeating: "x", count: 5000) + good),
        ("an invalid header", "a,a\n" + good + bad),
    ]

    @Test(arguments: inputs, ["", "0", "2", "4", "0.5%", "5%", "50%"])
    func `are the same in portions as in one run, up to any limit`(
        _ input: (name: String, text: String),
        _ limit: String
    ) async throws {
        let invoked = invoked(input.text, ["SLUICE_MAX_REJECTS": limit, "SLUICE_MAX_RECORD": "4000"])
        _ = try await Jobs.run(invoked, "a.csv")
        try await expectSame(invoked, "\(input.name), \(limit)")
        // Nothing is read after an invalid header.
        let isCut = invoked.services.state.notes.keys.contains { $0.hasSuffix("portions.json") }
        #expect(isCut == (input.name != "an invalid header"))
    }

    @Test(arguments: [
        ["SLUICE_UNTERMINATED": "next-line"], ["SLUICE_DELIMITER": "||"], ["SLUICE_SEP_LINE": "use"],
        ["SLUICE_QUEUE_URL": "https://q/messages.fifo"],
    ])
    func `are found in order where a portion cannot know where it starts`(_ environment: [String: String]) async throws
    {
        let invoked = invoked(Self.inputs[3].text, environment)
        #expect(try await Jobs.run(invoked, "a.csv")["outcome"]?.text == "converted")
        try await expectSame(invoked, "\(environment)")
        #expect(!invoked.services.state.notes.keys.contains { $0.hasSuffix("portions.json") })
    }

    @Test(arguments: [["SLUICE_QUOTE_IN_PLAIN": "data"], ["SLUICE_LENIENT": "true", "SLUICE_RAGGED": "error"]])
    func `are found in portions also where the dialect allows quotes anywhere`(
        _ environment: [String: String]
    ) async throws {
        let invoked = invoked(Self.inputs[0].text, environment)
        #expect(try await Jobs.run(invoked, "a.csv")["outcome"]?.text == "converted")
        try await expectSame(invoked, "\(environment)")
        #expect(invoked.services.state.notes.keys.contains { $0.hasSuffix("portions.json") })
    }

    @Test(arguments: inputs, ["", "4", "5%"])
    func `are the same when invocations fail or hand over`(
        _ input: (name: String, text: String),
        _ limit: String
    ) async throws {
        for failing in 1...12 {
            let invoked = invoked(input.text, ["SLUICE_MAX_REJECTS": limit, "SLUICE_MAX_RECORD": "4000"])
            invoked.services.change { $0.queueSize = failing }
            _ = try? await invoked(Payloads.s3("a.csv"))
            invoked.services.change { $0.queueSize = .max }
            var outcome = try await invoked.outcome(Payloads.s3("a.csv"), time: .seconds(failing % 3 == 0 ? 900 : 1))
            for _ in 0..<100 where outcome == "handedOn" {
                outcome = try await invoked.outcome(Payloads.s3("a.csv"), time: .seconds(1))
            }
            try await expectSame(invoked, "\(input.name), \(limit), \(failing) messages")
        }
    }

    @Test func `that are too many end the object, with a report`() async throws {
        let invoked = invoked(Self.inputs[0].text, ["SLUICE_MAX_REJECTS": "1"])
        #expect(try await invoked.outcome(Payloads.s3("a.csv")) == "faulty")
        let report = try #require(invoked.services.state.reports.first.flatMap { JSONValue(parsing: $0.utf8) })
        #expect(report["code"]?.text == "tooManyRejects" && report["excerpt"] == nil)
        #expect(report["message"]?.text?.contains("SLUICE_MAX_REJECTS") == true)
    }

    @Test func `are named in the summary, the first three`() async throws {
        let text = "a,b\n1,x\"y\n\"2\"x,3\n4\n5,6,7\n8,9\n"
        let single = try await invoked(text)(Payloads.s3("a.csv"))["objects"]?.elements?.first
        let first = try #require(single?["firstRejects"]?.elements)
        #expect(first.map { $0["code"]?.text } == ["quoteInPlain", "textAfterQuote", "raggedRecord"])
        #expect(first.map { $0["line"]?.integer } == [2, 3, 4] && first.map { $0["column"]?.text } == ["b", "a", "b"])
        let distributed = try await Jobs.run(invoked(text), "a.csv")
        #expect(distributed["firstRejects"] == single?["firstRejects"] && distributed["rejected"]?.integer == 4)
    }

    @Test func `are counted by code in metrics, and named in the log`() async throws {
        let (metrics, logs) = (Lines(), Lines())
        let services = MemoryServices(["a.csv": "a,b\n1,x\"y\n2\n3\n"])
        let environment = invoked("").environment
        let handler = Handler(try Configuration { environment[$0] }, services, metrics: metrics.output)
        let logger = Logger(label: "test") { _ in JSONLogHandler(.info, output: logs.output) }
        let payload = Array(Payloads.s3("a.csv").utf8)
        let invocation = Invocation(requestID: "r", deadline: services.clock.now + .seconds(900), payload: payload)
        _ = try await handler.handle(invocation, isColdStart: false, logger: logger)
        for line in metrics.all { try `Embedded metrics`.check(line) }
        let values = metrics.all.compactMap { JSONValue(parsing: $0.utf8) }
        #expect(values.map { $0["code"]?.text } == [nil, "quoteInPlain", "raggedRecord"])
        #expect(values.map { $0["rejects"]?.integer } == [nil, 1, 2] && values[0]["rejectedRows"]?.integer == 3)
        let log = logs.all.compactMap { JSONValue(parsing: $0.utf8) }.first { $0["message"]?.text == "converted" }
        #expect(log?["firstRejects"]?.elements?.first?.text == "quoteInPlain at line 2, column b")
    }

    @Test func `need variables that fit together`() throws {
        func faults(_ variables: [String: String]) -> [String] {
            let environment = ["SLUICE_QUEUE_URL": "https://q"].merging(variables) { $1 }
            do throws(Configuration.Faults) { _ = try Configuration { environment[$0] } } catch { return error.faults }
            return []
        }
        let errors = ["SLUICE_ERROR_QUEUE_URL": "https://e"]
        let reporting = errors.merging(Self.reporting) { $1 }
        for (variables, fault) in [
            (reporting, nil), (errors.merging(["SLUICE_REJECTS": "off"]) { $1 }, nil),
            (reporting.merging(["SLUICE_MAX_REJECTS": "0.5%"]) { $1 }, nil),
            (reporting.merging(["SLUICE_UNTERMINATED": "next-line"]) { $1 }, nil),
            (Self.reporting, "SLUICE_ERROR_QUEUE_URL is not set"), (["SLUICE_REJECTS": "yes"], "SLUICE_REJECTS takes"),
            (reporting.merging(["SLUICE_MAX_REJECTS": "many"]) { $1 }, "SLUICE_MAX_REJECTS takes"),
            (["SLUICE_MAX_REJECTS": "5"], "SLUICE_MAX_REJECTS requires SLUICE_REJECTS=report"),
            (["SLUICE_UNTERMINATED": "next-line"], "SLUICE_UNTERMINATED=next-line requires SLUICE_REJECTS=report"),
        ] {
            let found = faults(variables)
            #expect(found.count == (fault == nil ? 0 : 1) && found.allSatisfy { $0.contains(fault ?? "") }, "\(found)")
        }
    }
}
