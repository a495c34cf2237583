import Dispatch

/// Runs an actor whose methods block, such as on a pipe, on a thread of its own: those that run tasks are as few as the
/// processors.
final class ThreadExecutor: SerialExecutor {
    private let queue = DispatchQueue(label: "sluice.actor")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let executor = asUnownedSerialExecutor()
        queue.async { job.runSynchronously(on: executor) }
    }
}
