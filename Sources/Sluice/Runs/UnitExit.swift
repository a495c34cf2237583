import SluiceCSV
import SluiceJSON

/// Where units leave a parallel run, in order: hands their rows to the consumer.
///
/// Each unit was converted from a state that was inferred. What the last unit's thread really came to, the next record's
/// offset and number, must be where this unit's thread began. If it is not (a lenient dialect, and a quote in a plain
/// field), this unit's rows are thrown away and the rest of the file is converted in order from the true state.
///
/// One thread uses it at a time.
final class UnitExit<Consumer: RowConsumer> {
    private let file: MappedFile
    private let plan: RunPlan
    private let keys: KeyTable
    private var consumer: Consumer
    private var position: Int
    private var number: UInt64
    private var lines: LineFinder
    /// Set once no further unit is to be delivered.
    private var result: Result<Void, SluiceError>?

    init(_ file: MappedFile, plan: RunPlan, keys: KeyTable, consumer: Consumer, from start: RecordPosition) {
        self.file = file
        self.plan = plan
        self.keys = keys
        self.consumer = consumer
        position = Int(start.offset)
        number = start.number
        lines = LineFinder(plan.recipe.dialect, plan.recipe.kernel, window: file.window)
        plan.meter?.addInput(bytes: start.offset, records: number - 1)
    }

    var isOver: Bool { result != nil }

    /// The next record; the line is 0 where nobody keeps it.
    private func entry() -> RecordPosition {
        let line = Consumer.keepsPlaces ? lines.line(of: UInt64(position)) ?? 0 : 0
        return RecordPosition(offset: UInt64(position), number: number, line: line)
    }

    /// Delivers a unit that is converted.
    func deliver(_ rows: UnitRows<Consumer.Part>) {
        deliver(rows) { () throws(SluiceError) in try consumer.take(rows.buffer, &lines, in: file.window) }
    }

    /// Delivers a unit whose rows so far fill the pump's buffer, and converts the rest of it.
    func deliver(_ rows: UnitRows<Consumer.Part>, with pump: inout RowPump) {
        deliver(rows) { () throws(SluiceError) in
            while true {
                try consumer.take(pump.buffer, &lines, in: file.window)
                pump.clearBuffer()
                guard case .full = rows.pause else { return }
                rows.goOn(with: &pump, &lines)
            }
        }
    }

    private func deliver(_ rows: UnitRows<Consumer.Part>, _ takeRows: () throws(SluiceError) -> Void) {
        guard result == nil else { return }
        guard isEntered(rows) else {
            result = convertRest()
            return
        }
        guard rows.first != nil else { return }
        lines.know(rows.lines.lowerBound, of: UInt64(rows.range.lowerBound))
        do throws(SluiceError) {
            if let part = rows.part {
                rows.part = nil
                try consumer.adopt(part)
            }
            try takeRows()
            try finishUnit(rows)
        } catch {
            result = .failure(error)
        }
    }

    /// Whether the unit's thread began where the thread before it ended.
    private func isEntered(_ rows: UnitRows<Consumer.Part>) -> Bool {
        guard let first = rows.first else { return position >= rows.range.upperBound }
        return position == Int(first.offset) && number == first.number
    }

    private func finishUnit(_ rows: UnitRows<Consumer.Part>) throws(SluiceError) {
        plan.meter?.addInput(bytes: UInt64(rows.end.position - position), records: rows.end.number - number)
        (position, number) = rows.end
        if !rows.repairs.isEmpty { consumer.note(rows.repairs) }
        if case .failed(let found) = rows.pause {
            let error = lines.placed(found)
            try consumer.abort(error, at: UInt64(position), in: file.window)
            throw .badData(error)
        }
        if case .noMemory = rows.pause { throw .outOfMemory }
        lines.know(rows.lines.upperBound, of: UInt64(rows.range.upperBound))
        if position / plan.segmentSize > rows.range.lowerBound / plan.segmentSize {
            try consumer.endSegment(before: entry(), in: file.window)
        }
    }

    /// Converts everything from here on in order, from the true state.
    private func convertRest() -> Result<Void, SluiceError> {
        var rest = RowPump(plan.recipe, window: file.window, keys: keys)
        rest.move(to: position, number: number)
        var run = SequentialRun(rest, consumer: consumer, segmentSize: plan.segmentSize, meter: plan.meter)
        let result = Result { () throws(SluiceError) in _ = try run.advance() }
        consumer = run.consumer
        return result
    }

    /// Returns, behind the last unit, the consumer and why the conversion ended early.
    func finish() -> (consumer: Consumer, error: SluiceError?) {
        let result =
            result
            ?? Result { () throws(SluiceError) in
                try consumer.endSegment(before: entry(), in: file.window)
                try consumer.finish(size: UInt64(position))
            }
        if case .failure(let error) = result { return (consumer, error) }
        return (consumer, nil)
    }
}
