import InMemoryTracing
import Logging
import SluicePipeline
import SluiceTracing
import Synchronization
import Testing
import Tracing

@Suite struct `Spans` {
    private let tracer = InMemoryTracer()

    private func spans(_ name: String) -> [FinishedInMemorySpan] {
        tracer.finishedSpans.filter { $0.operationName == name }
    }

    @Test func `cover an invocation, its objects and their segments`() async throws {
        let rows = "a,b\n" + String(repeating: "1,2\n", count: 40)
        let invoked = Invoked(services: MemoryServices(["a.csv": rows]))
        _ = try await withTracer(tracer) { try await invoked(Payloads.s3("a.csv"), id: "r-7") }
        let invocation = try #require(spans("invocation").first)
        #expect(invocation.attributes.get("faas.invocation_id") == .string("r-7") && invocation.kind == .consumer)
        let object = try #require(spans("object").first)
        #expect(object.parentSpanID == invocation.spanID)
        guard case .string(let source)? = object.attributes.get("sluice.source") else {
            Issue.record("the object has no source")
            return
        }
        #expect(source.contains("a.csv"))
        let segments = spans("segment")
        #expect(segments.count >= 3 && segments.allSatisfy { $0.parentSpanID == object.spanID })
        let offsets = segments.map { "\($0.attributes.get("sluice.offset") as Any)" }
        #expect(Set(offsets).count == segments.count)
        #expect(tracer.activeSpans.isEmpty)
    }

    @Test func `continue the trace of the platform`() async throws {
        let services = MemoryServices([:])
        let handler = Handler(
            try Configuration { $0 == "SLUICE_QUEUE_URL" ? "https://q" : nil },
            services,
            metrics: Lines().output
        )
        let invocation = Invocation(
            requestID: "r",
            deadline: services.clock.now + .seconds(900),
            payload: Array("{}".utf8),
            traceID: "Root=1-5f;Parent=53;Sampled=1"
        )
        let logger = Logger(label: "test") { _ in JSONLogHandler(.critical, output: Lines().output) }
        _ = try await withTracer(tracer) { try await handler.handle(invocation, isColdStart: true, logger: logger) }
        let carriers = tracer.performedContextExtractions.map { "\($0.carrier)" }
        #expect(carriers.count == 1 && carriers.allSatisfy { $0.contains("Root=1-5f;Parent=53;Sampled=1") })
    }

    @Test func `state the error, which the caller gets too`() async throws {
        let failure = FunctionError(.service, "it is gone")
        _ = await withTracer(tracer) {
            await #expect(throws: FunctionError.self) {
                try await traced("work") { () async throws(FunctionError) in throw failure }
            }
        }
        let span = try #require(spans("work").first)
        #expect(span.errors.count == 1 && span.status?.code == .error)
        #expect(span.errors.allSatisfy { "\($0.error)" == "\(failure)" })
    }

    @Test func `cost nothing without a tracer: neither name nor attributes are computed`() async {
        let computed = Mutex(0)
        func name() -> String {
            computed.withLock { $0 += 1 }
            return "work"
        }
        let result = await traced(name(), attributes: { _ in computed.withLock { $0 += 1 } }) { 7 }
        var steps = StepSpan("step")
        steps.begin { _ in computed.withLock { $0 += 1 } }
        #expect(result == 7 && computed.withLock { $0 } == 0)
        await withTracer(tracer) { _ = await traced(name()) { 7 } }
        #expect(computed.withLock { $0 } == 1)
    }
}
