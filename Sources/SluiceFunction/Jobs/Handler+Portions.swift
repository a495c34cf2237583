import Logging
import Sluice
import SluiceCSV
import SluiceJSON

/// Portions into messages, and the last word on all of them.
extension Handler {
    /// Sends the messages of a portion, and notes what came of it. That it is no CSV is such a result: to try again would
    /// not help.
    func convert(_ plan: Plan, _ portion: Int, _ work: Work) async throws -> Answer {
        let (entry, next) = try await span(of: portion, plan)
        let result =
            entry.offset == next.offset
            ? PortionResult(end: next, tally: MessageTally())
            : try await pack(plan, entry, next, work)
        if result.error == nil, !plan.portions.isContinuous(result.end, next) {
            throw FunctionError(
                .object,
                "portion \(portion) of \(plan.object.source) ends at byte \(result.end.offset), not \(next.offset)"
            )
        }
        try await write(result.json, to: plan.resultName(portion))
        return Answer(members: [("portion", "\(portion)"), ("rows", "\(result.tally.rows)")])
    }

    private func span(of portion: Int, _ plan: Plan) async throws -> (SegmentEntry, SegmentEntry) {
        let entries = try await read(plan.entriesName).elements ?? []
        let found = entries.dropFirst(portion).prefix(2).compactMap { value -> SegmentEntry? in
            guard let numbers = value.elements, numbers.count == 3, let offset = numbers[0].integer,
                let record = numbers[1].integer, let line = numbers[2].integer
            else { return nil }
            return SegmentEntry(offset: offset, record: record, line: line)
        }
        guard found.count == 2 else { throw FunctionError(.object, "\(plan.entriesName) has no portion \(portion)") }
        return (found[0], found[1])
    }

    private func pack(
        _ plan: Plan,
        _ entry: SegmentEntry,
        _ next: SegmentEntry,
        _ work: Work
    ) async throws -> PortionResult {
        var sluice = sluice
        sluice.meter = work.metrics.meter
        let queue = services.queue(configuration.queueURL, meter: work.metrics.delivered)
        let start = Checkpoint(identity: start(of: plan.object).identity, entry: entry, tally: MessageTally())
        let events = sluice.events(
            from: ObjectContent(store(work), plan.object, entry.offset..<next.offset),
            start: start,
            head: try await head(of: plan.object, for: entry, work),
            hasLastWord: false
        )
        var (reached, fault) = (start, CSVError?.none)
        do {
            for try await event in events {
                switch event {
                case .message(let message): try await queue.send(message)
                case .checkpoint(let checkpoint): reached = checkpoint
                }
            }
        } catch SluiceError.badData(let error) {
            fault = error
        }
        try await queue.flush()
        return PortionResult(end: reached.entry, tally: reached.tally, error: fault)
    }

    /// Adds the portions up and sends the manifest; or, if one is at fault, the message that says so, and a report.
    func sendManifest(_ plan: Plan, _ work: Work) async throws -> Answer {
        let results = try await concurrently(plan.portions.count) { portion in
            guard let result = PortionResult(try await self.read(plan.resultName(portion))) else {
                throw FunctionError(.object, "the result of portion \(portion) is damaged")
            }
            return result
        }
        var (tally, end, fault) = (MessageTally(), SegmentEntry.start, CSVError?.none)
        for result in results where fault == nil {
            tally.append(result.tally)
            (end, fault) = (result.end, result.error)
        }
        let last = Checkpoint(identity: start(of: plan.object).identity, entry: end, tally: tally)
        let queue = services.queue(configuration.queueURL, meter: work.metrics.delivered)
        try await queue.send(fault.map { sluice.aborted(at: last, by: $0) } ?? sluice.manifest(at: last))
        try await queue.flush()
        if let fault {
            let place = min(end.offset, fault.offset)
            try await report(Fault(error: fault, recordStart: place), of: plan.object, work)
        }
        let result = ObjectResult(
            source: plan.object.source,
            outcome: fault == nil ? .converted : .faulty,
            rows: tally.rows,
            rejectedRows: tally.rejectedRows,
            fault: fault
        )
        work.logger.info(
            fault == nil ? "converted" : "converted up to the fault",
            metadata: [
                "source": "\(result.source)", "rows": "\(result.rows)", "rejectedRows": "\(result.rejectedRows)",
            ]
        )
        return Answer(
            objects: [result],
            members: [
                ("outcome", JSONText.string(result.outcome.rawValue)), ("messages", "\(tally.messages)"),
                ("rows", "\(tally.rows)"), ("rejected", "\(tally.rejectedRows)"),
            ]
        )
    }
}
