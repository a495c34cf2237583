import Synchronization

/// A request to stop. It ends waiting but does not interrupt work.
package final class StopSignal: Sendable {
    private enum State {
        case running
        /// The closure ends the wait.
        case waiting(@Sendable () -> Void)
        case stopped
    }

    private let state = Mutex(State.running)

    package init() {}

    /// Requests a stop. May be called at any time and more than once.
    package func request() {
        let endWait: (@Sendable () -> Void)? = state.withLock { state in
            defer { state = .stopped }
            if case .waiting(let endWait) = state { return endWait }
            return nil
        }
        endWait?()
    }

    /// Returns the result of `wait`. Returns nil if a stop was requested before, or is requested during the wait.
    package func unlessStopped<Result: Sendable>(
        _ wait: @escaping @Sendable () async throws -> Result
    ) async throws -> Result? {
        if isStopped { return nil }
        let task = Task { try await wait() }
        guard begin({ task.cancel() }) else {
            task.cancel()
            return nil
        }
        do {
            let result = try await task.value
            end()
            return result
        } catch {
            // A wait that was ended may throw any error.
            if end() { throw error }
            return nil
        }
    }

    private var isStopped: Bool {
        state.withLock { state in
            if case .stopped = state { true } else { false }
        }
    }

    private func begin(_ endWait: @escaping @Sendable () -> Void) -> Bool {
        state.withLock { state in
            if case .stopped = state { return false }
            state = .waiting(endWait)
            return true
        }
    }

    /// Ends the wait. Returns whether no stop was requested.
    @discardableResult
    private func end() -> Bool {
        state.withLock { state in
            if case .stopped = state { return false }
            state = .running
            return true
        }
    }
}
