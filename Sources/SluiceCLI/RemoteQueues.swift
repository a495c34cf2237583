/// Reads messages from queues.
package protocol RemoteQueueProvider: Sendable {
    /// Verifies a queue's messages, and returns whether they are complete.
    func verify(_ queue: String, _ reading: QueueReading, _ verifier: Verifier) throws(Failure) -> Bool
}

/// Options for reading a queue.
package struct QueueReading: Sendable, Hashable {
    /// The seconds without a message after which the queue counts as empty.
    package var timeout: Int
    /// Whether to delete the messages if they are complete.
    package var deletes: Bool
    package var bounds: BodyBounds
}

/// The provider of queues; nil unless the program has one.
package enum RemoteQueues {
    /// The program that can read queues sets it for the whole command.
    @TaskLocal package static var current: (any RemoteQueueProvider)?
}
