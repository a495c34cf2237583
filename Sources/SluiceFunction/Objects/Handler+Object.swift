import Logging
import Sluice
import SluiceJSON

/// From one object to messages, by whoever is to do it.
extension Handler {
    /// Converts an object, or sees that others do.
    func take(_ reference: ObjectReference, _ work: InvocationContext) async throws -> ObjectResult {
        let object = try await pin(reference, work)
        if let result = try await route(object, work) { return result }
        let start = start(of: object)
        guard let notes = notes else {
            var nobody: Lease?
            return try await convert(object, from: start, &nobody, work)
        }
        // Without a version in the event, the next try converts what is there then; an object without versions is gone then.
        let returns = reference.versionID != nil || object.description.versionID == nil
        switch try await Lease.take(start, by: holder(notes, work), returns: returns) {
        case .granted(let granted):
            var claim: Lease? = granted
            return try await convert(object, from: granted.checkpoint, &claim, work)
        case .finished: return skip(object, "its messages have been sent", work)
        case .taken(let returns):
            // If the other one fails, it is known: its event comes again under its own id, or is a dead letter; its queue
            // or state machine tries again, or reports. A queue's message would come under another id.
            if case .event = work.caller, returns { return skip(object, "another invocation works on it", work) }
            throw FunctionError(.taken, "another invocation works on \(object.source); try again later")
        }
    }

    /// What the object is at this moment.
    func pin(_ reference: ObjectReference, _ work: InvocationContext) async throws -> PinnedObject {
        do {
            return PinnedObject(reference, try await store(work).describe(reference))
        } catch {
            throw FunctionError(error, about: reference)
        }
    }

    func store(_ work: InvocationContext) -> Services.Store { services.store(meter: work.metrics.delivered) }

    /// Where notes are kept; nil: each invocation is on its own.
    var notes: (any NoteStore)? {
        configuration.relay.bucket.map { services.notes(in: $0, prefix: configuration.relay.prefix) }
    }

    func holder(_ notes: any NoteStore, _ work: InvocationContext) -> Lease.Holder {
        Lease.Holder(notes: notes, clock: work.clock, requestID: work.requestID, queueURL: configuration.queueURL)
    }

    var sluice: Sluice {
        Sluice(dialect: configuration.dialect, encoding: configuration.encoding, limits: configuration.format)
    }

    func start(of object: PinnedObject) -> Checkpoint {
        Checkpoint(start: sluice.identity(object.sourceName))
    }

    private func skip(_ object: PinnedObject, _ reason: String, _ work: InvocationContext) -> ObjectResult {
        work.logger.info("skipped", metadata: ["source": "\(object.source)", "reason": "\(reason)"])
        return ObjectResult(source: object.source, outcome: .skipped)
    }

    /// Gives an object that is large to the state machine, if there is one, unless its messages have been sent; once,
    /// however often that is asked for while an execution runs. Nil: it is not for the state machine.
    private func route(_ object: PinnedObject, _ work: InvocationContext) async throws -> ObjectResult? {
        guard let machine = configuration.relay.stateMachine, object.size > configuration.relay.threshold else {
            return nil
        }
        if case .stateMachine = work.caller { return nil }
        let start = start(of: object)
        if let notes, try await Lease.isFinished(start, notes) {
            return skip(object, "its messages have been sent", work)
        }
        let (id, input) = (start.identity.digest, JSONWriter.object([("object", object.json)]))
        // One that has ended has failed, or it would have left a note; so the next name is for another. While one runs, it
        // stands for all events of the object.
        for name in [id] + (2...Self.mostExecutions).map({ "\(id)-try-\($0)" }) {
            guard try await services.start(machine, name: name, input: input) else { continue }
            work.logger.info("routed", metadata: ["source": "\(object.source)", "execution": "\(name)"])
            return ObjectResult(source: object.source, outcome: .handedOn)
        }
        throw FunctionError(.service, "\(object.source): \(Self.mostExecutions) executions \(id)… have failed")
    }

    /// How many executions of an object may fail until its events fail too.
    private static var mostExecutions: Int { 20 }

    /// Streams what is left of an object through the engine into the queue.
    private func convert(
        _ object: PinnedObject,
        from start: Checkpoint,
        _ claim: inout Lease?,
        _ work: InvocationContext
    ) async throws -> ObjectResult {
        let (meter, delivered) = (work.metrics.meter, work.metrics.delivered)
        let (read, rows, rejected, bytes) = (meter.bytesRead, meter.rows, meter.rejected, delivered.bytes)
        let queue = services.queue(configuration.queueURL, meter: delivered)
        let ending = try await pack(object, from: start, into: queue, &claim, work)
        try await queue.flush()
        if case .faulty(let fault) = ending { try await report(fault, of: object, work) }
        if case .outOfTime(let checkpoint) = ending {
            try await claim?.release()
            try await handOn(object, at: checkpoint, work)
        } else {
            try await claim?.finish()
        }
        let result = ObjectResult(
            source: object.source,
            outcome: ending.outcome,
            rows: meter.rows - rows,
            rejectedRows: meter.rejected - rejected,
            fault: ending.fault?.error
        )
        work.logger.info(
            ending.title,
            metadata: [
                "source": "\(result.source)", "rows": "\(result.rows)", "rejectedRows": "\(result.rejectedRows)",
                "bytesIn": "\(meter.bytesRead - read)", "bytesOut": "\(delivered.bytes - bytes)",
            ]
        )
        return result
    }

    /// Hands all messages over, up to the end, the fault, or the checkpoint behind which there is no time.
    private func pack(
        _ object: PinnedObject,
        from start: Checkpoint,
        into queue: any MessageQueue,
        _ claim: inout Lease?,
        _ work: InvocationContext
    ) async throws -> Ending {
        var sluice = sluice
        sluice.meter = work.metrics.meter
        var (pace, end) = (DeadlinePacer(until: work.deadline, work.clock), start.offset)
        var isDecoded = start.offset == 0 ? nil : try await isDecoded(object, work)
        let isReadAgain = isDecoded == true
        guard isReadAgain || start.offset <= object.size else {
            throw FunctionError(.object, "the note of \(object.source) is about more bytes than it has; remove it")
        }
        let resume = isReadAgain ? nil : try await resumePoint(of: object, at: start.position, work)
        let offset = isReadAgain ? 0 : start.offset
        let content = DecompressedChunks(ObjectContent(store(work), object, offset..<object.size), at: offset)
        // What is read again comes to no checkpoint, which would renew the right to work on it.
        if isReadAgain { try await claim?.reach(start, lease: work.timeLeft) }
        do {
            for try await event in sluice.events(from: content, start: start, resume: resume, isReadAgain: isReadAgain)
            {
                switch event {
                case .message(let message):
                    end = message.range.upperBound
                    try await queue.send(message)
                case .checkpoint(let checkpoint):
                    guard claim != nil else { continue }
                    try await queue.flush()
                    pace.note()
                    try await claim?.reach(checkpoint, lease: pace.lease)
                    guard pace.isShort else { continue }
                    // Whoever goes on with such an object begins at its start, so to stop gains nothing.
                    if isDecoded == nil { isDecoded = try await self.isDecoded(object, work) }
                    if isDecoded == false, checkpoint.offset < object.size { return .outOfTime(checkpoint) }
                }
            }
            return .complete
        } catch SluiceError.badData(let error) {
            // The last message, which says that the object is at fault, covers the input up to the record.
            return .faulty(Fault(error: error, recordStart: min(end, error.offset)))
        }
    }

    /// Has somebody go on behind the checkpoint.
    private func handOn(_ object: PinnedObject, at checkpoint: Checkpoint, _ work: InvocationContext) async throws {
        if case .stateMachine = work.caller { return }
        if let machine = configuration.relay.stateMachine {
            let input = JSONWriter.object([("object", object.json), ("route", "\"inOrder\"")])
            let name = "\(checkpoint.identity.digest)-\(checkpoint.offset)"
            if try await services.start(machine, name: name, input: input) { return }
            // It has ended and will not go on. The next try does, behind the checkpoint, and starts one of another name.
            throw FunctionError(.service, "\(object.source): there has been an execution \(name) before")
        } else if let function = work.functionARN {
            try await services.invoke(function, with: object.reference.event)
        } else {
            throw FunctionError(.deadline, "there is no time left, and nobody to go on with \(object.source)")
        }
    }
}

/// How the conversion of an object ended.
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
        case .faulty: "converted up to the fault"
        case .outOfTime: "converted in part; another invocation goes on"
        }
    }
}
