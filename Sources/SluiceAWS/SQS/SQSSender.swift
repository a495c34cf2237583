import NIOCore
public import SluiceEngine
import SluicePlatform
import Synchronization

/// Sends messages to a queue, several batches at a time.
///
///     let sender = SQSSender(queue)
///     for try await message in messages { try await sender.send(message) }
///     try await sender.finish()
///
/// The last message of an input, a manifest or an `aborted` message, is sent only after the queue has confirmed all earlier
/// ones, so a consumer that has the manifest knows that the rest is in the queue. A FIFO queue must get messages in order,
/// so they are sent to it one by one: of a batch, the first may fail and the second succeed.
public actor SQSSender {
    private nonisolated let queue: SQSQueue
    private nonisolated let limit: Int
    private let mostInFlight: Int
    private let offload: S3Offload?
    private let onDelivery: (@Sendable (_ messages: Int, _ bytes: Int) -> Void)?
    private nonisolated let open: Mutex<OpenBatch>
    /// The most bytes of a batch.
    private var batchLimit = BatchFill.mostBytes
    private var inFlight: [(size: Int, task: Task<Delivery, Never>)] = []
    /// The memory of a batch that was sent.
    private var memory = ByteBuffer()
    /// The error of the first batch that was not delivered. Nothing is sent after it, since a FIFO queue would get messages
    /// out of order.
    private var failure: AWSError?
    private var confirmed = 0

    /// The batch that is being filled.
    private struct OpenBatch {
        var batch: SQSBatch
        /// The number of messages accepted, in this batch and before it.
        var accepted = 0

        mutating func add(_ entry: SQSEntry, alone: Bool) {
            batch.add(entry, alone: alone)
            accepted += 1
        }
    }

    /// The most bytes in flight, beyond one batch. Enough for 80 MB/s if a request takes 50 ms.
    private static let mostBytesInFlight = 4 << 20

    /// Creates a sender.
    ///
    /// - Parameters:
    ///   - queue: The queue that the messages go to.
    ///   - limit: The most bytes that a message may have, as SQS counts them. A batch may have 1 MiB.
    ///   - inFlight: The most requests at the same time.
    ///   - offload: Where the body of a message larger than `limit` goes. If nil, the queue refuses such a message.
    public init(_ queue: SQSQueue, limit: Int = MessageFormat.sqs.limit, inFlight: Int = 8, offload: S3Offload? = nil) {
        self.init(queue, limit: limit, inFlight: inFlight, offload: offload, onDelivery: nil)
    }

    /// - Parameter onDelivery: called for each batch that the queue has confirmed, with its size in bytes as SQS counts it.
    package init(
        _ queue: SQSQueue,
        limit: Int = MessageFormat.sqs.limit,
        inFlight: Int = 8,
        offload: S3Offload? = nil,
        onDelivery: (@Sendable (_ messages: Int, _ bytes: Int) -> Void)?
    ) {
        self.queue = queue
        self.limit = limit
        self.offload = offload
        self.onDelivery = onDelivery
        mostInFlight = queue.isFIFO ? 1 : max(1, inFlight)
        open = Mutex(OpenBatch(batch: SQSBatch(for: queue)))
    }

    deinit { for (_, task) in inFlight { task.cancel() } }

    /// The number of messages accepted by `send` and `add`.
    package nonisolated var accepted: Int { open.withLock { $0.accepted } }
    /// The number of accepted messages that the queue has not confirmed.
    package var unconfirmed: Int { accepted - confirmed }

    /// Accepts a message; waits while too many batches are in flight. Must be called by one task at a time.
    ///
    /// - Throws: the error of an earlier batch.
    public func send(_ message: Message) async throws(AWSError) {
        if message.isLast { try await finish() }
        var entry = SQSEntry(message)
        let offload = entry.size > limit ? offload : nil
        if let offload { entry = SQSEntry(message, at: offload.pointer(to: message)) }
        let isAlone = message.isLast || offload != nil
        if !open.withLock({ $0.batch.takes(entry, alone: isAlone) }) { try await dispatch() }
        open.withLock { $0.add(entry, alone: isAlone) }
        if let offload {
            try await dispatch { () async throws(AWSError) in try await offload.put(message) }
        } else if open.withLock({ $0.batch.isFull }) {
            try await dispatch()
        }
        if message.isLast { try await finish() }
    }

    /// Accepts a message if that needs no request: if not, `send` must be called. Saves a caller that is not a task most waits.
    package nonisolated func add(_ message: Message) -> Bool {
        if message.isLast { return false }
        let entry = SQSEntry(message)
        guard entry.size <= limit else { return false }
        return open.withLock { open in
            guard open.batch.hasRoomAfter(entry) else { return false }
            open.add(entry, alone: false)
            return true
        }
    }

    /// Sends the remaining messages. Returns when the queue has confirmed everything; throws if something was not delivered.
    public func finish() async throws(AWSError) {
        do throws(AWSError) { try await dispatch() } catch { failure = failure ?? error }
        while !inFlight.isEmpty { await waitForOne() }
        if let failure { throw failure }
    }

    /// Sends the batch, after `preparation` if there is one.
    private func dispatch(
        after preparation: (@Sendable () async throws(AWSError) -> Void)? = nil
    ) async throws(AWSError) {
        guard open.withLock({ $0.batch.count > 0 }) else { return }
        while failure == nil, mustWait { await waitForOne() }
        if let failure { throw failure }
        let (queue, onDelivery) = (queue, onDelivery)
        let batch = open.withLock { open in
            var batch = SQSBatch(for: queue, limit: batchLimit, memory: memory)
            swap(&batch, &open.batch)
            batch.seal()
            return batch
        }
        memory = ByteBuffer()
        let task = Task {
            var delivery = Delivery(memory: batch.body)
            do throws(AWSError) {
                try await preparation?()
                delivery.isWhole = try await queue.send(batch, confirmed: &delivery.confirmed)
                onDelivery?(batch.count, batch.size)
            } catch {
                delivery.error = error
            }
            return delivery
        }
        inFlight.append((batch.size, task))
    }

    private var mustWait: Bool {
        inFlight.count >= mostInFlight || inFlight.reduce(0) { $0 + $1.size } >= Self.mostBytesInFlight
    }

    /// What became of a batch.
    private struct Delivery: Sendable {
        let memory: ByteBuffer
        var confirmed = 0
        /// Whether it was accepted in one request.
        var isWhole = true
        var error: AWSError?
    }

    private func waitForOne() async {
        let (_, task) = inFlight.removeFirst()
        let delivery = await task.valueCancelledWithCaller
        failure = failure ?? delivery.error
        confirmed += delivery.confirmed
        memory = delivery.memory
        if !delivery.isWhole { batchLimit = max(limit, MessageFormat.sqs.limit) }
    }
}
