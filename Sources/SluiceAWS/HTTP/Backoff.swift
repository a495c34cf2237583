import Synchronization

/// How long to wait before asking again: a random time up to a bound that doubles ("full jitter"), so that many clients
/// that failed together do not come back together.
package struct Backoff: Sendable, Hashable {
    package var first: Duration = .milliseconds(100)
    package var longest: Duration = .seconds(10)
    /// How often a request is sent at most.
    package var attempts = 8

    package init() {}

    /// The time to wait after that many attempts, at least 1.
    package func delay(before attempt: Int) -> Duration {
        let bound = min(longest, first * Double(1 << min(attempt - 1, 20)))
        return bound * Double.random(in: 0...1)
    }
}

/// What a client may spend on asking again, so that it does not double the load on a service that is down.
///
/// It holds 500 at first and at most; a repetition costs 5, an answer brings 1 back.
package final class RetryBudget: Sendable {
    private let tokens: Mutex<Int>
    private let capacity: Int

    package init(capacity: Int = 500) {
        self.capacity = capacity
        tokens = Mutex(capacity)
    }

    /// Pays for a repetition; false: there is not enough left.
    package func pay() -> Bool {
        tokens.withLock { tokens in
            guard tokens >= 5 else { return false }
            tokens -= 5
            return true
        }
    }

    package func earn() { tokens.withLock { $0 = min(capacity, $0 + 1) } }
}
