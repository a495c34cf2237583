import SluiceEngine
import Synchronization

/// A queue that takes the messages of one object.
///
/// A consumer that has an input's last message (``Message/isLast``) relies on all others being in the queue. So that message
/// must be sent only after every message before it was confirmed.
package protocol MessageQueue: Sendable {
    /// Takes a message, and returns when there is room for another.
    ///
    /// The queue may keep the message to send it with others, and may send it while later ones are made. If that fails, a
    /// later call throws the error.
    func send(_ message: Message) async throws

    /// Returns when all messages have been delivered.
    func flush() async throws
}

/// Counts of what was delivered; queues add to them, reports read them.
package final class DeliveryMeter: Sendable {
    private let messageCount = Atomic<UInt64>(0)
    private let batchCount = Atomic<UInt64>(0)
    private let retryCount = Atomic<UInt64>(0)
    private let byteCount = Atomic<UInt64>(0)

    package init() {}

    package var messages: UInt64 { messageCount.load(ordering: .relaxed) }
    package var batches: UInt64 { batchCount.load(ordering: .relaxed) }
    package var retries: UInt64 { retryCount.load(ordering: .relaxed) }
    /// The size of the messages in bytes, as SQS counts it.
    package var bytes: UInt64 { byteCount.load(ordering: .relaxed) }

    /// Counts a batch, or a part of one, that was delivered.
    package func addBatch(messages: Int, bytes: Int) {
        batchCount.wrappingAdd(1, ordering: .relaxed)
        messageCount.wrappingAdd(UInt64(messages), ordering: .relaxed)
        byteCount.wrappingAdd(UInt64(bytes), ordering: .relaxed)
    }

    /// Counts a request that was sent again.
    package func addRetry() { retryCount.wrappingAdd(1, ordering: .relaxed) }
}
