import SluiceSystem

/// What time it is and how to wait: the only place from which the function takes either, so that a test can give it any time.
package protocol FunctionClock: Sendable {
    /// A moment to measure durations by.
    var now: ContinuousClock.Instant { get }

    /// Milliseconds since 1970, as other invocations tell the time; their clocks may be ahead or behind.
    var millisecondsSinceEpoch: Int64 { get }

    /// Returns at that moment, or throws as soon as the task is cancelled.
    func sleep(until moment: ContinuousClock.Instant) async throws
}

/// The time of the machine.
package struct SystemClock: FunctionClock {
    package init() {}

    package var now: ContinuousClock.Instant { .now }

    package var millisecondsSinceEpoch: Int64 { System.millisecondsSinceEpoch }

    package func sleep(until moment: ContinuousClock.Instant) async throws {
        try await ContinuousClock().sleep(until: moment)
    }
}
