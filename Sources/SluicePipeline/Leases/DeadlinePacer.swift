/// Measures how fast segments are converted, to decide whether there is time for another.
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

    /// Notes that a segment was converted.
    mutating func note() {
        let now = clock.now
        slowest = max(slowest, now - last)
        last = now
    }

    /// Whether there may be too little time for another segment, as slow as the slowest so far, and the report at the end.
    var isShort: Bool { deadline - clock.now < slowest * 1.5 + .seconds(2) }

    /// How long the lease should last.
    var leaseDuration: Duration { max(Lease.usualDuration, slowest * 3) }
}
