/// Reads messages from queues.
package protocol RemoteQueueProvider: Sendable {
    /// Has the proof tried on a queue's messages, and says whether it holds.
    func verify(_ queue: String, timeout: Int, deletes: Bool, _ proof: Proof) throws(Failure) -> Bool
}

/// Which queues a command can read: none, but for a command that knows of some.
package enum RemoteQueues {
    /// Set around the whole command by whoever can read queues.
    @TaskLocal package static var current: (any RemoteQueueProvider)?
}
