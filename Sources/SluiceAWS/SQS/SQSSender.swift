import NIOCore
public import SluiceEngine
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
    package nonisolated let queue: SQSQueue
    private nonisolated let limit: Int
    private let mostInFlight: Int
    private let offload: S3Offload?
    private let onDelivery: (@Sendable (_ messages: Int, _ bytes: Int) -> Void)?
    private nonisolated let open: Mutex<OpenBatch>
    /// The most bytes of a batch.
    private var batchLimit = BatchFill.mostBytes
    private var inFlight: [(size: Int, task: Task<Delivery, Never>)] = []
    /// A batch that is hashed together with the next.
    private var waiting: SQSBatch?
    /// The memory of batches that were sent.
    private var memory: [ByteBuffer] = []
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
    ///   - limit: The most bytes that a message may have, as SQS counts them. A batch may have 1 MiB.
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
        do throws(AWSError) {
            try await dispatch()
            try await launch([waiting].compactMap { $0 })
        } catch {
            failure = failure ?? error
        }
        waiting = nil
        while !inFlight.isEmpty { await waitForOne() }
        if let failure { throw failure }
    }

    /// Sends the batch, after `preparation` if there is one.
    ///
    /// While others are in flight, a batch waits for the next, since hashing two at once takes little longer than one.
    private func dispatch(
        after preparation: (@Sendable () async throws(AWSError) -> Void)? = nil
    ) async throws(AWSError) {
        guard open.withLock({ $0.batch.count > 0 }) else { return }
        let (queue, limit, memory) = (queue, batchLimit, memory.popLast() ?? ByteBuffer())
        let batch = open.withLock { open in
            var batch = SQSBatch(for: queue, limit: limit, memory: memory)
            swap(&batch, &open.batch)
            batch.seal()
            return batch
        }
        if let preparation { return try await launch([batch], after: preparation) }
        if let first = waiting {
            waiting = nil
            return try await launch([first, batch])
        }
        guard !inFlight.isEmpty, mostInFlight > 1 else { return try await launch([batch]) }
        waiting = batch
    }

    /// Sends one batch or two.
    private func launch(
        _ batches: [SQSBatch],
        after preparation: (@Sendable () async throws(AWSError) -> Void)? = nil
    ) async throws(AWSError) {
        while failure == nil, !isRoom(for: batches.count) { await waitForOne() }
        if let failure { throw failure }
        let hashed = Task {
            var batches = batches
            if batches.count == 2 { (batches[0], batches[1]) = SQSBatch.hashed(batches[0], batches[1]) }
            return batches
        }
        let (queue, onDelivery) = (queue, onDelivery)
        for index in batches.indices {
            let task = Task {
                let batch = await hashed.value[index]
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
            inFlight.append((batches[index].size, task))
        }
    }

    private func isRoom(for count: Int) -> Bool {
        inFlight.isEmpty
            || inFlight.count + count <= mostInFlight && inFlight.reduce(0) { $0 + $1.size } < Self.mostBytesInFlight
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
        let delivery = await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }
        failure = failure ?? delivery.error
        confirmed += delivery.confirmed
        if memory.count < 2 { memory.append(delivery.memory) }
        if !delivery.isWhole { batchLimit = max(limit, MessageFormat.sqs.limit) }
    }
}
