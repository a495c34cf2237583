import Sluice
import SluiceJSON
import SluicePipeline
import Testing

@Suite struct `Versions of one key` {
    private static let rows = ["1", "2"].map { version in
        "a,b\n" + (1...60).map { "\(version)-\($0),\"x\ny\"\n" }.joined()
    }

    /// Returns services with a key of two versions.
    private func services() -> MemoryServices {
        MemoryServices { state in
            for (index, text) in Self.rows.enumerated() {
                for key in ["a.csv", "b.csv"] {
                    let version = ObjectReference(bucket: "inbox", key: key, versionID: "v\(index + 1)")
                    state.objects[version] = Array(text.utf8)
                }
            }
        }
    }

    private func event(_ version: Int, key: String = "a.csv", sequencer: String? = nil) -> String {
        Payloads.s3(key, version: "v\(version)", sequencer: sequencer)
    }

    private func invoked(
        _ services: MemoryServices,
        _ environment: [String: String] = ["SLUICE_ORDERED": "true"]
    ) -> Invoked {
        var invoked = Invoked(services: services)
        invoked.environment.merge(environment) { $1 }
        return invoked
    }

    /// Returns the messages of a version that a function sends that does nothing else.
    private func expected(_ version: Int) async throws -> [Message] {
        let services = services()
        _ = try await invoked(services, ["SLUICE_WORK_BUCKET": ""])(event(version))
        return services.state.messages
    }

    /// Fails after three messages of the first version.
    private func interrupt(_ invoked: Invoked) async throws {
        invoked.services.change { $0.queueSize = 3 }
        await #expect(throws: FunctionError.self) { try await invoked(event(1), id: "r-1") }
        invoked.services.change { $0.queueSize = .max }
        #expect(!invoked.services.state.messages.isEmpty)
    }

    private func refusal(_ invoked: Invoked, _ event: String, id: String) async -> FunctionError.Kind? {
        do {
            _ = try await invoked(event, id: id)
            return nil
        } catch { return (error as? FunctionError)?.kind }
    }

    @Test func `wait for one another`() async throws {
        let services = services()
        let invoked = invoked(services)
        try await interrupt(invoked)
        #expect(await refusal(invoked, event(2), id: "r-2") == .taken)
        #expect(await refusal(invoked, Payloads.sqs(event(2)), id: "r-2") == .taken)
        // Another key does not wait, and the version itself goes on, under whatever id.
        let count = services.state.messages.count
        #expect(try await invoked.outcome(event(2, key: "b.csv"), id: "r-3") == "converted")
        services.change { $0.messages.removeLast($0.messages.count - count) }
        services.time.advance(by: .seconds(61))
        #expect(try await invoked.outcome(event(1), id: "r-4") == "converted")
        #expect(try await invoked.outcome(event(2), id: "r-2") == "converted")
        #expect(try await services.state.messages == expected(1) + expected(2))
    }

    @Test func `may be converted at the same time otherwise`() async throws {
        let services = services()
        let invoked = invoked(services, [:])
        try await interrupt(invoked)
        #expect(try await invoked.outcome(event(2), id: "r-2") == "converted")
        #expect(!services.state.notes.keys.contains { $0.contains("keys/") })
    }

    @Test func `never wait for ever, and one that comes again after its turn starts over`() async throws {
        let services = services()
        let invoked = invoked(services)
        try await interrupt(invoked)
        services.time.advance(by: .seconds(2 * 900 + 359))
        #expect(await refusal(invoked, event(2), id: "r-2") == .taken)
        services.time.advance(by: .seconds(1))
        #expect(try await invoked.outcome(event(2), id: "r-2") == "converted")
        #expect(try await invoked.outcome(event(1), id: "r-1") == "converted")
        let (first, second) = (try await expected(1), try await expected(2))
        #expect(services.state.messages.suffix(first.count + second.count) == (second + first)[...])
    }

    /// An invocation can't send after its deadline. A FIFO queue then drops repeated messages for five more minutes.
    @Test(arguments: [3, 60, 900])
    func `stay out for six minutes after the last moment at which the other could send`(_ limit: Int) async throws {
        let services = services()
        let invoked = invoked(services)
        services.change { $0.failsFromRead = 1 }
        for retry in 0..<3 {
            _ = try? await invoked(event(1), id: "r-1", time: .seconds(limit))
            services.time.advance(by: .seconds(limit + 359))
            #expect(await refusal(invoked, event(2), id: "r-2") == .taken, "retry \(retry)")
        }
    }

    @Test func `that are finished wait for nothing`() async throws {
        let services = services()
        let invoked = invoked(services)
        #expect(try await invoked.outcome(event(2), id: "r-2") == "converted")
        try await interrupt(invoked)
        let note = services.state.notes.first { $0.key.contains("keys/") }
        #expect(try await invoked.outcome(event(2), id: "r-3") == "skipped")
        #expect(services.state.notes[note?.key ?? ""] == note?.value)
    }

    @Test func `keep their turn when another invocation continues`() async throws {
        let services = services()
        let invoked = invoked(services)
        var (event, count) = (event(1), 0)
        while try await invoked.outcome(event, id: "r-\(count)", time: .seconds(1.9)) == "handedOn" {
            count += 1
            #expect(await refusal(invoked, self.event(2), id: "other") == .taken)
            event = String(decoding: try #require(services.state.events.last), as: Unicode.UTF8.self)
        }
        #expect(count > 5)
        #expect(try await invoked.outcome(self.event(2), id: "other") == "converted")
        #expect(try await services.state.messages == expected(1) + expected(2))
    }

    private func job(_ name: String, _ plan: PortionPlan, _ portion: Int? = nil) -> String {
        Jobs.job(name, [("plan", plan.json)] + (portion.map { [("portion", "\($0)")] } ?? []))
    }

    private func plan(_ version: Int, _ invoked: Invoked) async throws -> PortionPlan {
        let object = JSONWriter.object([
            ("bucket", "\"inbox\""), ("key", "\"a.csv\""), ("versionId", "\"v\(version)\""),
        ])
        return try #require(try await invoked(Jobs.job("plan", [("object", object)]))["plan"].flatMap(PortionPlan.init))
    }

    @Test func `keep their turn through all portions`() async throws {
        let services = services()
        let invoked = invoked(services)
        let plan = try await plan(1, invoked)
        for name in ["summarise", "combine", "convert", "manifest"] {
            let portions = ["summarise", "convert"].contains(name) ? plan.portions.count : 1
            for portion in 0..<portions {
                services.time.advance(by: .seconds(300))
                _ = try await invoked(job(name, plan, portion), id: "s")
                if name != "manifest" { #expect(await refusal(invoked, event(2), id: "r-2") == .taken) }
            }
        }
        #expect(try await invoked.outcome(event(2), id: "r-2") == "converted")
        #expect(try await services.state.messages == expected(1) + expected(2))
    }

    @Test func `are planned anew if another was converted in between`() async throws {
        let services = services()
        let invoked = invoked(services)
        let plan = try await plan(1, invoked)
        services.time.advance(by: .seconds(3600))
        #expect(try await invoked.outcome(event(2), id: "r-2") == "converted")
        let notes = services.state.notes.filter { $0.key.contains("keys/") }
        for name in ["summarise", "combine", "convert", "manifest"] {
            #expect(await refusal(invoked, job(name, plan, 0), id: "s") == .object, "\(name)")
        }
        #expect(services.state.notes.filter { $0.key.contains("keys/") } == notes)
        let again = try await self.plan(1, invoked)
        _ = try await invoked(job("summarise", again, 0), id: "s")
    }

    @Test(arguments: [["SLUICE_ORDERED": "true"], [:]])
    func `that are stale are skipped, if that is asked for`(_ ordered: [String: String]) async throws {
        let services = services()
        let invoked = invoked(services, ordered.merging(["SLUICE_SKIP_STALE": "true"]) { $1 })
        #expect(try await invoked.outcome(event(2, sequencer: "0055AED6DCD90281E6"), id: "r-2") == "converted")
        #expect(try await invoked.outcome(event(1, sequencer: "0055AED6DCD90281E5"), id: "r-1") == "stale")
        #expect(try await services.state.messages == expected(2))
        // Keys have sequencers of their own, and an event without one may be of the newest version.
        #expect(try await invoked.outcome(event(1, key: "b.csv", sequencer: "01"), id: "r-3") == "converted")
        #expect(try await invoked.outcome(event(1), id: "r-4") == "converted")
    }

    @Test func `that are stale are converted otherwise`() async throws {
        let invoked = invoked(services())
        #expect(try await invoked.outcome(event(2, sequencer: "02"), id: "r-2") == "converted")
        #expect(try await invoked.outcome(event(1, sequencer: "01"), id: "r-1") == "converted")
    }

    @Test func `are newer the greater their sequencers, whose lengths differ`() async throws {
        let invoked = invoked(services(), ["SLUICE_SKIP_STALE": "true"])
        #expect(try await invoked.outcome(event(1, sequencer: "9"), id: "r-1") == "converted")
        #expect(try await invoked.outcome(event(2, sequencer: "10001"), id: "r-2") == "stale")
        #expect(try await invoked.outcome(event(2, sequencer: "9000"), id: "r-2") == "converted")
        #expect(try await invoked.outcome(event(1, sequencer: "9"), id: "r-1") == "skipped")
    }

    @Test(arguments: ["SLUICE_ORDERED", "SLUICE_SKIP_STALE"])
    func `need a bucket for notes`(_ name: String) {
        #expect(throws: Configuration.Faults.self) {
            try Configuration { ["SLUICE_QUEUE_URL": "https://q", name: "true"][$0] }
        }
    }

    @Test func `need a note that this function wrote`() async throws {
        let services = services()
        let invoked = invoked(services)
        try await interrupt(invoked)
        services.changeNotes { $0.hasPrefix("{\"holder") ? "{}" : $0 }
        #expect(await refusal(invoked, event(1), id: "r-1") == .object)
    }
}
