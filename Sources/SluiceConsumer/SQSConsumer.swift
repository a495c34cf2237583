public import Logging
public import ServiceLifecycle
public import SluiceAWS
public import SluiceEngine
import SluicePlatform

/// A service that hands the messages of a queue to a closure, and deletes each message that the closure has handled.
///
///     let consumer = SQSConsumer(queue, logger: logger) { message in
///         try await store(message.rows(), from: message.source)
///     }
///     let group = ServiceGroup(services: [consumer], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
///     try await group.run()
///
/// Delivery is at least once and in any order: the closure must expect a message that it has handled before, with the same id.
/// Messages come one at a time. To handle several at a time, give the group the consumer several times.
///
/// A message stays in the queue, and is delivered again after its visibility timeout, if the closure throws. The queue's redrive
/// policy states how often. On a FIFO queue the messages that were received after it stay too, which keeps the order. Messages
/// that are not Sluice's never reach the closure. Both are logged.
///
/// A graceful shutdown lets the closure finish the message that it has. That message is deleted, those that were received and not
/// handled become visible to other consumers at once, and the consumer returns. A cancellation also cancels the closure.
public struct SQSConsumer: Service {
    private let queue: SQSQueue
    private let logger: Logger
    private let use: @Sendable (ReceivedMessage) async throws -> Void

    /// For how many seconds received messages are hidden from other consumers, 3 to 43,200. This is renewed for as long as
    /// handling them takes. So it is the time after which others get the messages of a consumer that has crashed.
    public var visibilityTimeout = 60
    /// The buckets that bodies may be fetched from, which `S3Offload` has put there. By default none: whoever can write to the
    /// queue decides what its messages point to.
    public var offloadBuckets: [String] = []
    /// The most bytes of a body that is fetched.
    public var bodyLimit = 64 << 20

    /// Creates a consumer.
    ///
    /// - Parameters:
    ///   - queue: The queue that messages are received from.
    ///   - logger: Where messages that stay in the queue are logged.
    ///   - use: Handles a message. `rows()` of the message checks its body; what it throws may be thrown on.
    public init(_ queue: SQSQueue, logger: Logger, _ use: @escaping @Sendable (ReceivedMessage) async throws -> Void) {
        self.queue = queue
        self.logger = logger
        self.use = use
    }

    /// Receives messages until it is shut down gracefully or its task is cancelled.
    ///
    /// - Throws: `AWSError` if the queue can't be reached after all retries, or refuses a request.
    public func run() async throws {
        let stop = StopSignal()
        let seconds = min(max(visibilityTimeout, 3), 43_200)
        let receiver = SQSReceiver(queue, hiddenFor: seconds, buckets: offloadBuckets, limit: bodyLimit, self)
        try await withGracefulShutdownHandler {
            try await receiver.run(until: stop)
        } onGracefulShutdown: {
            stop.request()
        }
    }
}

extension SQSConsumer: SQSMessageHandler {
    package func nextWait() -> Int? { 20 }

    package func handle(_ message: SQSReceivedMessage) async -> SQSOutcome {
        guard message.labels != nil else {
            logger.warning("a message is not Sluice's and stays in the queue", metadata: metadata(message))
            return .stays
        }
        do { try await use(message.received) } catch { return leave(message, error) }
        return .done
    }

    package func handle(_ message: SQSReceivedMessage, without error: AWSError) -> SQSOutcome { leave(message, error) }

    package func noteUndeleted(_ messages: [SQSReceivedMessage]) {
        for message in messages {
            logger.warning("a message was handled and will be delivered again", metadata: metadata(message))
        }
    }

    private func leave(_ message: SQSReceivedMessage, _ error: any Error) -> SQSOutcome {
        if !Task.isCancelled {
            let metadata = metadata(message).merging(["error": "\(error)"]) { $1 }
            logger.error("a message could not be handled and stays in the queue", metadata: metadata)
        }
        return queue.isFIFO ? .staysWithRest : .stays
    }

    private func metadata(_ message: SQSReceivedMessage) -> Logger.Metadata {
        ["queue": "\(queue.url)", "message": "\(message.id)"]
    }
}
