import SluiceCSV
import SluiceEngine
import SluiceJSON

/// The jobs of a state machine: many invocations convert one object and send the same messages as one run.
///
/// Invocations get a job instead of an event of an object. Deployed state machines use these names:
///
///     {"sluice":"plan","object":{…}}                   cut the object into portions
///     {"sluice":"summarise","plan":{…},"portion":3}    compute the boundary of a portion
///     {"sluice":"combine","plan":{…}}                  compute where the spans of the portions start
///     {"sluice":"convert","plan":{…},"portion":3}      send a portion's messages
///     {"sluice":"manifest","plan":{…}}                 send the manifest
///     {"sluice":"inOrder","object":{…}}                convert the object in order, as far as time allows
///     {"sluice":"sent","object":{…}}                   note that others have sent all messages of the object
///     {"sluice":"giveUp","plan":{…},"portion":3,"error":{…}}     report that a portion failed
///     {"source":"aws.states","detail":{"status":"FAILED",…}}     report that the execution failed
extension Handler {
    /// Returns the payload if it is a job, and nil if it is an event.
    static func job(in payload: [UInt8]) -> JSONValue? {
        guard let value = JSONValue(parsing: payload) else { return nil }
        return value["sluice"]?.text != nil || ExecutionFailure(value) != nil ? value : nil
    }

    func perform(_ job: JSONValue, _ context: InvocationContext) async throws -> Response {
        if let failure = ExecutionFailure(job) { return try await report(failure, context) }
        let object = job["object"].flatMap(ObjectReference.init)
        let plan = job["plan"].flatMap(PortionPlan.init)
        let portion = job["portion"]?.integer.flatMap { plan?.portion($0) }
        let name = job["sluice"]?.text ?? ""
        switch (name, object, plan, portion) {
        case ("plan", let object?, _, _): return try await self.plan(object, context)
        case ("inOrder", let object?, _, _): return try await convertInOrder(object, context)
        case ("sent", let object?, _, _): return try await noteSent(object, context)
        case ("combine", _, let plan?, _): return try await combine(plan, context)
        case ("manifest", _, let plan?, _): return try await sendManifest(plan, context)
        case ("summarise", _, let plan?, let portion?):
            return try await findBoundary(plan, portion, context)
        case ("convert", _, let plan?, let portion?): return try await convert(plan, portion, context)
        case ("giveUp", _, let plan?, let portion?):
            return try await report(ExecutionFailure(plan, portion: portion, error: job["error"]), context)
        default:
            throw FunctionError(
                .configuration,
                "the state machine asks for '\(name)' in a form that this function does not know"
            )
        }
    }

    /// Plans an object's portions, unless it must be read in order. Answers `{"route":"distributed","plan":{…}}`. An object that
    /// was deleted takes the way of those that are read in order, which ends the execution without an error.
    private func plan(_ reference: ObjectReference, _ context: InvocationContext) async throws -> Response {
        guard let object = try await pin(reference, context) else {
            return Response(members: [("route", "\"deleted\""), ("object", reference.json)])
        }
        var work = try await reservedWork(on: object, context)
        _ = try await enter(&work, for: nil, context)
        let mustBeReadFromStart = try await mustBeReadFromStart(work, context)
        // Portions are sent concurrently, in no order.
        let keepsOrder = try services.keepsOrder(configuration.queueURL)
        var canBeCut = work.converter.hasExactBoundaries && !mustBeReadFromStart && !keepsOrder && object.size > 0
        if canBeCut { canBeCut = try await startsAsCSV(work, context) }
        let firstRecord = canBeCut ? try await firstRecord(of: work, context) : nil
        guard let firstRecord else {
            // As a text, and always there, so that the state machine can pass it to a task without a choice.
            let event = JSONWriter.string((work.event ?? ObjectEvent()).json)
            let schema = work.schema.map { [(name: "schema", json: $0.json)] } ?? []
            return Response(
                members: [("route", "\"inOrder\""), ("object", object.json), ("event", event)] + schema
            )
        }
        let plan = PortionPlan(
            id: work.start.identity.digest,
            object: object,
            portions: Portions(
                cutting: object.size,
                into: configuration.sharing.portionSize,
                segmentSize: configuration.format.segmentSize,
                firstRecord: firstRecord
            ),
            schema: work.schema,
            event: work.event,
            turn: work.turn
        )
        try await write(plan.items, to: plan.itemsName)
        let items = JSONWriter.object([
            ("bucket", JSONWriter.string(configuration.sharing.bucket ?? "")),
            ("key", JSONWriter.string(configuration.sharing.prefix + plan.itemsName)),
        ])
        return Response(members: [
            ("route", "\"distributed\""), ("plan", plan.json), ("items", items), ("object", object.json),
        ])
    }

    private func findBoundary(
        _ plan: PortionPlan,
        _ portion: Int,
        _ context: InvocationContext
    ) async throws -> Response {
        let work = try await work(on: plan, context)
        let range = plan.portions.recordRange(portion)
        // What the last bytes mean, for example a CR, depends on the bytes after them.
        let end = min(range.upperBound + UInt64(work.converter.dialect.lookahead), plan.object.size)
        var boundary = RangeBoundary(work.converter)
        var (rest, following) = (range.count, [UInt8]())
        for try await chunk in ObjectContent(store(context), plan.object, range.lowerBound..<end) {
            chunk.withUnsafeBytes { bytes in
                let count = min(rest, bytes.count)
                boundary.add(UnsafeRawBufferPointer(rebasing: bytes.prefix(count)))
                rest -= count
                following += bytes.dropFirst(count)
            }
        }
        try await write(boundary.boundary(following: following).json, to: plan.boundaryName(portion))
        return Response(members: [("portion", "\(portion)")])
    }

    private func combine(_ plan: PortionPlan, _ context: InvocationContext) async throws -> Response {
        _ = try await work(on: plan, context)
        let boundaries = try await concurrently(plan.portions.count) { portion in
            let value = try await self.read(plan.boundaryName(portion))
            guard let boundary = Boundary(value), boundary.length == plan.portions.recordRange(portion).count else {
                throw FunctionError(.object, "the boundary of portion \(portion) is damaged")
            }
            return boundary
        }
        try await write(spanStarts: plan.portions.spanStarts(boundaries), of: plan)
        return Response(members: [("portions", "\(plan.portions.count)")])
    }

    private func convertInOrder(_ reference: ObjectReference, _ context: InvocationContext) async throws -> Response {
        let result = try await take(reference, nil, context)
        return Response(objects: [result], members: [("outcome", JSONWriter.string(result.outcome.rawValue))])
    }

    /// Notes that a task has sent all messages, so that a late event does not send them again.
    private func noteSent(_ reference: ObjectReference, _ context: InvocationContext) async throws -> Response {
        guard let object = try await pin(reference, context) else {
            return Response(members: [("outcome", JSONWriter.string(miss(reference, context).outcome.rawValue))])
        }
        let work = try await reservedWork(on: object, context)
        try await Lease.finish(work, at: work.start, isFaulty: false, by: holder(try requiredNotes(), context))
        try await leave(work, context)
        return Response(members: [("outcome", JSONWriter.string(ObjectResult.Outcome.converted.rawValue))])
    }

    /// Returns the work that was planned, with the plan's schema.
    ///
    /// - Throws: if the plan was made under other variables than the function's, under which the messages would differ, or before
    ///   another version of the key was converted.
    func work(on plan: PortionPlan, _ context: InvocationContext) async throws -> ObjectWork {
        var work = try await work(on: plan.object, begunWith: plan.schema)
        guard plan.id == work.start.identity.digest else {
            throw FunctionError(
                .configuration,
                "the function's configuration has changed since \(plan.object.source) was planned; "
                    + "start a new execution"
            )
        }
        work.event = plan.event
        try await stay(in: plan.turn, work, context)
        return work
    }

    func write(_ text: String, to name: String) async throws {
        _ = try await requiredNotes().write(text, to: name, if: nil)
    }

    func read(_ name: String) async throws -> JSONValue {
        guard let note = try await requiredNotes().read(name), let value = JSONValue(parsing: note.text) else {
            throw FunctionError(.object, "the note \(name) is missing or damaged")
        }
        return value
    }

    func requiredNotes() throws -> any NoteStore {
        guard let notes else {
            throw FunctionError(.configuration, "SLUICE_WORK_BUCKET is not set; it takes the bucket for notes")
        }
        return notes
    }
}
