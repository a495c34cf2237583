/// A limit on how long a command waits for further messages.
struct IdleTimeout {
    /// The limit in seconds; nil for no limit.
    private let limit: Int?
    private let clock = ContinuousClock()
    private var lastArrival: ContinuousClock.Instant

    /// Creates a timeout that restarts at each arrival.
    init(seconds limit: Int?) {
        self.limit = limit
        lastArrival = clock.now
    }

    /// Notes that something arrived.
    mutating func noteArrival() { lastArrival = clock.now }

    var isOver: Bool { limit.map { clock.now - lastArrival >= .seconds($0) } ?? false }

    /// How many whole seconds the next request should wait for a message; at most 20, the limit of SQS.
    var nextWait: Int {
        guard let limit else { return 20 }
        return min(20, max(0, limit - Int((clock.now - lastArrival).components.seconds)))
    }
}
