import Logging
import SluiceEngine
import SluiceJSON
import SluiceTracing
import Tracing

/// The function. Either it converts the objects that an event names, one after the other, and sends their rows to a queue, or
/// it does a job for a state machine.
///
/// An invocation succeeds if a retry would not help: an invalid file is reported to the error queue; an object whose key has
/// another suffix, and a payload that is no event of an object, are logged. Every other error fails the invocation,
/// so that the caller retries it or puts the event into a dead-letter queue. A retry sends some messages again, with the same
/// ids. A batch of SQS messages fails as a whole too: reporting only the failed messages would lose them wherever
/// the function is not set up for partial batch responses.
package struct Handler<Services: FunctionServices>: Sendable {
    let configuration: Configuration
    let services: Services
    let schemas = SchemaCache()
    private let metrics: LineOutput

    /// - Parameter metrics: takes lines in embedded metric format: one per invocation, and one for each code of rejects.
    package init(
        _ configuration: Configuration,
        _ services: Services,
        metrics: LineOutput = .standardOutput
    ) {
        self.configuration = configuration
        self.services = services
        self.metrics = metrics
    }

    /// Handles an invocation, and returns a JSON object that reports what was done.
    package func handle(
        _ invocation: Invocation,
        isColdStart: Bool,
        logger: Logger
    ) async throws(FunctionError) -> [UInt8] {
        try await traced(
            "invocation",
            ofKind: .consumer,
            context: invocation.callerContext,
            attributes: { attributes in
                attributes["faas.invocation_id"] = invocation.requestID
                attributes["faas.coldstart"] = isColdStart
            }
        ) { () async throws(FunctionError) in
            try await run(invocation, isColdStart: isColdStart, logger: logger)
        }
    }

    private func run(
        _ invocation: Invocation,
        isColdStart: Bool,
        logger: Logger
    ) async throws(FunctionError) -> [UInt8] {
        var logger = logger
        logger[metadataKey: "requestId"] = "\(invocation.requestID)"
        logger[metadataKey: "traceId"] = invocation.traceID.map { "\($0)" }
        let job = Self.job(in: invocation.payload)
        let event = job == nil ? event(invocation.payload, logger) : Event()
        let context = InvocationContext(
            caller: job != nil ? .stateMachine : event.isFromQueue ? .queue : .event,
            metrics: InvocationMetrics(requestID: invocation.requestID, isColdStart: isColdStart, services.clock),
            requestID: invocation.requestID,
            functionARN: invocation.functionARN,
            deadline: invocation.deadline,
            logger: logger,
            clock: services.clock
        )
        do {
            let results = try await services.clock.limit(until: invocation.deadline) {
                if let job { return try await self.perform(job, context) }
                return Response(objects: try await self.convertAll(event.objects, context))
            }
            emit(context, results.objects.contains { $0.fault != nil } ? .badData : .success, results.objects, event)
            return Array(results.json(ignored: event.ignored.count).utf8)
        } catch {
            let error = FunctionError(error)
            logger.error("failed", metadata: ["errorType": "\(error.kind.rawValue)", "reason": "\(error.message)"])
            emit(context, .failure, [], event)
            throw error
        }
    }

    /// Reads the payload, and logs the parts that are not for this function.
    private func event(_ payload: [UInt8], _ logger: Logger) -> Event {
        var event = Event(payload)
        event.ignoreObjects(
            unless: configuration.accepts,
            reason: "its name does not end with any of \(configuration.suffixes.joined(separator: ", "))"
        )
        for ignored in event.ignored {
            logger.log(
                level: ignored.isExpected ? .info : .warning,
                "ignored",
                metadata: ["what": "\(ignored.what)", "reason": "\(ignored.reason)"]
            )
        }
        return event
    }

    /// Converts each object, also after one that failed: its error may be permanent, and must not hold up the others.
    private func convertAll(_ objects: [ObjectReference], _ context: InvocationContext) async throws -> [ObjectResult] {
        var results: [ObjectResult] = []
        var failure: (any Error)?
        for object in objects {
            do {
                let result = try await traced("object", attributes: { $0["sluice.source"] = object.source }) {
                    try await take(object, context)
                }
                results.append(result)
            } catch {
                // The time has run out for the other objects too.
                if Task.isCancelled { throw failure ?? error }
                if failure != nil {
                    context.logger.error("failed", metadata: ["source": "\(object.source)", "reason": "\(error)"])
                }
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
        return results
    }

    private func emit(
        _ context: InvocationContext,
        _ outcome: InvocationMetrics.Outcome,
        _ results: [ObjectResult],
        _ event: Event
    ) {
        context.metrics.write(
            outcome,
            objects: results.count,
            faulty: results.count { $0.fault != nil },
            ignored: event.ignored.count,
            configuration,
            to: metrics
        )
    }
}

/// What an invocation responds.
struct Response: Sendable {
    var objects: [ObjectResult] = []
    /// The input of the state machine's next state, as members of a JSON object.
    var members: [(name: String, json: String)] = []

    /// `{"objects":[{…}],"ignored":0}`, or the members of a job.
    func json(ignored: Int) -> String {
        if !members.isEmpty { return JSONWriter.object(members) }
        return JSONWriter.object([
            ("objects", JSONWriter.array(objects.map(\.json))), ("ignored", "\(ignored)"),
        ])
    }
}
