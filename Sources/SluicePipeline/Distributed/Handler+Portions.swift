import Logging
import SluiceCSV
import SluiceEngine
import SluiceJSON
import SluiceTracing
import Tracing

/// Converting portions to messages, and the manifest after all of them.
extension Handler {
    /// Sends the messages of a portion and notes the result. An invalid portion is a result too, since a retry would not help.
    func convert(_ plan: PortionPlan, _ portion: Int, _ context: InvocationContext) async throws -> Response {
        let work = try await work(on: plan, context)
        let starts = try await spanStarts(of: plan)
        let (start, next) = (starts[portion], starts[portion + 1])
        let result =
            start.offset == next.offset
            ? PortionResult(queueURL: configuration.queueURL, end: next, tally: MessageTally())
            : try await pack(work, from: start, to: next, context)
        try await write(result.json, to: plan.resultName(portion))
        return Response(members: [("portion", "\(portion)"), ("rows", "\(result.extent.tally.rows)")])
    }

    /// Notes where the spans of the portions start, each with record and line: `[[0,1,1],[1048583,20161,20161],…]`.
    func write(spanStarts: [RecordPosition], of plan: PortionPlan) async throws {
        let places = spanStarts.map { JSONWriter.array(["\($0.offset)", "\($0.number)", "\($0.line)"]) }
        try await write(JSONWriter.array(places), to: plan.spanStartsName)
    }

    /// Reads where the spans start. There must be one more than portions, in order, and the last must be the object's end.
    private func spanStarts(of plan: PortionPlan) async throws -> [RecordPosition] {
        let starts = (try await read(plan.spanStartsName).elements ?? []).compactMap { value -> RecordPosition? in
            guard let numbers = value.elements, numbers.count == 3, let offset = numbers[0].boundedInteger,
                let record = numbers[1].boundedInteger, let line = numbers[2].boundedInteger
            else { return nil }
            return RecordPosition(reading: offset, number: record, line: line)
        }
        let areInOrder = zip(starts, starts.dropFirst()).allSatisfy { $0.offset <= $1.offset }
        guard starts.count == plan.portions.count + 1, areInOrder, starts.last?.offset == plan.object.size else {
            throw FunctionError(.object, "the note \(plan.spanStartsName) is damaged")
        }
        return starts
    }

    private func pack(
        _ work: ObjectWork,
        from first: RecordPosition,
        to next: RecordPosition,
        _ context: InvocationContext
    ) async throws -> PortionResult {
        var converter = work.converter
        converter.meter = context.metrics.meter
        let queue = try queue(for: work, context)
        var segment = StepSpan("segment")
        segment.begin { $0["sluice.offset"] = Int(clamping: first.offset) }
        let start = Checkpoint(identity: work.start.identity, position: first, tally: MessageTally())
        var result = PortionResult(queueURL: configuration.queueURL, end: first, tally: MessageTally())
        do {
            let events = converter.events(
                from: ObjectContent(store(context), work.object, first.offset..<next.offset),
                start: start,
                resume: try await resumePoint(for: work, at: first, context),
                sendsManifest: false
            )
            for try await event in events {
                switch event {
                case .message(let message): try await queue.send(message)
                case .checkpoint(let checkpoint):
                    segment.begin { $0["sluice.offset"] = Int(clamping: checkpoint.offset) }
                    result.reach(checkpoint, under: converter.rejects)
                }
            }
        } catch SluiceError.badData(let error) {
            result.fail(with: error)
        }
        try await queue.flush()
        result.firstRejects = context.metrics.meter.firstRejects
        return result
    }

    /// Sends the last message of an object, and reports its fault if it has one.
    private func close(
        _ work: ObjectWork,
        _ last: Checkpoint,
        _ fault: CSVError?,
        _ context: InvocationContext
    ) async throws {
        let queue = try queue(for: work, context)
        try await queue.send(
            fault.map { work.converter.aborted(at: last, by: $0) } ?? work.converter.manifest(at: last)
        )
        try await queue.flush()
        if let fault {
            let place = min(last.offset, fault.offset)
            try await report(Fault(error: fault, recordStart: place), of: work, context)
        }
        try await Lease.finish(work, at: last, isFaulty: fault != nil, by: holder(try requiredNotes(), context))
    }

    /// Sums the results of the portions and sends the manifest; if one is invalid, sends the `aborted` message and a report.
    func sendManifest(_ plan: PortionPlan, _ context: InvocationContext) async throws -> Response {
        let work = try await work(on: plan, context)
        let results = try await concurrently(plan.portions.count) { portion in
            guard let result = PortionResult(try await self.read(plan.resultName(portion))) else {
                throw FunctionError(.object, "the result of portion \(portion) is damaged")
            }
            guard result.queueURL == self.configuration.queueURL else {
                throw FunctionError(
                    .configuration,
                    "portion \(portion) of \(plan.object.source) went to another queue, \(result.queueURL); "
                        + "start a new execution"
                )
            }
            return result
        }
        let starts = try await spanStarts(of: plan)
        var sum = PortionSum(work.converter.rejects)
        for (portion, result) in results.enumerated() where sum.fault == nil {
            sum.add(result)
            // Up to the fault, each span must end where the next one starts. After a fault spans may start anywhere.
            if sum.fault == nil, !plan.portions.isContinuous(sum.end, starts[portion + 1]) {
                throw FunctionError(
                    .object,
                    "portion \(portion) of \(plan.object.source) ends at byte \(sum.end.offset), not at "
                        + "\(starts[portion + 1].offset), where the next one starts; start a new execution"
                )
            }
        }
        if sum.needsLastByte {
            let last = try await bytes(plan.object.size - 1..<plan.object.size, of: plan.object, context)
            sum.finish(after: last.last, work.converter.dialect)
        }
        return try await finish(work, sum, context)
    }

    /// Sends the last message of an object whose portions were converted.
    private func finish(_ work: ObjectWork, _ sum: PortionSum, _ context: InvocationContext) async throws -> Response {
        let (tally, fault) = (sum.tally, sum.fault)
        let last = Checkpoint(identity: work.start.identity, position: sum.end, tally: tally)
        // The last message may have been sent by another execution, or by this one if its answer was lost.
        if !(try await Lease.isFinished(work, try requiredNotes())) { try await close(work, last, fault, context) }
        try await leave(work, context)
        let result = ObjectResult(
            source: work.object.source,
            outcome: fault == nil ? .converted : .faulty,
            rows: tally.rows,
            rejectedRows: tally.rejectedRows,
            firstRejects: sum.firstRejects,
            fault: fault
        )
        context.logger.info(result.outcome.title, metadata: result.metadata)
        return Response(
            objects: [result],
            members: [
                ("outcome", JSONWriter.string(result.outcome.rawValue)), ("messages", "\(tally.messages)"),
                ("rows", "\(tally.rows)"), ("rejected", "\(tally.rejectedRows)"),
            ] + result.rejectMembers
        )
    }
}
