import SluiceTesting

/// Runs all tasks of a story on one thread, one job at a time, in an order drawn from the story's seed. Time is a number:
/// when no job is ready, it moves to the moment of the next timer.
///
/// Safe to share between tasks without a lock: it runs these tasks itself, so all its methods are called on the thread that
/// called `run`. Tasks join it by `Task(executorPreference:)`, and their child tasks inherit it.
final class Scheduler: TaskExecutor, @unchecked Sendable {
    /// A task that waits for a moment, or to be woken earlier.
    private final class Sleeper {
        var wake: (() -> Void)?
        init(_ wake: @escaping () -> Void) { self.wake = wake }

        func end() {
            let wake = wake
            self.wake = nil
            wake?()
        }
    }

    private struct Timer {
        let moment: Int64
        /// The timer's place in the order of creation.
        let number: Int
        let sleeper: Sleeper

        func isBefore(_ other: Timer) -> Bool { (moment, number) < (other.moment, other.number) }
    }

    private var random: SplitMix64
    private var ready: [UnownedJob] = []
    /// A binary heap with the earliest timer first.
    private var timers: [Timer] = []
    private var timerCount = 0
    /// Milliseconds since the story began.
    private(set) var time: Int64 = 0
    /// The number of jobs run.
    private(set) var steps = 0

    init(seed: UInt64) { random = SplitMix64(seed: seed) }

    func enqueue(_ job: consuming ExecutorJob) { ready.append(UnownedJob(job)) }

    /// Runs until no job is ready and no timer is set. Returns false if that takes more than `limit` steps.
    func run(limit: Int) -> Bool {
        while steps < limit {
            if !ready.isEmpty {
                let index = ready.count == 1 ? 0 : Int(random.next() % UInt64(ready.count))
                ready.swapAt(index, ready.count - 1)
                steps += 1
                ready.removeLast().runSynchronously(on: asUnownedTaskExecutor())
            } else if let timer = nextTimer() {
                // A timer that was woken earlier does not move the time.
                guard timer.sleeper.wake != nil else { continue }
                time = max(time, timer.moment)
                timer.sleeper.end()
            } else {
                return true
            }
        }
        return false
    }

    /// Performs an action at a moment. Returns a function that performs it at once, unless it has been performed.
    @discardableResult
    func at(_ moment: Int64, _ action: @escaping () -> Void) -> () -> Void {
        let sleeper = Sleeper(action)
        timerCount += 1
        add(Timer(moment: moment, number: timerCount, sleeper: sleeper))
        return { sleeper.end() }
    }

    /// Waits until a moment. Throws if the task is cancelled.
    func wait(until moment: Int64) async throws {
        let holder = Holder()
        try await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
                if Task.isCancelled { return continuation.resume() }
                holder.wake = at(moment) { continuation.resume() }
            }
            try Task.checkCancellation()
        } onCancel: {
            holder.wake?()
        }
    }

    /// Lets a cancellation handler wake the task. The handler may run before there is a sleeper; all runs on one thread.
    private final class Holder: @unchecked Sendable {
        var wake: (() -> Void)?
    }
}

extension Scheduler {
    private func add(_ timer: Timer) {
        timers.append(timer)
        var child = timers.count - 1
        while child > 0, timers[child].isBefore(timers[(child - 1) / 2]) {
            timers.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    private func nextTimer() -> Timer? {
        guard let first = timers.first else { return nil }
        let last = timers.removeLast()
        guard !timers.isEmpty else { return first }
        timers[0] = last
        var parent = 0
        while true {
            var child = 2 * parent + 1
            guard child < timers.count else { return first }
            if child + 1 < timers.count, timers[child + 1].isBefore(timers[child]) { child += 1 }
            guard timers[child].isBefore(timers[parent]) else { return first }
            timers.swapAt(child, parent)
            parent = child
        }
    }
}
