/// How fast segments are converted, and so whether there is time for another.
struct DeadlinePacer {
    private let deadline: ContinuousClock.Instant
    private let clock: any FunctionClock
    private var last: ContinuousClock.Instant
    private var slowest: Duration = .zero

    init(until deadline: ContinuousClock.Instant, _ clock: any FunctionClock) {
        self.deadline = deadline
        self.clock = clock
        last = clock.now
    }

    /// A segment is done.
    mutating func note() {
        let now = clock.now
        slowest = max(slowest, now - last)
        last = now
    }

    /// Another segment as slow as the slowest so far might not be done in time, and what is to be said at the end.
    var isShort: Bool { deadline - clock.now < slowest * 1.5 + .seconds(2) }

    /// How long the right to work on the object should last.
    var lease: Duration { max(Lease.usualLease, slowest * 3) }
}
