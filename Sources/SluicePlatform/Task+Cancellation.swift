extension Task where Failure == Never {
    /// The task's value. Cancelling the caller cancels the task too.
    package var valueCancelledWithCaller: Success {
        get async {
            await withTaskCancellationHandler {
                await value
            } onCancel: {
                cancel()
            }
        }
    }

    /// Starts work that may fail. The value is its result, since tasks have no typed errors.
    package static func of<Value: Sendable, Fault: Error>(
        _ work: @escaping @Sendable () async throws(Fault) -> Value
    ) -> Self where Success == Result<Value, Fault> {
        Task {
            do throws(Fault) { return .success(try await work()) } catch { return .failure(error) }
        }
    }
}
