import SluiceCSV
import SluiceJSON
import SluiceSystem
import Synchronization

/// A conversion of a mapped file by several threads, with the same rows to the same consumer as a sequential one.
///
/// The file is cut into units. For each, a thread does this:
///
///     summarize the unit                         in parallel, and brings it into the cache
///     take the state, add the summary            in order, nanoseconds
///     convert the unit's records into a buffer   in parallel, and what its consumer can make of them out of turn
///     hand the rows to the consumer              in order, by whichever thread completes the next unit
///
/// A thread fills one buffer and may have left another, so memory is threads × a constant. A unit whose rows do not fit a
/// buffer waits for its turn with what it has.
///
/// The thread that calls works too, and nothing waits for a thread that has not started: where the system gives fewer threads
/// than were asked for, or none, or no memory for what they work with, those that there are do the work.
///
/// The entry state supposes that quotes stand where RFC 4180 allows them. ``UnitExit`` checks it.
final class ParallelRun<Consumer: RowConsumer>: @unchecked Sendable {
    // Sendable because `entry` is only touched inside the turnstile, and `exit` only by the thread that delivers;
    // everything else is constant.

    private let file: MappedFile
    private let recipe: RowPump.Recipe
    private let keys: KeyTable
    private let units: Units
    private let threads: Int
    /// The consumer as it was at the start, to make parts with.
    private let template: Consumer
    private let turnstile: Turnstile
    private let delivery: OrderedDelivery<UnitRows<Consumer.Part>>
    private let tickets = Tickets()
    private var entry: EntryState
    private let exit: UnitExit<Consumer>

    /// Starts at the record behind the header, whose place and number are given.
    init(
        _ file: MappedFile,
        plan: RunPlan,
        keys: KeyTable,
        from start: RecordPosition,
        consumer: Consumer
    ) {
        self.file = file
        self.keys = keys
        recipe = plan.recipe
        threads = min(max(1, plan.threads), 1024)
        template = consumer
        units = Units(start: Int(start.offset), end: file.count, size: plan.unitSize)
        turnstile = Turnstile(threads: threads)
        delivery = OrderedDelivery(capacity: 2 * threads)
        entry = EntryState(start)
        exit = UnitExit(file, plan: plan, keys: keys, consumer: consumer, from: start)
    }

    /// Returns, when all threads are done, the consumer and why the conversion ended early.
    func run() -> (consumer: Consumer, error: SluiceError?) {
        var helpers: [SystemThread] = []
        // This thread takes its memory first: what becomes of the others, it can go on, or finds out why not.
        var tools = Tools(self)
        let isReady = tools.reserve()
        while isReady, helpers.count < threads - 1, let helper = SystemThread.start({ self.help() }) {
            helpers.append(helper)
        }
        convertUnits(with: &tools)
        for helper in helpers { helper.join() }
        return exit.finish()
    }

    /// What a thread works with.
    private struct Tools: ~Copyable {
        var pump: RowPump
        var lines: LineFinder
        let pieces: [UnitRows<Consumer.Part>]

        init(_ run: borrowing ParallelRun) {
            let recipe = run.recipe
            pump = RowPump(recipe, window: run.file.window, keys: run.keys)
            lines = LineFinder(recipe.dialect, recipe.kernel, window: run.file.window)
            pieces = (0..<2).map { _ in UnitRows(recipe.bufferSize, isMarked: recipe.needsMarks) }
        }

        /// Takes the memory for usual records. False: there is none.
        mutating func reserve() -> Bool { pump.reserve() && pieces.allSatisfy { $0.reserve() } }
    }

    private func help() {
        var tools = Tools(self)
        if tools.reserve() { convertUnits(with: &tools) }
    }

    private func convertUnits(with tools: inout Tools) {
        for piece in tools.pieces { delivery.add(piece) }
        while let rows = delivery.obtain() {
            guard let unit = tickets.next(below: units.count) else { return delivery.giveBack(rows) }
            rows.range = units.range(unit)
            let summary = summarize(rows.range)
            let state = turnstile.pass(unit) {
                defer { entry = entry.after(summary) }
                return entry
            }
            rows.first = state.firstRecord(in: summary)
            rows.lines = state.line..<state.line + UInt64(summary.lineEnds)
            tools.lines.know(state.line, of: UInt64(rows.range.lowerBound))
            convert(unit, rows, with: &tools.pump, &tools.lines)
            releasePages(behind: units.range(unit))
        }
    }

    /// Gives pages back when a unit ends 16 MiB: those of the 16 MiB before, which nobody reads any more, or only a unit that
    /// is late and gets them again. If that were left to the end, one thread would do all of it; with every unit, the
    /// threads would interrupt each other too often.
    private func releasePages(behind unit: Range<Int>) {
        let size = 1 << 24
        let end = unit.upperBound / size * size
        if unit.lowerBound < end, end >= 2 * size { file.release(end - 2 * size..<end - size) }
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

    private func convert(
        _ unit: Int,
        _ rows: UnitRows<Consumer.Part>,
        with pump: inout RowPump,
        _ lines: inout LineFinder
    ) {
        rows.part = rows.first.flatMap { template.part(spanStart: unit == 0 ? nil : $0.offset) }
        rows.convert(with: &pump, &lines)
        if case .full = rows.pause {
            delivery.submitInTurn(rows, number: unit, deliver: deliver) { rows in
                exit.deliver(rows, with: &pump)
                if exit.isOver { tickets.close() }
            }
        } else {
            rows.takeBuffer(of: &pump)
            delivery.submit(rows, number: unit, deliver: deliver)
        }
    }

    private func deliver(_ rows: UnitRows<Consumer.Part>) {
        exit.deliver(rows)
        if exit.isOver { tickets.close() }
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
