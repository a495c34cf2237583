/// Reads messages from queues.
package protocol RemoteQueueProvider: Sendable {
    /// Has the proof tried on a queue's messages, and says whether it holds.
    func verify(_ queue: String, _ reading: QueueReading, _ proof: Verifier) throws(Failure) -> Bool
}

/// How a queue is read.
package struct QueueReading: Sendable, Hashable {
    /// Seconds without a message after which there are no more.
    package var timeout: Int
    /// Whether the messages are deleted if the proof holds.
    package var deletes: Bool
    package var bounds: BodyBounds
}

/// Which queues a command can read: none, but for a command that knows of some.
package enum RemoteQueues {
    /// Set around the whole command by whoever can read queues.
    @TaskLocal package static var current: (any RemoteQueueProvider)?
}
