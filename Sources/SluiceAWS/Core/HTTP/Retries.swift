import Logging

/// The attempts at one operation, and whether and when it may be retried.
package struct Retries: Sendable {
    let backoff: Backoff
    let budget: RetryBudget
    let logger: Logger
    let observer: (@Sendable (AWSError) -> Void)?
    private var attempts = 0

    init(
        backoff: Backoff,
        budget: RetryBudget,
        logger: Logger,
        observer: (@Sendable (AWSError) -> Void)?
    ) {
        self.backoff = backoff
        self.budget = budget
        self.logger = logger
        self.observer = observer
    }

    /// Waits until the operation may be retried. Throws `failure` if it may not.
    package mutating func wait(after failure: AWSError) async throws(AWSError) {
        attempts += 1
        let mayPass = failure.kind == .busy || failure.kind == .unreachable || ErrorReply.isExpired(failure.code)
        guard mayPass, attempts < backoff.attempts, budget.pay() else { throw failure }
        logger.debug("trying again", metadata: ["error": "\(failure)", "attempt": "\(attempts)"])
        observer?(failure)
        do { try await Task.sleep(for: backoff.delay(before: attempts)) } catch {
            throw AWSError(
                .cancelled,
                service: failure.service,
                operation: failure.operation,
                code: "cancelled",
                message: "cancelled while waiting to try again: \(failure.message)"
            )
        }
    }
}
