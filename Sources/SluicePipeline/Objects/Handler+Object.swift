import Logging
import SluiceEngine
import SluiceJSON

/// Converts one object to messages, or hands it to others.
extension Handler {
    /// Converts an object, or ensures that another invocation does.
    func take(_ reference: ObjectReference, _ context: InvocationContext) async throws -> ObjectResult {
        let object = try await pin(reference, context)
        if let result = try await route(object, context) { return result }
        let start = start(of: object)
        guard let notes = notes else {
            var nobody: Lease?
            return try await convert(object, from: start, &nobody, context)
        }
        // A retry of an event without a version converts the newest version, and an object without versions is gone by then.
        let returns = reference.versionID != nil || object.description.versionID == nil
        switch try await Lease.acquire(start, by: holder(notes, context), returns: returns) {
        case .granted(let granted):
            var lease: Lease? = granted
            return try await convert(object, from: granted.checkpoint, &lease, context)
        case .finished: return skip(object, "its messages have been sent", context)
        case .taken(let returns):
            // If the other invocation fails, its caller acts: its event is retried under its own id or becomes a dead letter;
            // its queue or state machine retries or reports. But a queue's message is retried under another id: the
            // other invocation may have been its own first attempt, so it is not skipped.
            if case .event = context.caller, returns {
                return skip(object, "another invocation is working on it", context)
            }
            throw FunctionError(.taken, "another invocation is working on \(object.source); try again later")
        }
    }

    /// Pins the object in its present state.
    func pin(_ reference: ObjectReference, _ context: InvocationContext) async throws -> PinnedObject {
        do {
            return PinnedObject(reference, try await store(context).describe(reference))
        } catch {
            throw FunctionError(error, about: reference)
        }
    }

    func store(_ context: InvocationContext) -> Services.Store { services.store(meter: context.metrics.delivered) }

    /// The store of notes; nil if each invocation works on its own.
    var notes: (any NoteStore)? {
        configuration.handoff.bucket.map { services.notes(in: $0, prefix: configuration.handoff.prefix) }
    }

    func holder(_ notes: any NoteStore, _ context: InvocationContext) -> Lease.Holder {
        Lease.Holder(notes: notes, clock: context.clock, requestID: context.requestID, queueURL: configuration.queueURL)
    }

    var converter: CSVConverter {
        CSVConverter(
            dialect: configuration.dialect,
            encoding: configuration.encoding,
            messageFormat: configuration.format
        )
    }

    func start(of object: PinnedObject) -> Checkpoint {
        Checkpoint(start: converter.identity(object.sourceName))
    }

    private func skip(_ object: PinnedObject, _ reason: String, _ context: InvocationContext) -> ObjectResult {
        context.logger.info("skipped", metadata: ["source": "\(object.source)", "reason": "\(reason)"])
        return ObjectResult(source: object.source, outcome: .skipped)
    }

    /// Passes a large object to the state machine, if there is one, unless its messages have been sent.
    ///
    /// While an execution runs, no other is started for the object. Returns nil if the object is not for the state machine.
    private func route(_ object: PinnedObject, _ context: InvocationContext) async throws -> ObjectResult? {
        guard let machine = configuration.handoff.stateMachine, object.size > configuration.handoff.threshold else {
            return nil
        }
        if case .stateMachine = context.caller { return nil }
        let start = start(of: object)
        if let notes, try await Lease.isFinished(start, notes) {
            return skip(object, "its messages have been sent", context)
        }
        let (id, input) = (start.identity.digest, JSONWriter.object([("object", object.json)]))
        // A running execution serves all events of the object, under its name. One that has ended has failed, since it would
        // have left a note; then the next name starts another.
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
        _ object: PinnedObject,
        from start: Checkpoint,
        _ lease: inout Lease?,
        _ context: InvocationContext
    ) async throws -> ObjectResult {
        let (meter, delivered) = (context.metrics.meter, context.metrics.delivered)
        let (read, rows, rejected, bytes) = (meter.bytesRead, meter.rows, meter.rejected, delivered.bytes)
        let queue = services.queue(configuration.queueURL, meter: delivered)
        let ending = try await pack(object, from: start, into: queue, &lease, context)
        try await queue.flush()
        if case .faulty(let fault) = ending { try await report(fault, of: object, context) }
        if case .outOfTime(let checkpoint) = ending {
            try await lease?.release()
            try await handOn(object, at: checkpoint, context)
        } else {
            try await lease?.finish()
        }
        let result = ObjectResult(
            source: object.source,
            outcome: ending.outcome,
            rows: meter.rows - rows,
            rejectedRows: meter.rejected - rejected,
            fault: ending.fault?.error
        )
        context.logger.info(
            ending.title,
            metadata: [
                "source": "\(result.source)", "rows": "\(result.rows)", "rejectedRows": "\(result.rejectedRows)",
                "bytesIn": "\(meter.bytesRead - read)", "bytesOut": "\(delivered.bytes - bytes)",
            ]
        )
        return result
    }

    /// Sends all messages up to the end, the fault, or the checkpoint after which the time would run out.
    private func pack(
        _ object: PinnedObject,
        from start: Checkpoint,
        into queue: any MessageQueue,
        _ lease: inout Lease?,
        _ context: InvocationContext
    ) async throws -> Ending {
        var converter = converter
        converter.meter = context.metrics.meter
        var (pacer, end) = (DeadlinePacer(until: context.deadline, context.clock), start.offset)
        var isDecoded = start.offset == 0 ? nil : try await isDecoded(object, context)
        let isReadAgain = isDecoded == true
        guard isReadAgain || start.offset <= object.size else {
            throw FunctionError(.object, "the note of \(object.source) covers bytes past the object's end; remove it")
        }
        let resume = isReadAgain ? nil : try await resumePoint(of: object, at: start.position, context)
        let offset = isReadAgain ? 0 : start.offset
        let content = DecompressedChunks(ObjectContent(store(context), object, offset..<object.size), at: offset)
        // While the object is read again no checkpoint is reached, so the lease must last for all the time left.
        if isReadAgain { try await lease?.reach(start, lasting: context.timeLeft) }
        do {
            for try await event in converter.events(
                from: content,
                start: start,
                resume: resume,
                isReadAgain: isReadAgain
            ) {
                switch event {
                case .message(let message):
                    end = message.range.upperBound
                    try await queue.send(message)
                case .checkpoint(let checkpoint):
                    guard lease != nil else { continue }
                    try await queue.flush()
                    pacer.note()
                    try await lease?.reach(checkpoint, lasting: pacer.leaseDuration)
                    guard pacer.isShort else { continue }
                    // A decoded object can only be continued from its start, so stopping would gain nothing.
                    if isDecoded == nil { isDecoded = try await self.isDecoded(object, context) }
                    if isDecoded == false, checkpoint.offset < object.size { return .outOfTime(checkpoint) }
                }
            }
            return .complete
        } catch SluiceError.badData(let error) {
            // The last message, which reports the object as invalid, covers the input up to the invalid record.
            return .faulty(Fault(error: error, recordStart: min(end, error.offset)))
        }
    }

    /// Has another invocation continue after the checkpoint.
    private func handOn(_ object: PinnedObject, at checkpoint: Checkpoint, _ context: InvocationContext) async throws {
        if case .stateMachine = context.caller { return }
        if let machine = configuration.handoff.stateMachine {
            let input = JSONWriter.object([("object", object.json), ("route", "\"inOrder\"")])
            let name = "\(checkpoint.identity.digest)-\(checkpoint.offset)"
            if try await services.start(machine, name: name, input: input) { return }
            // That execution has ended and will not continue. The next try does, from the checkpoint, and starts an
            // execution of another name.
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

    var title: Logger.Message {
        switch self {
        case .complete: "converted"
        case .faulty: "converted up to the error"
        case .outOfTime: "converted in part; another invocation continues"
        }
    }
}
