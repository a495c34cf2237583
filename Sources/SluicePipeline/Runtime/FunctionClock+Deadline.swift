extension FunctionClock {
    /// Does an invocation's work. Shortly before the deadline, when the platform ends the process without notice, cancels it
    /// and throws, while there is still time to report the failure.
    func limit<Result: Sendable>(
        until deadline: ContinuousClock.Instant,
        _ work: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        let left = deadline - now
        // Reporting the failure takes milliseconds, but a process that has a fraction of a processor may be late.
        let margin = min(.seconds(1), left / 10)
        return try await withThrowingTaskGroup(of: Result.self) { group in
            group.addTask(operation: work)
            group.addTask {
                try await sleep(until: deadline - margin)
                throw FunctionError(
                    .deadline,
                    "the invocation ran out of time, of which it had \(left) at the start; the retry sends again what "
                        + "was sent; give the function more time, or more memory, which comes with a faster processor"
                )
            }
            defer { group.cancelAll() }
            guard let result = try await group.next() else { throw CancellationError() }
            return result
        }
    }
}
