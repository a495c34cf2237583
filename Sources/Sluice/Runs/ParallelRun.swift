import Dispatch
import SluiceCSV
import SluiceJSON
import Synchronization

/// A conversion of a mapped file by several threads, with the same rows to the same consumer as a sequential one.
///
/// The file is cut into units. A thread takes the next one and goes through two turnstiles, the only places where
/// threads wait for each other:
///
///     summarize the unit                       in parallel, and brings it into the cache
///     entry:   take the state, add the summary   in order, nanoseconds
///     convert the unit's records into a buffer in parallel, and what its consumer can make of them out of turn
///     exit:    hand the rows to the consumer     in order
///
/// A thread holds one unit and one buffer, so memory is threads × a constant.
///
/// The entry state supposes that quotes stand where RFC 4180 allows them. The exit checks it: what the last unit's thread
/// really came to, the next record's offset and number, must be where this unit's thread began. If it is not (a lenient
/// dialect, and a quote in a plain field), this unit's rows are thrown away and the rest of the file is converted in
/// order from the true state.
final class ParallelRun<Consumer: RowConsumer>: @unchecked Sendable {
    // Sendable because of who touches what: `entry` only inside the entry turnstile, `exit` only inside the exit
    // turnstile, everything else is constant.

    /// What is known at the exit: the state behind all units that left.
    private struct Exit {
        var consumer: Consumer
        var position: Int
        var number: UInt64
        /// Set once no further unit is to be delivered.
        var result: Result<Void, SluiceError>?
    }

    private let file: MappedFile
    private let recipe: RowPump.Recipe
    private let keys: KeyTable
    private let units: Units
    private let segmentSize: Int
    /// The consumer as it was at the start, to make parts with.
    private let template: Consumer
    private let meter: Meter?
    private let entryTurn = Turnstile()
    private let exitTurn = Turnstile()
    private let tickets = Tickets()
    private var entry: EntryState
    private var exit: Exit

    /// Starts where `run` has come to, which must be behind the header.
    init(
        _ file: MappedFile,
        recipe: RowPump.Recipe,
        keys: KeyTable,
        position: Int,
        number: UInt64,
        consumer: Consumer,
        unitSize: Int,
        segmentSize: Int,
        meter: Meter?
    ) {
        self.file = file
        self.recipe = recipe
        self.keys = keys
        self.segmentSize = segmentSize
        template = consumer
        self.meter = meter
        meter?.addInput(bytes: UInt64(position), records: number - 1)
        units = Units(start: position, end: file.count, size: unitSize)
        entry = EntryState(recordStart: UInt64(position), number: number)
        exit = Exit(consumer: consumer, position: position, number: number)
    }

    /// Converts with that many threads. Returns, when all are done, the consumer and why the conversion ended early.
    func run(threads: Int) -> (consumer: Consumer, error: SluiceError?) {
        let group = DispatchGroup()
        for thread in 0..<max(1, threads) {
            DispatchQueue(label: "sluice.\(thread)").async(group: group) { self.convertUnits() }
        }
        group.wait()
        if case .failure(let error) = exit.result ?? finish() { return (exit.consumer, error) }
        return (exit.consumer, nil)
    }

    private func finish() -> Result<Void, SluiceError> {
        Result { () throws(SluiceError) in
            try exit.consumer.endSegment(spanEnd: UInt64(exit.position))
            try exit.consumer.finish(size: UInt64(exit.position))
        }
    }

    private func convertUnits() {
        var pump = RowPump(recipe, window: file.window, keys: keys)
        while let unit = tickets.next(below: units.count) {
            let range = units.range(unit)
            let summary = summarize(range)
            let state = entryTurn.pass(unit) {
                defer { entry = entry.after(summary) }
                return entry
            }
            convertUnit(unit, range, from: state.firstRecord(in: summary), with: &pump)
            exitTurn.advance()
        }
    }

    private func summarize(_ range: Range<Int>) -> Summary {
        let window = file.window
        let next = range.upperBound < window.count ? window.base[range.upperBound] : nil
        return Summary(
            window.base + range.lowerBound,
            count: range.count,
            next: next,
            dialect: recipe.dialect,
            kernel: recipe.kernel
        )
    }

    /// Converts one unit, and returns inside the exit turnstile.
    private func convertUnit(
        _ unit: Int,
        _ range: Range<Int>,
        from first: (start: UInt64, number: UInt64)?,
        with pump: inout RowPump
    ) {
        var part: Consumer.Part?
        var pause = RowPump.Pause.end
        if let first {
            pump.clearBuffer()
            pump.move(to: Int(first.start), number: first.number)
            pause = pump.run(limit: range.upperBound)
            part = template.part(spanStart: unit == 0 ? nil : first.start)
            fill(&part, &pause, &pump, limit: range.upperBound)
        }
        exitTurn.wait(for: unit)
        guard exit.result == nil else { return }
        if isEntered(range, from: first) {
            exit.result = first == nil ? nil : deliver(range, part, &pause, &pump)
        } else {
            exit.result = convertRest()
        }
        if exit.result != nil { tickets.close() }
    }

    /// Goes on with a unit before its turn, as long as its rows can be put somewhere.
    private func fill(_ part: inout Consumer.Part?, _ pause: inout RowPump.Pause, _ pump: inout RowPump, limit: Int) {
        while case .full = pause, part?.isFull == false {
            part?.take(pump.buffer)
            pump.clearBuffer()
            pause = pump.run(limit: limit)
        }
    }

    /// Whether the unit's thread began where the thread before it ended.
    private func isEntered(_ range: Range<Int>, from first: (start: UInt64, number: UInt64)?) -> Bool {
        guard let first else { return exit.position >= range.upperBound }
        return exit.position == Int(first.start) && exit.number == first.number
    }

    private func deliver(
        _ range: Range<Int>,
        _ part: Consumer.Part?,
        _ pause: inout RowPump.Pause,
        _ pump: inout RowPump
    ) -> Result<Void, SluiceError>? {
        do throws(SluiceError) {
            if let part { try exit.consumer.adopt(part) }
            while true {
                try exit.consumer.take(pump.buffer)
                pump.clearBuffer()
                guard case .full = pause else { break }
                pause = pump.run(limit: range.upperBound)
            }
            let (position, number) = (pump.tokenizer.position, pump.tokenizer.tile.number)
            meter?.addInput(bytes: UInt64(position - exit.position), records: number - exit.number)
            if case .failed(let error) = pause {
                try exit.consumer.abort(error, at: UInt64(position))
                throw .badData(error)
            }
            (exit.position, exit.number) = (position, number)
            if exit.position / segmentSize > range.lowerBound / segmentSize {
                try exit.consumer.endSegment(spanEnd: UInt64(exit.position))
            }
            return nil
        } catch {
            return .failure(error)
        }
    }

    /// Converts everything behind the exit in order, from the true state.
    private func convertRest() -> Result<Void, SluiceError> {
        var rest = RowPump(recipe, window: file.window, keys: keys)
        rest.move(to: exit.position, number: exit.number)
        var run = SequentialRun(rest, consumer: exit.consumer, segmentSize: segmentSize, meter: meter)
        let result = Result { () throws(SluiceError) in _ = try run.advance() }
        exit.consumer = run.consumer
        return result
    }
}

/// The units of a file: its bytes from `start` to `end`, cut at the multiples of `size`.
struct Units {
    let start: Int
    let end: Int
    let size: Int

    var count: Int { start < end ? (end - 1) / size - start / size + 1 : 0 }

    func range(_ unit: Int) -> Range<Int> {
        let first = (start / size + unit) * size
        return max(start, first)..<min(end, first + size)
    }
}

/// Hands out 0, 1, 2… to many threads, until there are enough or it is closed.
private final class Tickets: Sendable {
    private let value = Atomic(0)
    private let isClosed = Atomic(false)

    func next(below count: Int) -> Int? {
        if isClosed.load(ordering: .relaxed) { return nil }
        let ticket = value.wrappingAdd(1, ordering: .relaxed).oldValue
        return ticket < count ? ticket : nil
    }

    func close() { isClosed.store(true, ordering: .relaxed) }
}
