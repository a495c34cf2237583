import Logging
import SluiceEngine
import SluiceJSON
import SluiceTracing
import Tracing

/// The function. Either it converts the objects that an event names, one after the other, and sends their rows to a queue, or
/// it does a job for a state machine.
///
/// An invocation succeeds if a retry would not help: an invalid file is reported to the error queue; an object that was deleted or
/// whose key has another suffix, and a payload that is no event of an object, are logged. Every other error fails the invocation,
/// so that the caller retries it or puts the event into a dead-letter queue. A retry sends some messages again, with the same
/// ids.
///
/// A batch of SQS messages fails as a whole too, unless `reportsFailedMessages`: then the answer names those that failed, and SQS
/// deletes the others. Where the event source mapping does not expect that, SQS would delete all of them. If each message failed,
/// the invocation still fails, so that Lambda counts it as an error.
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
            traceID: invocation.traceID,
            deadline: invocation.deadline,
            logger: logger,
            clock: services.clock
        )
        do {
            let response = try await services.clock.limit(until: invocation.deadline) {
                if let job { return try await self.perform(job, context) }
                return try await self.convertAll(event, context)
            }
            emit(context, response.outcome, response.objects, event)
            return Array(response.json(ignored: event.ignored.count).utf8)
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
    private func convertAll(_ event: Event, _ context: InvocationContext) async throws -> Response {
        var response = Response()
        var failures: [(object: ObjectReference, error: any Error)] = []
        var isOutOfTime = false
        for object in event.objects {
            do {
                let result = try await traced("object", attributes: { $0["sluice.source"] = object.source }) {
                    try await take(object, event.statement(about: object), context)
                }
                response.objects.append(result)
            } catch {
                failures.append((object, error))
                // The time has run out for the other objects too.
                isOutOfTime = Task.isCancelled
                if isOutOfTime { break }
            }
        }
        let isPartial = !isOutOfTime && (failures.isEmpty || failures.count < event.objects.count)
        if configuration.reportsFailedMessages, event.isFromQueue, isPartial {
            response.failedMessages = event.messages(of: failures.map(\.object))
        }
        // An error that is thrown is logged by the caller.
        let isThrown = response.failedMessages == nil
        for (object, error) in failures.dropFirst(isThrown ? 1 : 0) {
            context.logger.error("failed", metadata: ["source": "\(object.source)", "reason": "\(error)"])
        }
        if isThrown, let first = failures.first { throw first.error }
        return response
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
            unknown: event.ignored.count { !$0.isExpected },
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
    /// The ids of SQS messages that must be delivered again; nil if SQS does not ask for them.
    var failedMessages: [String]?

    var outcome: InvocationMetrics.Outcome {
        if failedMessages?.isEmpty == false { return .failure }
        if objects.contains(where: { $0.fault != nil }) { return .badData }
        return objects.contains { $0.outcome == .deleted } ? .deleted : .success
    }

    /// `{"objects":[{…}],"ignored":0}`, or the members of a job, or `{"batchItemFailures":[{"itemIdentifier":"…"}]}`.
    ///
    /// AWS documents no other members beside the last, so it stands alone.
    func json(ignored: Int) -> String {
        if !members.isEmpty { return JSONWriter.object(members) }
        if let failedMessages {
            let items = failedMessages.map { JSONWriter.object([("itemIdentifier", JSONWriter.string($0))]) }
            return JSONWriter.object([("batchItemFailures", JSONWriter.array(items))])
        }
        return JSONWriter.object([
            ("objects", JSONWriter.array(objects.map(\.json))), ("ignored", "\(ignored)"),
        ])
    }
}
