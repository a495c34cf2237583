/// How long a command waits for messages that do not come.
struct IdleTimeout {
    /// Nil: forever.
    private let limit: Int?
    private let clock = ContinuousClock()
    private var lastArrival: ContinuousClock.Instant

    /// Waits for that many seconds, from now and from each arrival on.
    init(seconds limit: Int?) {
        self.limit = limit
        lastArrival = clock.now
    }

    /// Something came.
    mutating func noteArrival() { lastArrival = clock.now }

    var isOver: Bool { limit.map { clock.now - lastArrival >= .seconds($0) } ?? false }

    /// Whole seconds that a queue, which waits for 20 at most, is to wait for a message.
    var nextWait: Int {
        guard let limit else { return 20 }
        return min(20, max(0, limit - Int((clock.now - lastArrival).components.seconds)))
    }
}
