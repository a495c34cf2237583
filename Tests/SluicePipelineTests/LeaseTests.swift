import Sluice
import SluiceJSON
import SluicePipeline
import SluicePlatform
import Testing

@Suite struct `An object under a lease` {
    private static let rows = "a,b\n" + (1...60).map { "\($0),\"x\ny\"\n" }.joined()

    @Test func `is converted once, however often its event is delivered`() async throws {
        let services = MemoryServices(["a.csv": Self.rows])
        let invoked = Invoked(services: services)
        #expect(try await invoked.outcome(Payloads.s3("a.csv"), id: "r-1") == "converted")
        let messages = services.state.messages
        #expect(try await messages == services.expected("a.csv"))
        for id in ["r-1", "r-2"] {
            #expect(try await invoked.outcome(Payloads.s3("a.csv"), id: id) == "skipped")
        }
        #expect(services.state.messages == messages)
    }

    @Test func `is the same object whether its event names version null or none`() async throws {
        let services = MemoryServices(["a.csv": Self.rows])
        let named = ObjectReference(bucket: "inbox", key: "a.csv", versionID: "null")
        services.change { $0.objects[named] = Array(Self.rows.utf8) }
        let invoked = Invoked(services: services)
        #expect(try await invoked.outcome(Payloads.s3("a.csv", version: "null"), id: "r-1") == "converted")
        #expect(try await services.state.messages == services.expected("a.csv"))
        #expect(try await invoked.outcome(Payloads.s3("a.csv"), id: "r-2") == "skipped")
    }

    @Test func `is left to the invocation that holds the lease, whose retry continues it`() async throws {
        let services = MemoryServices(["a.csv": Self.rows])
        let invoked = Invoked(services: services)
        services.change { $0.failsFromRead = 1 }
        await #expect(throws: FunctionError.self) { try await invoked(Payloads.s3("a.csv"), id: "r-1") }
        services.change { $0.failsFromRead = .max }
        #expect(try await invoked.outcome(Payloads.s3("a.csv"), id: "r-2") == "skipped")
        // SQS redelivers a message under another request id, so skipping this one could leave the object unconverted.
        let source = "s3://inbox/a.csv?etag=e\(Self.rows.utf8.count)"
        await #expect(throws: FunctionError(.taken, "another invocation is working on \(source); try again later")) {
            try await invoked(Payloads.sqs(Payloads.s3("a.csv")), id: "r-2")
        }
        #expect(services.state.messages.isEmpty)
        // The same invocation may continue at once, any other one after the lease has expired.
        #expect(try await invoked.outcome(Payloads.s3("a.csv"), id: "r-1") == "converted")
        #expect(try await services.state.messages == services.expected("a.csv"))
    }

    @Test func `is not left to an invocation whose retry may read another version`() async throws {
        let services = MemoryServices()
        let newest = ObjectReference(bucket: "inbox", key: "a.csv")
        let version = ObjectReference(bucket: "inbox", key: "a.csv", versionID: "v1")
        services.change { state in
            for object in [newest, version] { state.objects[object] = Array(Self.rows.utf8) }
            state.versions[newest] = "v1"
            state.versions[version] = "v1"
            state.failsFromRead = 1
        }
        let invoked = Invoked(services: services)
        await #expect(throws: FunctionError.self) { try await invoked(Payloads.s3("a.csv"), id: "r-1") }
        services.change { $0.failsFromRead = .max }
        // On a second delivery the first event would find a newer version.
        let event = Payloads.s3("a.csv", version: "v1")
        await #expect(throws: FunctionError.self) { try await invoked(event, id: "r-2") }
        services.change { $0.notes = [:] }
        services.change { $0.failsFromRead = 1 }
        await #expect(throws: FunctionError.self) { try await invoked(event, id: "r-3") }
        services.change { $0.failsFromRead = .max }
        #expect(try await invoked.outcome(event, id: "r-4") == "skipped")
    }

    @Test func `is continued by any invocation once the lease has expired`() async throws {
        let services = MemoryServices(["a.csv": Self.rows])
        let invoked = Invoked(services: services)
        services.change { $0.failsFromRead = 1 }
        await #expect(throws: FunctionError.self) { try await invoked(Payloads.s3("a.csv"), id: "r-1") }
        services.change { $0.failsFromRead = .max }
        services.changeNotes { $0.replacing(/"until":\d+/, with: "\"until\":1") }
        #expect(try await invoked.outcome(Payloads.s3("a.csv"), id: "r-2") == "converted")
    }

    @Test func `is converted even if its note disappears before it is read`() async throws {
        let services = MemoryServices(["a.csv": Self.rows])
        services.change { $0.vanishingNotes = 1 }
        #expect(try await Invoked(services: services).outcome(Payloads.s3("a.csv")) == "converted")
        #expect(try await services.state.messages == services.expected("a.csv"))
    }

    @Test func `is not converted if its note is damaged, which is reported`() async throws {
        let services = MemoryServices(["a.csv": Self.rows])
        let invoked = Invoked(services: services)
        services.change { $0.failsFromRead = 1 }
        await #expect(throws: FunctionError.self) { try await invoked(Payloads.s3("a.csv"), id: "r-1") }
        services.change { $0.failsFromRead = .max }
        services.changeNotes { $0.replacing(/"until":\d+/, with: "\"until\":\(UInt64.max)") }
        do {
            _ = try await invoked(Payloads.s3("a.csv"), id: "r-2")
            Issue.record("the damaged note was accepted")
        } catch {
            #expect("\(error)".contains("remove it"))
        }
        #expect(services.state.messages.isEmpty)
    }

    @Test(arguments: ["offset", "record", "messages", "rows", "rejected"])
    func `is not continued from a checkpoint with impossible numbers`(_ name: String) async throws {
        let services = MemoryServices(["a.csv": Self.rows])
        let invoked = Invoked(services: services)
        services.change { $0.queueSize = 3 }
        await #expect(throws: FunctionError.self) { try await invoked(Payloads.s3("a.csv")) }
        services.change { $0.queueSize = .max }
        for value in [UInt64.max, UInt64(Int64.max), 1 << 49] {
            services.changeNotes { text in
                text.replacing(/"([a-z]+)":\d+/) { match in
                    match.1 == name ? "\"\(name)\":\(value)" : String(match.0)
                }
            }
            await #expect(throws: FunctionError.self) { try await invoked(Payloads.s3("a.csv")) }
        }
    }

    @Test func `is not continued from a checkpoint past its end`() async throws {
        let services = MemoryServices(["a.csv": Self.rows])
        let invoked = Invoked(services: services)
        services.change { $0.queueSize = 3 }
        await #expect(throws: FunctionError.self) { try await invoked(Payloads.s3("a.csv")) }
        services.change { $0.queueSize = .max }
        services.changeNotes { $0.replacing(/"offset":\d+/, with: "\"offset\":1000000") }
        await #expect(throws: FunctionError.self) { try await invoked(Payloads.s3("a.csv")) }
    }

    @Test func `is converted from its start if its messages now go to another queue`() async throws {
        let services = MemoryServices(["a.csv": Self.rows])
        var invoked = Invoked(services: services)
        services.change { $0.queueSize = 3 }
        await #expect(throws: FunctionError.self) { try await invoked(Payloads.s3("a.csv")) }
        services.change { state in
            #expect(!state.messages.isEmpty)
            (state.queueSize, state.messages) = (.max, [])
        }
        invoked.environment["SLUICE_QUEUE_URL"] = "https://other"
        #expect(try await invoked.outcome(Payloads.s3("a.csv")) == "converted")
        #expect(try await services.state.messages == services.expected("a.csv"))
    }

    @Test func `is converted by successive invocations when time is short`() async throws {
        let services = MemoryServices(["a.csv": Self.rows])
        let invoked = Invoked(services: services)
        var (event, count) = (Payloads.s3("a.csv"), 0)
        while try await invoked.outcome(event, id: "r-\(count)", time: .seconds(1.9)) == "handedOn" {
            count += 1
            event = String(decoding: try #require(services.state.events.last), as: Unicode.UTF8.self)
            #expect(services.state.events.count == count)
        }
        #expect(count > 5)
        #expect(try await services.state.messages == services.expected("a.csv"))
    }

    @Test func `is handed on to an invocation whose clock lags`() async throws {
        let services = MemoryServices(["a.csv": Self.rows])
        let invoked = Invoked(services: services)
        #expect(try await invoked.outcome(Payloads.s3("a.csv"), id: "r-1", time: .seconds(1.9)) == "handedOn")
        services.time.advance(by: .seconds(-300))
        let event = String(decoding: try #require(services.state.events.last), as: Unicode.UTF8.self)
        #expect(try await invoked.outcome(event, id: "r-2") == "converted")
        #expect(try await services.state.messages == services.expected("a.csv"))
    }

    @Test func `is handed to a configured state machine when time is short`() async throws {
        let services = MemoryServices(["a.csv": Self.rows])
        var invoked = Invoked(services: services)
        invoked.environment["SLUICE_STATE_MACHINE_ARN"] = "arn:machine"
        #expect(try await invoked.outcome(Payloads.s3("a.csv"), time: .seconds(1.9)) == "handedOn")
        #expect(services.state.events.isEmpty && services.state.executions.count == 1)
        let input = try #require(services.state.executions.values.first.flatMap { JSONValue(parsing: $0.utf8) })
        #expect(input["route"]?.text == "inOrder")
        let object = "{\"sluice\":\"inOrder\",\"object\":{\"bucket\":\"inbox\",\"key\":\"a.csv\"}}"
        var steps = 0
        while try await invoked(object, id: "s-\(steps)", time: .seconds(1.9))["outcome"]?.text == "handedOn" {
            steps += 1
        }
        #expect(steps > 5 && services.state.executions.count == 1)
        #expect(try await services.state.messages == services.expected("a.csv"))
    }

    @Test func `is not left to an ended execution, and the next attempt starts another`() async throws {
        let services = MemoryServices(["a.csv": Self.rows])
        var invoked = Invoked(services: services)
        invoked.environment["SLUICE_STATE_MACHINE_ARN"] = "arn:machine"
        #expect(try await invoked.outcome(Payloads.s3("a.csv"), time: .seconds(1.9)) == "handedOn")
        services.change { state in
            state.notes = [:]
            state.endedExecutions = Set(state.executions.keys)
        }
        await #expect(throws: FunctionError.self) { try await invoked(Payloads.s3("a.csv"), time: .seconds(1.9)) }
        #expect(services.state.executions.count == 1)
        #expect(try await invoked.outcome(Payloads.s3("a.csv"), time: .seconds(1.9)) == "handedOn")
        #expect(services.state.executions.count == 2)
    }

    @Test func `is left by an invocation that has lost the lease`() async throws {
        let services = MemoryServices(["a.csv": Self.rows])
        let invoked = Invoked(services: services)
        services.change { $0.takeover = (messages: 3, id: "r-2") }
        let source = "s3://inbox/a.csv?etag=e\(Self.rows.utf8.count)"
        await #expect(throws: FunctionError(.taken, "another invocation is working on \(source) now")) {
            try await invoked(Payloads.s3("a.csv"), id: "r-1")
        }
        // It wrote nothing to the note, and sent no message of another segment.
        let (count, note) = (services.state.messages.count, services.state.notes.values.first)
        #expect(note?.tag == "taken" && Set(services.state.messages.dropFirst(2).map(\.segment)).count == 1)
        #expect(try await invoked.outcome(Payloads.s3("a.csv"), id: "r-1") == "skipped")
        #expect(services.state.messages.count == count && services.state.notes.values.first == note)
        #expect(try await invoked.outcome(Payloads.s3("a.csv"), id: "r-2") == "converted")
        #expect(try await Set(services.state.messages) == Set(services.expected("a.csv")))
    }

    @Test func `is continued from what the queue has`() async throws {
        let expected = try await MemoryServices(["a.csv": Self.rows]).expected("a.csv")
        for size in 1..<expected.count {
            let services = MemoryServices(["a.csv": Self.rows])
            services.change { $0.queueSize = size }
            let invoked = Invoked(services: services)
            await #expect(throws: FunctionError.self) { try await invoked(Payloads.s3("a.csv")) }
            services.change { $0.queueSize = .max }
            #expect(try await invoked.outcome(Payloads.s3("a.csv")) == "converted")
            #expect(Set(services.state.messages) == Set(expected) && services.state.messages.last == expected.last)
        }
    }

    @Test func `is not finished without its manifest`() async throws {
        let services = MemoryServices(["a.csv": Self.rows])
        let invoked = Invoked(services: services)
        let expected = try await services.expected("a.csv")
        services.change { $0.refusesManifests = true }
        await #expect(throws: FunctionError.self) { try await invoked(Payloads.s3("a.csv")) }
        let note = try #require(services.state.notes.values.first)
        #expect(JSONValue(parsing: note.text)?["isFinished"] == .bool(false))
        services.change { $0.refusesManifests = false }
        #expect(try await invoked.outcome(Payloads.s3("a.csv")) == "converted")
        #expect(services.state.messages.last == expected.last)
    }

    @Test func `is reported once if it is invalid, and not retried`() async throws {
        let services = MemoryServices(["a.csv": Self.rows + "1,\"2\"3\n"])
        let invoked = Invoked(services: services)
        #expect(try await invoked.outcome(Payloads.s3("a.csv"), id: "r-1") == "faulty")
        #expect(try await invoked.outcome(Payloads.s3("a.csv"), id: "r-2") == "skipped")
        #expect(services.state.reports.count == 1 && services.state.messages.last?.content == .aborted)
    }
}
