import Logging
import Sluice
import SluiceJSON

/// The function: converts the objects that an event names, one after the other, and sends their rows to a queue.
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
        var event = Event(invocation.payload)
        event.ignoreObjects(
            unless: configuration.accepts,
            reason: "its name does not end with any of \(configuration.suffixes.joined(separator: ", "))"
        )
        let work = Work(
            event: event,
            metrics: InvocationMetrics(requestID: invocation.requestID, isColdStart: isColdStart),
            requestID: invocation.requestID,
            logger: logger
        )
        for ignored in event.ignored { log(ignored, logger) }
        let results: [ObjectResult]
        do {
            results = try await Deadline(invocation.deadline).limit { try await convertAll(work) }
        } catch {
            let error = FunctionError(error)
            logger.error("failed", metadata: ["errorType": "\(error.kind.rawValue)", "reason": "\(error.message)"])
            emit(work, .failure, [])
            throw error
        }
        emit(work, results.contains { $0.fault != nil } ? .badData : .success, results)
        return Array(Self.summary(results, event.ignored).utf8)
    }

    private func convertAll(_ work: Work) async throws -> [ObjectResult] {
        var results: [ObjectResult] = []
        for object in work.event.objects {
            results.append(try await convert(object, work))
        }
        return results
    }

    private func log(_ ignored: Event.Ignored, _ logger: Logger) {
        logger.log(
            level: ignored.isExpected ? .info : .warning,
            "ignored",
            metadata: ["what": "\(ignored.what)", "reason": "\(ignored.reason)"]
        )
    }

    private func emit(_ work: Work, _ outcome: InvocationMetrics.Outcome, _ results: [ObjectResult]) {
        metrics(
            work.metrics.line(
                outcome,
                objects: results.count,
                faulty: results.count { $0.fault != nil },
                ignored: work.event.ignored.count
                    + (outcome == .failure ? 0 : work.event.objects.count - results.count),
                configuration
            )
        )
    }

    /// `{"objects":[{"source":"s3://…","rows":3,"rejectedRows":0}],"ignored":0}`; an object at fault has an `error`.
    private static func summary(_ results: [ObjectResult], _ ignored: [Event.Ignored]) -> String {
        let objects = results.map { result in
            JSONText.object(
                [
                    ("source", JSONText.string(result.source)), ("rows", "\(result.rows)"),
                    ("rejectedRows", "\(result.rejectedRows)"),
                ] + (result.fault.map { [("error", JSONText.string($0.code.rawValue))] } ?? [])
            )
        }
        return JSONText.object([
            ("objects", "[" + objects.joined(separator: ",") + "]"), ("ignored", "\(ignored.count)"),
        ])
    }
}

/// An invocation that is being worked on.
struct Work: Sendable {
    let event: Event
    let metrics: InvocationMetrics
    let requestID: String
    let logger: Logger
}
