import Logging
import SluiceJSON
import SluicePipeline
import SluicePlatform
import Synchronization
import Testing

@Suite struct `The runtime loop` {
    /// Gives invocations, then waits until its task is cancelled.
    private final class Platform: RuntimeAPI {
        struct State {
            var invocations: [Invocation]
            var responses: [String] = []
            var failures: [String] = []
        }

        let state: Mutex<State>
        let clock: ManualClock
        let onEmpty: @Sendable () -> Void

        init(_ payloads: [String], _ clock: ManualClock = ManualClock(), onEmpty: @escaping @Sendable () -> Void) {
            self.clock = clock
            let invocations = payloads.enumerated().map { number, payload in
                Invocation(
                    requestID: "\(number)",
                    deadline: clock.now + .seconds(900),
                    payload: Array(payload.utf8),
                    traceID: "trace-\(number)"
                )
            }
            state = Mutex(State(invocations: invocations))
            self.onEmpty = onEmpty
        }

        func next() async throws -> Invocation {
            if let next = state.withLock({ $0.invocations.isEmpty ? nil : $0.invocations.removeFirst() }) {
                return next
            }
            onEmpty()
            try await clock.sleepUntilCancelled()
            throw MemoryServices.Trouble()
        }

        func respond(to requestID: String, with result: [UInt8]) async throws {
            state.withLock { $0.responses.append(requestID) }
        }

        func fail(_ requestID: String, with error: FunctionError) async throws {
            state.withLock { $0.failures.append("\(requestID) \(error.kind.rawValue)") }
        }

        func failToStart(with error: FunctionError) async throws {}
    }

    @Test func `answers each invocation, and stops while it waits for the next`() async throws {
        let services = MemoryServices(["a.csv": "a\n1\n"])
        let (metrics, logs) = (Lines(), Lines())
        let configuration = try Configuration { $0 == "SLUICE_QUEUE_URL" ? "https://q" : nil }
        let stop = StopSignal()
        let platform = Platform([Payloads.s3("a.csv"), Payloads.s3("none.csv"), Payloads.test]) { stop.request() }
        let loop = RuntimeLoop(
            platform,
            Handler(configuration, services, metrics: metrics.output),
            logger: Logger(label: "test") { _ in JSONLogHandler(.info, output: logs.output) }
        )
        try await loop.run(until: stop)
        #expect(platform.state.withLock { $0.responses } == ["0", "2"])
        #expect(platform.state.withLock { $0.failures } == ["1 Sluice.Service"])
        let coldStarts = metrics.all.map { JSONValue(parsing: $0.utf8)?["coldStart"] }
        #expect(coldStarts == [.number("1"), .number("0"), .number("0")])
        #expect(logs.all.last?.contains("\"stopped\"") == true)
        let converted = logs.all.first { $0.contains("\"converted\"") }
        #expect(converted.flatMap { JSONValue(parsing: $0.utf8) }?["traceId"]?.text == "trace-0")
    }

    @Test func `starts nothing after a stop was requested`() async {
        let stop = StopSignal()
        stop.request()
        stop.request()
        let result = await stop.unlessStopped {
            Issue.record("it started")
            return 7
        }
        #expect(result == nil)
    }

    @Test func `rethrows the error of a failed wait`() async {
        let stop = StopSignal()
        await #expect(throws: MemoryServices.Trouble.self) {
            _ = try await stop.unlessStopped { throw MemoryServices.Trouble() }
        }
    }
}
