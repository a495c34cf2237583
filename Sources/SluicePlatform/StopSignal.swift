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

    /// Whether a stop was requested.
    package var isRequested: Bool {
        state.withLock { state in
            if case .stopped = state { true } else { false }
        }
    }

    /// Returns the result of `wait`, or nil if a stop was requested before, or ended the wait. One task at a time may wait.
    ///
    /// - Parameter grace: How long a wait may still go on after the request before it is cancelled. Its result is returned if it
    ///   has one by then.
    package func unlessStopped<Value: Sendable, Failure: Error>(
        grace: Duration = .zero,
        _ wait: @escaping @Sendable () async throws(Failure) -> Value
    ) async throws(Failure) -> Value? {
        if isRequested { return nil }
        let task = Task.of(wait)
        let isWaiting = begin {
            if grace == .zero { return task.cancel() }
            Task {
                try? await Task.sleep(for: grace)
                task.cancel()
            }
        }
        guard isWaiting else {
            task.cancel()
            return nil
        }
        let result = await task.valueCancelledWithCaller
        let isStopped = !end()
        do throws(Failure) { return try result.get() } catch {
            // A wait that was ended may throw any error.
            if isStopped { return nil }
            throw error
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
    private func end() -> Bool {
        state.withLock { state in
            if case .stopped = state { return false }
            state = .running
            return true
        }
    }
}
