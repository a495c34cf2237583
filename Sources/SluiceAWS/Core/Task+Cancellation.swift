extension Task where Failure == Never {
    /// The task's value. Cancelling the caller cancels the task too.
    var valueCancelledWithCaller: Success {
        get async {
            await withTaskCancellationHandler {
                await value
            } onCancel: {
                cancel()
            }
        }
    }
}
