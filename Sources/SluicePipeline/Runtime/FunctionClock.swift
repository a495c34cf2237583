import SluicePlatform

/// The time, and waiting for it. The function takes both only from here, so that tests can control them.
package protocol FunctionClock: Sendable {
    /// The present moment, for measuring durations.
    var now: ContinuousClock.Instant { get }

    /// Milliseconds since 1970. The clocks of other invocations may be ahead or behind.
    var millisecondsSinceEpoch: Int64 { get }

    /// Returns at `moment`, or throws as soon as the task is cancelled.
    func sleep(until moment: ContinuousClock.Instant) async throws
}

/// The machine's clock.
package struct SystemClock: FunctionClock {
    package init() {}

    package var now: ContinuousClock.Instant { .now }

    package var millisecondsSinceEpoch: Int64 { System.millisecondsSinceEpoch }

    package func sleep(until moment: ContinuousClock.Instant) async throws {
        try await ContinuousClock().sleep(until: moment)
    }
}
