import SluicePipeline
import Synchronization

/// A clock that only the test advances.
final class ManualClock: FunctionClock {
    private struct Sleeper {
        let moment: ContinuousClock.Instant
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var now = ManualClock.start
        var milliseconds: Int64 = 1_700_000_000_000
        var sleepers: [Int: Sleeper] = [:]
        var count = 0
    }

    private static let start = ContinuousClock.now
    private let state = Mutex(State())

    var now: ContinuousClock.Instant { state.withLock { $0.now } }

    var millisecondsSinceEpoch: Int64 { state.withLock { $0.milliseconds } }

    /// Advances the clock, and wakes every sleeper whose moment has come.
    func advance(by duration: Duration) {
        let due = state.withLock { state in
            state.now += duration
            state.milliseconds += Int64(duration / .milliseconds(1))
            let due = state.sleepers.filter { $0.value.moment <= state.now }
            for number in due.keys { state.sleepers[number] = nil }
            return due
        }
        for sleeper in due.values { sleeper.continuation.resume() }
    }

    func sleep(until moment: ContinuousClock.Instant) async throws {  // sleeps: until a test says so
        let number = state.withLock { state in
            state.count += 1
            return state.count
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let isDue = state.withLock { state in
                    if state.now >= moment || Task.isCancelled { return true }
                    state.sleepers[number] = Sleeper(moment: moment, continuation: continuation)
                    return false
                }
                if isDue { continuation.resume() }
            }
            try Task.checkCancellation()
        } onCancel: {
            state.withLock { $0.sleepers.removeValue(forKey: number) }?.continuation.resume()
        }
    }

    /// Waits until the task is cancelled.
    func sleepUntilCancelled() async throws {
        try await sleep(until: now + .seconds(1 << 40))  // sleeps: until it is cancelled
    }
}
