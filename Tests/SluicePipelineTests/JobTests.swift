import Sluice
import SluiceCSV
import SluiceJSON
import SluicePipeline
import Testing

@Suite struct `The jobs of a state machine` {
    private static let inputs: [(name: String, text: String)] = [
        ("rows", "a,b\n" + (1...200).map { "\($0),\"x\ny\"\r\n" }.joined()),
        ("a quoted field over many segments", "a,b\n1,2\n3,\"" + String(repeating: "long\n", count: 200) + "\"\n5,6\n"),
        ("no rows", "a,b\n"), ("nothing", ""), ("one row without a line end", "a\n1"),
        ("a bad record in the middle", "a,b\n" + (1...200).map { $0 == 120 ? "1,\"2\"3\n" : "\($0),y\n" }.joined()),
        ("an invalid header", "a,a\n" + String(repeating: "1,2\n", count: 200)),
        ("a sep= line", "sep=;\n" + String(repeating: "1,2\n", count: 200)),
        ("blank lines", "a\n" + String(repeating: "\n", count: 300) + "1\n"),
    ]

    @Test(arguments: inputs)
    func `send the same messages as a single run`(_ name: String, _ text: String) async throws {
        let services = MemoryServices(["a.csv": text])
        let answer = try await Jobs.run(Invoked(services: services), "a.csv")
        let expected = try await services.expected("a.csv")
        let last = try #require(expected.last)
        let found = services.state.messages
        #expect(found.last == last)
        let data = found.dropLast().sorted { ($0.segment, $0.index) < ($1.segment, $1.index) }
        // After an invalid record there may be more messages; the last message does not count them.
        #expect(data.filter { $0.range.upperBound <= last.range.upperBound } == expected.dropLast())
        #expect(answer["outcome"]?.text == (last.content == .manifest ? "converted" : "faulty"))
        #expect(services.state.reports.count == (last.content == .manifest ? 0 : 1))
    }

    /// Lines that are skipped shift the first record, and escape characters break the parity of quotes.
    @Test(arguments: [
        (["SLUICE_SEP_LINE": "use"], "sep=;\na;b\n" + (1...200).map { "\($0);\"x\ny\"\r\n" }.joined()),
        (["SLUICE_ESCAPE": "\\"], "a,b\n" + (1...200).map { "\"\\\"\($0)\",x\\\ny\\\"\r\n" }.joined()),
        (
            ["SLUICE_ESCAPE": "\\", "SLUICE_SEP_LINE": "use"],
            "sep=|\r\n\"a\\\"\n\"|b\n" + (1...200).map { "\($0)|\\||\n" }.joined()
        ),
        (["SLUICE_SEP_LINE": "use"], "sep=;\n"),
    ])
    func `send the same messages as a single run in a dialect with other starts or escapes`(
        _ dialect: [String: String],
        _ text: String
    ) async throws {
        let services = MemoryServices(["a.csv": text])
        var invoked = Invoked(services: services)
        invoked.environment.merge(dialect) { $1 }
        let answer = try await Jobs.run(invoked, "a.csv")
        let expected = try await services.expected("a.csv", dialect)
        let found = services.state.messages
        #expect(found.last == expected.last)
        #expect(found.dropLast().sorted { ($0.segment, $0.index) < ($1.segment, $1.index) } == expected.dropLast())
        #expect(answer["outcome"]?.text != nil)
        #expect(services.state.notes.keys.contains { $0.hasSuffix("portions.json") } == !text.isEmpty)
    }

    @Test(arguments: [
        ["SLUICE_QUOTE_IN_PLAIN": "data"], ["SLUICE_QUOTE_IN_PLAIN": "data", "SLUICE_AFTER_QUOTE": "append"],
    ])
    func `read an object in order if its dialect allows no portions`(_ dialect: [String: String]) async throws {
        let services = MemoryServices(["a.csv": "a\n" + (1...100).map { "\($0)\"\n" }.joined()])
        var invoked = Invoked(services: services)
        invoked.environment.merge(dialect) { $1 }
        #expect(try await Jobs.run(invoked, "a.csv")["outcome"]?.text == "converted")
        #expect(try await services.state.messages == services.expected("a.csv", dialect))
    }

    @Test func `read an object in order if its messages go to a FIFO queue`() async throws {
        let services = MemoryServices(["a.csv": Self.inputs[0].text])
        var invoked = Invoked(services: services)
        invoked.environment["SLUICE_QUEUE_URL"] = "https://q/messages.fifo"
        #expect(try await Jobs.run(invoked, "a.csv")["outcome"]?.text == "converted")
        #expect(try await services.state.messages == services.expected("a.csv"))
    }

    @Test func `end without an error if the object was deleted, and send nothing`() async throws {
        let invoked = Invoked(services: MemoryServices { $0.deleted = ["a.csv"] })
        let planned = try await invoked(Jobs.job("plan", [("object", Jobs.object("a.csv"))]))
        #expect(planned["route"]?.text == "deleted" && planned["object"]?["key"]?.text == "a.csv")
        #expect(try await Jobs.run(invoked, "a.csv")["outcome"]?.text == "deleted")
        #expect(try await invoked(Jobs.job("sent", [("object", Jobs.object("a.csv"))]))["outcome"]?.text == "deleted")
        #expect(invoked.services.state.messages.isEmpty && invoked.services.state.notes.isEmpty)
    }

    @Test func `are refused under another configuration than the plan's`() async throws {
        let services = MemoryServices(["a.csv": Self.inputs[0].text])
        var invoked = Invoked(services: services)
        let plan = try await Jobs.plan("a.csv", invoked).json
        invoked.environment["SLUICE_MAX_BYTES"] = "8192"
        await #expect(throws: FunctionError.self) {
            try await invoked(Jobs.job("summarise", [("plan", plan), ("portion", "0")]))
        }
    }

    @Test func `fail if they are unknown or invalid`() async throws {
        let invoked = Invoked(services: MemoryServices(["a.csv": Self.inputs[0].text]))
        let plan = try await Jobs.plan("a.csv", invoked)
        let beyond = [("plan", plan.json), ("portion", "\(plan.portions.count)")]
        let endless = [("plan", plan.json.replacing(/"(size|portionSize)":\d+/) { "\"\($0.1)\":\(UInt64.max)" })]
        let jobs = [
            Jobs.job("dance", []), Jobs.job("plan", []), Jobs.job("convert", [("portion", "0")]),
            Jobs.job("summarise", beyond),
            Jobs.job("combine", endless),
        ]
        for text in jobs { await #expect(throws: FunctionError.self) { try await invoked(text) } }
    }

    @Test func `send the same messages as a single run when failed portions are redriven`() async throws {
        let services = MemoryServices(["a.csv": Self.inputs[0].text])
        let expected = try await services.expected("a.csv")
        services.change { $0.queueSize = expected.count / 2 }
        let invoked = Invoked(services: services)
        let plan = try await Jobs.plan("a.csv", invoked)
        let portions = (0..<plan.portions.count).map { [("plan", plan.json), ("portion", "\($0)")] }
        for portion in portions { _ = try await invoked(Jobs.job("summarise", portion)) }
        _ = try await invoked(Jobs.job("combine", [("plan", plan.json)]))
        var failed: [[(name: String, json: String)]] = []
        for portion in portions {
            do { _ = try await invoked(Jobs.job("convert", portion)) } catch { failed.append(portion) }
        }
        #expect(!failed.isEmpty && failed.count < portions.count)
        await #expect(throws: FunctionError.self) { try await invoked(Jobs.job("manifest", [("plan", plan.json)])) }

        services.change { $0.queueSize = .max }
        for portion in failed { _ = try await invoked(Jobs.job("convert", portion)) }
        _ = try await invoked(Jobs.job("manifest", [("plan", plan.json)]))
        let found = services.state.messages
        #expect(found.last == expected.last)
        #expect(Set(found.map(\.id)) == Set(expected.map(\.id)))
        #expect(Set(found.map(\.body)) == Set(expected.map(\.body)))
    }

    @Test func `report a portion that failed, with the reason and its range`() async throws {
        let services = MemoryServices(["a.csv": Self.inputs[0].text])
        let invoked = Invoked(services: services)
        let plan = try await Jobs.plan("a.csv", invoked)
        let error = "{\"Error\":\"Sluice.AWS\",\"Cause\":\"no \\\"luck\\\"\"}"
        _ = try await invoked(Jobs.job("giveUp", [("plan", plan.json), ("portion", "1"), ("error", error)]))
        let report = try #require(services.state.reports.first.flatMap { JSONValue(parsing: $0.utf8) })
        #expect(report["code"]?.text == "portionFailed" && report["message"]?.text == "Sluice.AWS: no \"luck\"")
        #expect(report["source"]?.text?.hasPrefix("s3://inbox/a.csv?etag=e") == true && report["portion"]?.integer == 1)
        let range = plan.portions.range(1)
        #expect(report["range"]?.text == "\(range.lowerBound)-\(range.upperBound - 1)")
    }

    @Test(arguments: ["FAILED", "TIMED_OUT", "ABORTED"])
    func `report an execution that ended without success`(_ status: String) async throws {
        let services = MemoryServices()
        let answer = try await Invoked(services: services)(executionEvent(status))
        #expect(answer["reported"] != nil && services.state.reports.count == 1)
        let report = try #require(services.state.reports.first.flatMap { JSONValue(parsing: $0.utf8) })
        #expect(report["code"]?.text == "executionFailed" && report["status"]?.text == status)
        #expect(report["source"]?.text == "s3://inbox/a.csv" && report["execution"]?.text == "arn:one")
        #expect(report["message"]?.text == "States.TaskFailed: why")
    }

    @Test func `do not report an execution that succeeded`() async throws {
        let services = MemoryServices()
        _ = try await Invoked(services: services)(executionEvent("SUCCEEDED"))
        #expect(services.state.reports.isEmpty)
    }

    /// Returns the event that EventBridge sends.
    private func executionEvent(_ status: String) -> String {
        let detail: [(name: String, json: String)] = [
            ("executionArn", "\"arn:one\""), ("status", JSONWriter.string(status)), ("error", "\"States.TaskFailed\""),
            ("cause", "\"why\""), ("input", JSONWriter.string(JSONWriter.object([("object", Jobs.object("a.csv"))]))),
        ]
        return JSONWriter.object([
            ("source", "\"aws.states\""), ("detail-type", "\"Step Functions Execution Status Change\""),
            ("detail", JSONWriter.object(detail)),
        ])
    }

    private static let routed = ["SLUICE_STATE_MACHINE_ARN": "arn:machine", "SLUICE_ROUTE_BYTES": "4"]

    @Test func `are started again if an execution ended without converting the object`() async throws {
        let services = MemoryServices(["a.csv": Self.inputs[0].text])
        var invoked = Invoked(services: services)
        invoked.environment.merge(Self.routed) { $1 }
        #expect(try await invoked.outcome(Payloads.s3("a.csv"), id: "r-1") == "handedOn")
        services.change { $0.endedExecutions = Set($0.executions.keys) }
        #expect(try await invoked.outcome(Payloads.s3("a.csv"), id: "r-2") == "handedOn")
        #expect(services.state.executions.count == 2)
        // While that execution runs, further events start no other.
        #expect(try await invoked.outcome(Payloads.s3("a.csv"), id: "r-3") == "handedOn")
        #expect(services.state.executions.count == 2)
        // After too many failed executions, the function gives up.
        await #expect(throws: FunctionError.self) {
            for _ in 0..<100 {
                services.change { $0.endedExecutions = Set($0.executions.keys) }
                _ = try await invoked(Payloads.s3("a.csv"), id: "r-4")
            }
        }
        #expect(services.state.executions.count == 20)
    }

    @Test func `are not started for an object whose messages have been sent`() async throws {
        let services = MemoryServices(["a.csv": Self.inputs[0].text])
        var invoked = Invoked(services: services)
        invoked.environment.merge(Self.routed) { $1 }
        _ = try await Jobs.run(invoked, "a.csv")
        let count = services.state.messages.count
        #expect(try await invoked.outcome(Payloads.s3("a.csv")) == "skipped")
        #expect(services.state.executions.isEmpty && services.state.messages.count == count)
    }

    @Test func `record what a task has sent, so that it is not sent again`() async throws {
        let services = MemoryServices(["a.csv": Self.inputs[0].text])
        var invoked = Invoked(services: services)
        invoked.environment.merge(Self.routed) { $1 }
        _ = try await invoked(Jobs.job("sent", [("object", Jobs.object("a.csv"))]))
        #expect(try await invoked.outcome(Payloads.s3("a.csv")) == "skipped")
        #expect(services.state.executions.isEmpty && services.state.messages.isEmpty)
    }

    @Test func `send the last message once, however often they run`() async throws {
        let services = MemoryServices(["a.csv": Self.inputs[5].text])
        let invoked = Invoked(services: services)
        for _ in 0..<2 { #expect(try await Jobs.run(invoked, "a.csv")["outcome"]?.text == "faulty") }
        #expect(services.state.messages.count { $0.content == .aborted } == 1 && services.state.reports.count == 1)
    }

    @Test(arguments: ["x\"y,1", "1,2,3"])
    func `abort an object whose invalid record shifts the start of later portions`(_ fault: String) async throws {
        for place in [0, 3, 120] {
            let rows = (0..<200).map { $0 == place ? fault : "\($0),\"y\nz\"" }
            let text = (place == 0 ? rows : ["a,b"] + rows).joined(separator: "\n")
            let services = MemoryServices(["a.csv": text])
            #expect(try await Jobs.run(Invoked(services: services), "a.csv")["outcome"]?.text == "faulty")
            #expect(try await services.state.messages.last == services.expected("a.csv").last)
            #expect(services.state.reports.count == 1)
        }
    }

    @Test func `keep the notes of executions with different portion sizes apart`() async throws {
        let services = MemoryServices(["a.csv": Self.inputs[0].text])
        let (one, other) = (Invoked(services: services), Invoked(services: services, portionSegments: 3))
        var plans: [(Invoked, PortionPlan)] = []
        for invoked in [one, other] {
            let plan = try await Jobs.plan("a.csv", invoked)
            for portion in 0..<plan.portions.count {
                _ = try await invoked(Jobs.job("summarise", [("plan", plan.json), ("portion", "\(portion)")]))
            }
            _ = try await invoked(Jobs.job("combine", [("plan", plan.json)]))
            plans.append((invoked, plan))
        }
        let (invoked, plan) = plans[0]
        for portion in 0..<plan.portions.count {
            _ = try await invoked(Jobs.job("convert", [("plan", plan.json), ("portion", "\(portion)")]))
        }
        _ = try await invoked(Jobs.job("manifest", [("plan", plan.json)]))
        #expect(try await Set(services.state.messages) == Set(services.expected("a.csv")))
    }

    @Test func `send no manifest if a portion went to another queue`() async throws {
        let services = MemoryServices(["a.csv": Self.inputs[0].text])
        var invoked = Invoked(services: services)
        _ = try await Jobs.run(invoked, "a.csv")
        services.change { state in
            state.messages = []
            state.notes = state.notes.filter { !$0.key.hasSuffix("progress.json") }
        }
        let plan = try await Jobs.plan("a.csv", invoked)
        invoked.environment["SLUICE_QUEUE_URL"] = "https://other"
        _ = try await invoked(Jobs.job("convert", [("plan", plan.json), ("portion", "0")]))
        await #expect(throws: FunctionError.self) { try await invoked(Jobs.job("manifest", [("plan", plan.json)])) }
        #expect(!services.state.messages.contains { $0.content == .manifest })
        // A new run sends all of them to that queue.
        _ = try await Jobs.run(invoked, "a.csv")
        #expect(try await Set(services.state.messages) == Set(services.expected("a.csv")))
    }

    @Test func `send no manifest if the queue has not confirmed a portion`() async throws {
        let services = MemoryServices(["a.csv": Self.inputs[0].text])
        services.change { $0.queueSize = 0 }
        let invoked = Invoked(services: services)
        let plan = try await prepared(invoked)
        for portion in 0..<plan.portions.count {
            let job = Jobs.job("convert", [("plan", plan.json), ("portion", "\(portion)")])
            await #expect(throws: (any Error).self) { try await invoked(job) }
        }
        services.change { $0.queueSize = .max }
        await #expect(throws: FunctionError.self) { try await invoked(Jobs.job("manifest", [("plan", plan.json)])) }
        #expect(services.state.messages.isEmpty)
    }

    @Test func `send no manifest if a portion does not end where the next one starts`() async throws {
        let services = MemoryServices(["a.csv": Self.inputs[0].text])
        let invoked = Invoked(services: services)
        let plan = try await prepared(invoked)
        for portion in 0..<plan.portions.count {
            _ = try await invoked(Jobs.job("convert", [("plan", plan.json), ("portion", "\(portion)")]))
        }
        let count = services.state.messages.count
        services.change { state in
            let results = state.notes.keys.filter { $0.contains("/results/") }.sorted()
            // As if the second portion had started where the third one does.
            state.notes[results[0]] = state.notes[results[1]]
        }
        await #expect(throws: FunctionError.self) { try await invoked(Jobs.job("manifest", [("plan", plan.json)])) }
        #expect(services.state.messages.count == count)
    }

    @Test func `do not finish an object without its manifest`() async throws {
        let services = MemoryServices(["a.csv": Self.inputs[0].text])
        let invoked = Invoked(services: services)
        services.change { $0.refusesManifests = true }
        await #expect(throws: FunctionError.self) { try await Jobs.run(invoked, "a.csv") }
        let note = try #require(services.state.notes.first { $0.key.hasSuffix("progress.json") }?.value)
        #expect(JSONValue(parsing: note.text)?["isFinished"] == .bool(false))
        services.change { $0.refusesManifests = false }
        #expect(try await Jobs.run(invoked, "a.csv")["outcome"]?.text == "converted")
        #expect(try await services.state.messages.last == services.expected("a.csv").last)
    }

    /// Returns the plan of an object whose portions can be converted.
    private func prepared(_ invoked: Invoked) async throws -> PortionPlan {
        let plan = try await Jobs.plan("a.csv", invoked)
        for portion in 0..<plan.portions.count {
            _ = try await invoked(Jobs.job("summarise", [("plan", plan.json), ("portion", "\(portion)")]))
        }
        _ = try await invoked(Jobs.job("combine", [("plan", plan.json)]))
        return plan
    }

    @Test func `are started for large objects, once for the same bytes`() async throws {
        let services = MemoryServices(["a.csv": "a\n1\n2\n", "b.csv": "a\n"])
        var invoked = Invoked(services: services)
        invoked.environment["SLUICE_STATE_MACHINE_ARN"] = "arn:machine"
        invoked.environment["SLUICE_ROUTE_BYTES"] = "4"
        for _ in 0..<2 { #expect(try await invoked.outcome(Payloads.s3("a.csv")) == "handedOn") }
        #expect(try await invoked.outcome(Payloads.s3("b.csv")) == "converted")
        #expect(services.state.executions.count == 1)
        #expect(services.state.executions.keys.first?.count == 32)
    }
}
