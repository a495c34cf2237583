import Sluice
import SluiceJSON
import SluicePipeline
import SluicePlatform
import Testing

@Suite struct `An object that is claimed` {
    private static let rows = "a,b\n" + (1...60).map { "\($0),\"x\ny\"\n" }.joined()

    @Test func `is converted once, however often its event comes`() async throws {
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

    @Test func `is the same object whether its event calls its version null or nothing`() async throws {
        let services = MemoryServices(["a.csv": Self.rows])
        let named = ObjectReference(bucket: "inbox", key: "a.csv", versionID: "null")
        services.change { $0.objects[named] = Array(Self.rows.utf8) }
        let invoked = Invoked(services: services)
        #expect(try await invoked.outcome(Payloads.s3("a.csv", version: "null"), id: "r-1") == "converted")
        #expect(try await services.state.messages == services.expected("a.csv"))
        #expect(try await invoked.outcome(Payloads.s3("a.csv"), id: "r-2") == "skipped")
    }

    @Test func `is left to the invocation that works on it, and taken up when that has gone`() async throws {
        let services = MemoryServices(["a.csv": Self.rows])
        let invoked = Invoked(services: services)
        services.change { $0.failsFromRead = 1 }
        await #expect(throws: FunctionError.self) { try await invoked(Payloads.s3("a.csv"), id: "r-1") }
        services.change { $0.failsFromRead = .max }
        #expect(try await invoked.outcome(Payloads.s3("a.csv"), id: "r-2") == "skipped")
        // SQS redelivers a message under another request id, so skipping this one could leave the object unconverted.
        let source = "s3://inbox/a.csv?etag=e\(Self.rows.utf8.count)"
        await #expect(throws: FunctionError(.taken, "another invocation works on \(source); try again later")) {
            try await invoked(Payloads.sqs(Payloads.s3("a.csv")), id: "r-2")
        }
        #expect(services.state.messages.isEmpty)
        // The same invocation may continue at once, any other one after the lease has expired.
        #expect(try await invoked.outcome(Payloads.s3("a.csv"), id: "r-1") == "converted")
        #expect(try await services.state.messages == services.expected("a.csv"))
    }

    @Test func `is not left to an invocation whose event may be about another version next time`() async throws {
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

    @Test func `is taken up by anybody when the right to it is over`() async throws {
        let services = MemoryServices(["a.csv": Self.rows])
        let invoked = Invoked(services: services)
        services.change { $0.failsFromRead = 1 }
        await #expect(throws: FunctionError.self) { try await invoked(Payloads.s3("a.csv"), id: "r-1") }
        services.change { $0.failsFromRead = .max }
        services.changeNotes { $0.replacing(/"until":\d+/, with: "\"until\":1") }
        #expect(try await invoked.outcome(Payloads.s3("a.csv"), id: "r-2") == "converted")
    }

    @Test func `is taken up though its note was removed just when it was asked for`() async throws {
        let services = MemoryServices(["a.csv": Self.rows])
        services.change { $0.notesThatGo = 1 }
        #expect(try await Invoked(services: services).outcome(Payloads.s3("a.csv")) == "converted")
        #expect(try await services.state.messages == services.expected("a.csv"))
    }

    @Test func `is in no danger from a note that is damaged, which is told`() async throws {
        let services = MemoryServices(["a.csv": Self.rows])
        let invoked = Invoked(services: services)
        services.change { $0.failsFromRead = 1 }
        await #expect(throws: FunctionError.self) { try await invoked(Payloads.s3("a.csv"), id: "r-1") }
        services.change { $0.failsFromRead = .max }
        services.changeNotes { $0.replacing(/"until":\d+/, with: "\"until\":\(UInt64.max)") }
        do {
            _ = try await invoked(Payloads.s3("a.csv"), id: "r-2")
            Issue.record("the note was taken for one that says something")
        } catch {
            #expect("\(error)".contains("remove it"))
        }
        #expect(services.state.messages.isEmpty)
    }

    @Test(arguments: ["offset", "record", "messages", "rows", "rejected"])
    func `is in no danger from a checkpoint with impossible numbers`(_ name: String) async throws {
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

    @Test func `is in no danger from a checkpoint behind its end`() async throws {
        let services = MemoryServices(["a.csv": Self.rows])
        let invoked = Invoked(services: services)
        services.change { $0.queueSize = 3 }
        await #expect(throws: FunctionError.self) { try await invoked(Payloads.s3("a.csv")) }
        services.change { $0.queueSize = .max }
        services.changeNotes { $0.replacing(/"offset":\d+/, with: "\"offset\":1000000") }
        await #expect(throws: FunctionError.self) { try await invoked(Payloads.s3("a.csv")) }
    }

    @Test func `is converted from its start if its messages go to another queue meanwhile`() async throws {
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

    @Test func `is converted by one invocation after the other when time is short`() async throws {
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

    @Test func `is handed on to an invocation whose clock is behind`() async throws {
        let services = MemoryServices(["a.csv": Self.rows])
        let invoked = Invoked(services: services)
        #expect(try await invoked.outcome(Payloads.s3("a.csv"), id: "r-1", time: .seconds(1.9)) == "handedOn")
        services.time.advance(by: .seconds(-300))
        let event = String(decoding: try #require(services.state.events.last), as: Unicode.UTF8.self)
        #expect(try await invoked.outcome(event, id: "r-2") == "converted")
        #expect(try await services.state.messages == services.expected("a.csv"))
    }

    @Test func `is handed to the state machine when time is short, if there is one`() async throws {
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

    @Test func `is not left to an execution that has been, and is taken up by the next try`() async throws {
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

    @Test func `is reported once if it is at fault, and not tried again`() async throws {
        let services = MemoryServices(["a.csv": Self.rows + "1,\"2\"3\n"])
        let invoked = Invoked(services: services)
        #expect(try await invoked.outcome(Payloads.s3("a.csv"), id: "r-1") == "faulty")
        #expect(try await invoked.outcome(Payloads.s3("a.csv"), id: "r-2") == "skipped")
        #expect(services.state.reports.count == 1 && services.state.messages.last?.content == .aborted)
    }
}
