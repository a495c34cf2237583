import Logging
import SluiceEngine
import SluiceJSON
import SluiceTracing
import Tracing

/// Converts one object to messages, or hands it to others.
extension Handler {
    /// Converts an object, or ensures that another invocation does.
    func take(
        _ reference: ObjectReference,
        _ event: ObjectEvent?,
        _ context: InvocationContext
    ) async throws -> ObjectResult {
        guard let object = try await pin(reference, context) else { return miss(reference, context) }
        var work = try await newWork(on: object)
        work.event = event
        if configuration.sharing.isOrdered, try await Lease.isFinished(work, try requiredNotes()) {
            return try await skipSent(work, context)
        }
        if let result = try await enter(&work, for: event, context) { return result }
        if let result = try await route(work, context) { return result }
        guard let notes = notes else {
            var nobody: Lease?
            return try await convert(work, from: work.start, &nobody, context)
        }
        // If the event names no version, a retry would convert whatever is newest by then.
        let retriesSameBytes = reference.versionID != nil || object.reference.versionID == nil
        switch try await Lease.acquire(work, by: holder(notes, context), retriesSameBytes: retriesSameBytes) {
        case .granted(let granted):
            return try await convert(work, under: granted, context)
        case .finished: return try await skipSent(work, context)
        case .taken(let retriesSameBytes):
            // If the other invocation fails, its own caller retries or reports, so an event may be skipped. A queue message
            // may not: it returns under a new id, so the "other" invocation may be its own first attempt.
            if case .event = context.caller, retriesSameBytes {
                return skip(object, "another invocation is working on it", context)
            }
            throw FunctionError(.taken, "another invocation is working on \(object.source); try again later")
        }
    }

    /// Converts an object from where the work on it was left, with the schema with which it began.
    private func convert(
        _ newWork: ObjectWork,
        under granted: Lease,
        _ context: InvocationContext
    ) async throws -> ObjectResult {
        var lease = granted
        var work = newWork
        if lease.schema != newWork.schema { work = try await self.work(on: newWork.object, begunWith: lease.schema) }
        if lease.checkpoint.identity != work.start.identity {
            // The variables mean something else with that schema now, as after a deployment.
            work = newWork
            lease.restart(work)
        }
        work.event = lease.event
        var held: Lease? = lease
        return try await convert(work, from: lease.checkpoint, &held, context)
    }

    /// Pins the object in its present state. Returns nil if it was deleted.
    func pin(_ reference: ObjectReference, _ context: InvocationContext) async throws -> PinnedObject? {
        do { return try await store(context).pin(reference) } catch { throw FunctionError(error, about: reference) }
    }

    func store(_ context: InvocationContext) -> Services.Store { services.store(meter: context.metrics.meter) }

    /// Returns the queues for the messages of one object.
    func queue(for work: ObjectWork, _ context: InvocationContext) throws -> any MessageQueue {
        let rejectsURL = configuration.rejects == nil ? nil : configuration.errorQueueURL
        func queue(_ url: String) throws -> any MessageQueue {
            try services.queue(url, meter: context.metrics.meter, traceHeader: context.traceID)
        }
        return ObjectQueues(
            rows: try queue(configuration.queueURL),
            rejects: try rejectsURL.map(queue),
            event: work.event
        )
    }

    /// The store of notes; nil if each invocation works on its own.
    var notes: (any NoteStore)? {
        configuration.sharing.bucket.map { services.notes(in: $0, prefix: configuration.sharing.prefix) }
    }

    func holder(_ notes: any NoteStore, _ context: InvocationContext) -> Lease.Holder {
        Lease.Holder(notes: notes, clock: context.clock, requestID: context.requestID, queueURL: configuration.queueURL)
    }

    /// Notes that an object was deleted. A retry would not find it either, so this is not an error.
    func miss(_ reference: ObjectReference, _ context: InvocationContext) -> ObjectResult {
        let result = ObjectResult(source: reference.source, outcome: .deleted)
        context.logger.info(result.outcome.title, metadata: ["source": "\(result.source)"])
        return result
    }

    private func skipSent(_ work: ObjectWork, _ context: InvocationContext) async throws -> ObjectResult {
        // The invocation that sent them may have ended before it could let others begin.
        try await leave(work, context)
        return skip(work.object, "its messages have been sent", context)
    }

    func skip(
        _ object: PinnedObject,
        as outcome: ObjectResult.Outcome = .skipped,
        _ reason: String,
        _ context: InvocationContext
    ) -> ObjectResult {
        let result = ObjectResult(source: object.source, outcome: outcome)
        context.logger.info(result.outcome.title, metadata: ["source": "\(result.source)", "reason": "\(reason)"])
        return result
    }

    /// Passes a large object to the state machine, if there is one, unless its messages have been sent. Returns nil if the
    /// object is not for the state machine.
    private func route(_ work: ObjectWork, _ context: InvocationContext) async throws -> ObjectResult? {
        let object = work.object
        guard let machine = configuration.sharing.stateMachine, object.size > configuration.sharing.threshold else {
            return nil
        }
        if case .stateMachine = context.caller { return nil }
        if try await reserve(work, context).isFinished { return try await skipSent(work, context) }
        let (id, input) = (work.id, JSONWriter.object([("object", object.json)]))
        // While an execution runs, starting it again succeeds without effect, so all events of the object share it. The name
        // of one that has ended is refused. It has failed, as there is no note that it finished, so try the next name.
        for name in [id] + (2...Self.mostExecutions).map({ "\(id)-try-\($0)" }) {
            guard try await services.start(machine, name: name, input: input) else { continue }
            context.logger.info("routed", metadata: ["source": "\(object.source)", "execution": "\(name)"])
            return ObjectResult(source: object.source, outcome: .handedOn)
        }
        throw FunctionError(.service, "\(object.source): \(Self.mostExecutions) executions \(id)… have failed")
    }

    /// How many executions of an object may fail before its events fail too.
    private static var mostExecutions: Int { 20 }

    /// Streams the rest of an object through a converter into the queue.
    private func convert(
        _ work: ObjectWork,
        from start: Checkpoint,
        _ lease: inout Lease?,
        _ context: InvocationContext
    ) async throws -> ObjectResult {
        let meter = context.metrics.meter
        meter.begin(work.object.source)
        let (read, rows, rejected, written) = (meter.bytesRead, meter.rows, meter.rejected, meter.bytesWritten)
        let queue = try queue(for: work, context)
        let ending = try await pack(work, from: start, into: queue, &lease, context)
        try await queue.flush()
        if case .faulty(let fault) = ending { try await report(fault, of: work, context) }
        if case .outOfTime(let checkpoint) = ending {
            try await lease?.release()
            try await continueElsewhere(work, at: checkpoint, context)
        } else {
            try await lease?.finish(isFaulty: ending.fault != nil)
            try await leave(work, context)
        }
        let result = ObjectResult(
            source: work.object.source,
            outcome: ending.outcome,
            rows: meter.rows - rows,
            rejectedRows: meter.rejected - rejected,
            firstRejects: meter.firstRejects,
            fault: ending.fault?.error
        )
        var metadata = result.metadata
        metadata["schema"] = work.schema.map { "\($0.reference)" }
        metadata["bytesIn"] = "\(meter.bytesRead - read)"
        metadata["bytesOut"] = "\(meter.bytesWritten - written)"
        context.logger.info(result.outcome.title, metadata: metadata)
        return result
    }

    /// Sends all messages up to the end, the fault, or the checkpoint after which the time would run out.
    private func pack(
        _ work: ObjectWork,
        from start: Checkpoint,
        into queue: any MessageQueue,
        _ lease: inout Lease?,
        _ context: InvocationContext
    ) async throws -> Ending {
        let object = work.object
        var converter = work.converter
        converter.meter = context.metrics.meter
        var (pacer, end) = (DeadlinePacer(until: context.deadline, context.clock), start.offset)
        // Nil until it matters: finding out takes a request.
        var mustBeReadFromStart = start.offset == 0 ? nil : try await mustBeReadFromStart(work, context)
        let isReadAgain = mustBeReadFromStart == true
        guard isReadAgain || start.offset <= object.size else {
            throw FunctionError(.object, "the note of \(object.source) covers bytes past the object's end; remove it")
        }
        let resume = isReadAgain ? nil : try await resumePoint(for: work, at: start.position, context)
        let offset = isReadAgain ? 0 : start.offset
        let content = DecompressedChunks(ObjectContent(store(context), object, offset..<object.size), at: offset)
        // While the object is read again no checkpoint is reached, so the lease must last for all the time left.
        if isReadAgain { try await lease?.renew(at: start, lasting: context.timeLeft) }
        var segment = StepSpan("segment")
        segment.begin { $0["sluice.offset"] = Int(clamping: start.offset) }
        do {
            for try await event in converter.events(
                from: content,
                start: start,
                resume: resume,
                isReadAgain: isReadAgain
            ) {
                switch event {
                case .message(let message):
                    if message.content != .rejects { end = message.range.upperBound }
                    try await queue.send(message)
                case .checkpoint(let checkpoint):
                    segment.begin { $0["sluice.offset"] = Int(clamping: checkpoint.offset) }
                    guard lease != nil else { continue }
                    try await queue.flush()
                    pacer.note()
                    try await lease?.renew(at: checkpoint, lasting: pacer.leaseDuration)
                    guard pacer.isShort else { continue }
                    // The next invocation would have to read all of it again, so stopping would gain nothing.
                    if mustBeReadFromStart == nil {
                        mustBeReadFromStart = try await self.mustBeReadFromStart(work, context)
                    }
                    if mustBeReadFromStart == false, checkpoint.offset < object.size { return .outOfTime(checkpoint) }
                }
            }
            return .complete
        } catch SluiceError.badData(let error) {
            // The last message, which reports the object as invalid, covers the input up to the invalid record.
            return .faulty(Fault(error: error, recordStart: min(end, error.offset)))
        }
    }

    /// Has another invocation continue after the checkpoint.
    private func continueElsewhere(
        _ work: ObjectWork,
        at checkpoint: Checkpoint,
        _ context: InvocationContext
    ) async throws {
        let object = work.object
        if case .stateMachine = context.caller { return }
        if let machine = configuration.sharing.stateMachine {
            let input = JSONWriter.object([("object", object.json), ("route", "\"inOrder\"")])
            let name = "\(work.id)-\(checkpoint.offset)"
            if try await services.start(machine, name: name, input: input) { return }
            // That execution has ended. The retry of this invocation continues from the checkpoint, and then starts an
            // execution under another name.
            throw FunctionError(.service, "\(object.source): there has already been an execution \(name)")
        } else if let function = context.functionARN {
            try await services.invoke(function, with: object.reference.event)
        } else {
            throw FunctionError(.deadline, "there is no time left, and no other invocation to resume \(object.source)")
        }
    }
}

/// How converting an object ended.
private enum Ending {
    case complete
    case faulty(Fault)
    case outOfTime(Checkpoint)

    var outcome: ObjectResult.Outcome {
        switch self {
        case .complete: .converted
        case .faulty: .faulty
        case .outOfTime: .handedOn
        }
    }

    var fault: Fault? { if case .faulty(let fault) = self { fault } else { nil } }
}
