import Logging
import SluiceEngine
import SluiceJSON

/// Reports of objects that were not converted.
extension Handler {
    /// Reports an invalid object to the log, and to the error queue if there is one.
    func report(_ fault: Fault, of work: ObjectWork, _ context: InvocationContext) async throws {
        let report = FaultReport(
            fault: fault,
            source: work.object.source,
            input: work.object.reference.source,
            schema: work.schema.map { "\($0.reference)" },
            requestID: context.requestID,
            // Too many rejects are the fault of no single record.
            excerpt: fault.error.code == .tooManyRejects
                ? nil : await excerpt(from: fault.recordStart, of: work, context)
        )
        context.logger.error("bad data", metadata: report.metadata)
        try await send(report.json)
    }

    /// Reports a failure of a state machine.
    func report(_ failure: ExecutionFailure, _ context: InvocationContext) async throws -> Response {
        context.logger.error(
            "\(failure.code)",
            metadata: ["source": "\(failure.source)", "reason": "\(failure.message)"]
        )
        try await send(failure.json(requestID: context.requestID))
        return Response(members: [("reported", "\(configuration.errorQueueURL != nil)")])
    }

    /// Sends a report to the error queue, if there is one.
    private func send(_ report: String) async throws {
        guard let url = configuration.errorQueueURL else { return }
        try await services.send(report: Array(report.utf8), to: url)
    }

    /// Returns the first bytes of the invalid record. Returns nil on errors: a report without an excerpt is better than none.
    private func excerpt(from start: UInt64, of work: ObjectWork, _ context: InvocationContext) async -> [UInt8]? {
        if start >= work.object.size { return nil }
        do {
            // Everything before the record would have to be decompressed or decoded again.
            if try await mustBeReadFromStart(work, context) { return nil }
            return try await bytes(start..<start + UInt64(FaultReport.excerptSize), of: work.object, context)
        } catch {
            context.logger.warning("the invalid record could not be read again", metadata: ["reason": "\(error)"])
            return nil
        }
    }
}
