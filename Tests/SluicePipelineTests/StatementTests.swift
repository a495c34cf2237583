import Sluice
import SluiceJSON
import SluicePipeline
import Testing

@Suite struct `What an event states` {
    private static let rows = "a,b\n" + (1...60).map { "\($0),\"x\ny\"\n" }.joined()
    private static let time = "2026-01-31T12:00:00.000Z"
    private static let first = Payloads.s3("a.csv", sequencer: "01")
    private static let second = Payloads.s3("a.csv", sequencer: "02")
    private static let stated: Set = [ObjectEvent(sequencer: "01", time: time)]

    @Test(arguments: ["work", ""])
    func `is in all messages of the object, rejects and the last one too`(_ bucket: String) async throws {
        let services = MemoryServices(["a.csv": Self.rows + "1\n"])
        var invoked = Invoked(services: services)
        invoked.environment.merge(["SLUICE_REJECTS": "report", "SLUICE_WORK_BUCKET": bucket]) { $1 }
        #expect(try await invoked.outcome(Self.first) == "converted")
        #expect(services.state.statements == Self.stated && services.state.rejects.count == 1)
    }

    @Test func `is absent from messages if it states nothing`() async throws {
        let services = MemoryServices(["a.csv": Self.rows])
        let event =
            #"{"Records":[{"eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"inbox"},"object":{"key":"a.csv"}}}]}"#
        #expect(try await Invoked(services: services).outcome(event) == "converted")
        #expect(services.state.statements == [nil])
    }

    @Test func `stays with an object whatever continues it`() async throws {
        let services = MemoryServices(["a.csv": Self.rows])
        let invoked = Invoked(services: services)
        services.change { $0.queueSize = 3 }
        await #expect(throws: FunctionError.self) { try await invoked(Self.first) }
        services.change { $0.queueSize = .max }
        #expect(try await invoked.outcome(Self.second, time: .seconds(1.9)) == "handedOn")
        let event = String(decoding: try #require(services.state.events.last), as: Unicode.UTF8.self)
        services.change { $0.statements.removeAll() }
        #expect(try await invoked.outcome(event, id: "r-2") == "converted")
        #expect(services.state.statements == Self.stated)
        #expect(try await Set(services.state.messages) == Set(services.expected("a.csv")))
    }

    /// Executions are the same only if their inputs are. So all events of an object must give the same.
    @Test func `passes through a state machine, whose executions do not depend on it`() async throws {
        let services = MemoryServices(["a.csv": Self.rows])
        var invoked = Invoked(services: services)
        invoked.environment.merge(["SLUICE_STATE_MACHINE_ARN": "arn:machine", "SLUICE_ROUTE_BYTES": "10"]) { $1 }
        #expect(try await invoked.outcome(Self.first, id: "r-1") == "handedOn")
        #expect(try await invoked.outcome(Self.second, id: "r-2") == "handedOn")
        #expect(services.state.executions.count == 1)
        _ = try await Jobs.run(invoked, "a.csv")
        #expect(services.state.statements == Self.stated)
        #expect(try await Set(services.state.messages) == Set(services.expected("a.csv")))
    }

    @Test func `passes through steps in order`() async throws {
        let services = MemoryServices(["a.csv": Self.rows])
        var invoked = Invoked(services: services)
        invoked.environment["SLUICE_STATE_MACHINE_ARN"] = "arn:machine"
        #expect(try await invoked.outcome(Self.first, time: .seconds(1.9)) == "handedOn")
        let answer = try await invoked(Jobs.job("inOrder", [("object", Jobs.object("a.csv"))]), id: "s-1")
        #expect(answer["outcome"]?.text == "converted" && services.state.statements == Self.stated)
    }

    /// A task sends it with `--event`. Without one there is nothing to state, and still a text.
    @Test func `is a text in the plan of an object that is read in order`() async throws {
        for isAnnounced in [false, true] {
            var invoked = Invoked(services: MemoryServices(["a.csv": Self.rows]))
            invoked.environment.merge([
                "SLUICE_STATE_MACHINE_ARN": "arn:machine", "SLUICE_ROUTE_BYTES": "10", "SLUICE_QUOTE_IN_PLAIN": "data",
            ]) { $1 }
            if isAnnounced { #expect(try await invoked.outcome(Self.first) == "handedOn") }
            let plan = try await invoked(Jobs.job("plan", [("object", Jobs.object("a.csv"))]))
            let stated = #"{"sequencer":"01","time":"\#(Self.time)"}"#
            #expect(plan["route"]?.text == "inOrder" && plan["event"]?.text == (isAnnounced ? stated : "{}"))
        }
    }

    @Test(arguments: ["Root=1-5f;Parent=53;Sampled=1", nil])
    func `has the platform's trace beside it`(_ trace: String?) async throws {
        let services = MemoryServices(["a.csv": Self.rows])
        _ = try await Invoked(services: services)(Self.first, trace: trace)
        #expect(services.state.traceHeaders == [trace])
    }
}
