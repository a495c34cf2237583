import Logging
import Sluice
import SluiceJSON

/// The function: converts the objects that an event names, one after the other, and sends their rows to a queue; or does
/// a job that a state machine gives it.
///
/// What can't become better by another try is done with: a file that is no CSV is reported to the error queue, and what is
/// no CSV by its name, or no event of an object, is logged. All other trouble fails the invocation, so that whoever called
/// it tries again or keeps the event in a dead-letter queue; what has been sent by then is sent again, with the same ids.
/// A batch of SQS fails as a whole too: to name only the messages that failed would lose them wherever the function is
/// not set up to report such.
package struct Handler<Services: FunctionServices>: Sendable {
    let configuration: Configuration
    let services: Services
    private let metrics: LineOutput

    /// `metrics` takes a line an invocation, in embedded metric format.
    package init(
        _ configuration: Configuration,
        _ services: Services,
        metrics: LineOutput = .standardOutput
    ) {
        self.configuration = configuration
        self.services = services
        self.metrics = metrics
    }

    /// Does what the invocation asks for, and returns a JSON object that says what was done.
    package func handle(
        _ invocation: Invocation,
        isColdStart: Bool,
        logger: Logger
    ) async throws(FunctionError) -> [UInt8] {
        var logger = logger
        logger[metadataKey: "requestId"] = "\(invocation.requestID)"
        logger[metadataKey: "traceId"] = invocation.traceID.map { "\($0)" }
        let job = Job.read(invocation.payload)
        let event = job == nil ? event(invocation.payload, logger) : Event([])
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
            let results = try await Deadline(invocation.deadline, services.clock).limit {
                if let job { return try await self.perform(job, context) }
                return Answer(objects: try await self.convertAll(event.objects, context))
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

    /// What the payload asks for; what is not for this function is logged.
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

    /// Converts each, also if one before it can't be had: it may never be, and the others should not wait for it.
    private func convertAll(_ objects: [ObjectReference], _ context: InvocationContext) async throws -> [ObjectResult] {
        var results: [ObjectResult] = []
        var failure: (any Error)?
        for object in objects {
            do { results.append(try await take(object, context)) } catch {
                // When the time is over there is none for others.
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
        metrics(
            context.metrics.line(
                outcome,
                objects: results.count,
                faulty: results.count { $0.fault != nil },
                ignored: event.ignored.count,
                configuration
            )
        )
    }
}

/// What an invocation answers.
struct Answer: Sendable {
    var objects: [ObjectResult] = []
    /// What the next state of the state machine is to know, as members of a JSON object.
    var members: [(name: String, json: String)] = []

    /// `{"objects":[{…}],"ignored":0}`, or the members of a job.
    func json(ignored: Int) -> String {
        if !members.isEmpty { return JSONWriter.object(members) }
        return JSONWriter.object([
            ("objects", "[" + objects.map(\.json).joined(separator: ",") + "]"), ("ignored", "\(ignored)"),
        ])
    }
}
