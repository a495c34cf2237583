import Synchronization

/// The delay before a retry: a random time up to a bound that doubles ("full jitter"), so that many clients that failed
/// together do not retry together.
package struct Backoff: Sendable, Hashable {
    package var first: Duration = .milliseconds(100)
    package var longest: Duration = .seconds(10)
    /// The most attempts for one request, including the first.
    package var attempts = 8

    package init() {}

    /// Returns the delay after `attempt` attempts, which must be at least 1.
    package func delay(before attempt: Int) -> Duration {
        let bound = min(longest, first * Double(1 << min(attempt - 1, 20)))
        return bound * Double.random(in: 0...1)
    }
}

/// A client's budget for retries, which keeps it from doubling the load on a service that is down.
///
/// It starts at 500 tokens, which is also the most it holds. A retry costs 5, a successful answer returns 1.
package final class RetryBudget: Sendable {
    private let tokens: Mutex<Int>
    private let capacity: Int

    package init(capacity: Int = 500) {
        self.capacity = capacity
        tokens = Mutex(capacity)
    }

    /// Pays for a retry. Returns false if too few tokens are left.
    package func pay() -> Bool {
        tokens.withLock { tokens in
            guard tokens >= 5 else { return false }
            tokens -= 5
            return true
        }
    }

    package func earn() { tokens.withLock { $0 = min(capacity, $0 + 1) } }
}
