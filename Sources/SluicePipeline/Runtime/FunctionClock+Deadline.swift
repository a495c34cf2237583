/// The end of an invocation's time, when the platform ends the process without notice.
struct Deadline {
    private let end: ContinuousClock.Instant
    private let clock: any FunctionClock

    init(_ end: ContinuousClock.Instant, _ clock: any FunctionClock) {
        self.end = end
        self.clock = clock
    }

    /// Does `work`. Shortly before the deadline cancels it and throws, while there is still time to report the failure.
    func limit<Result: Sendable>(_ work: @escaping @Sendable () async throws -> Result) async throws -> Result {
        let left = end - clock.now
        // Reporting the failure takes milliseconds, but a process that has a fraction of a processor may be late.
        let margin = min(.seconds(1), left / 10)
        let clock = clock
        return try await withThrowingTaskGroup(of: Result.self) { group in
            group.addTask(operation: work)
            group.addTask {
                try await clock.sleep(until: end - margin)
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
