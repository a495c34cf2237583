public import SluiceEngine

/// Sends messages to a queue, several batches at a time.
///
///     let sender = SQSSender(queue)
///     for try await message in messages { try await sender.send(message) }
///     try await sender.finish()
///
/// The last message of an input, a manifest or an `aborted` message, is sent only after the queue has confirmed all earlier
/// ones, so a consumer that has the manifest knows that the rest is in the queue. A FIFO queue must get messages in order,
/// so they are sent to it one by one: of a batch, the first may fail and the second succeed. The cost is small, as two
/// messages of nearly 256 KiB do not fit into one batch anyway.
public actor SQSSender {
    private let queue: SQSQueue
    private let limit: Int
    private let mostInFlight: Int
    private let offload: S3Offload?
    private let onDelivery: (@Sendable (_ messages: Int, _ bytes: Int) -> Void)?
    private var batch: SQSBatch
    private var inFlight: [Task<(error: AWSError?, confirmed: Int), Never>] = []
    /// The error of the first batch that was not delivered. Nothing is sent after it, since a FIFO queue would get messages
    /// out of order.
    private var failure: AWSError?
    /// The number of messages accepted by `send`.
    package private(set) var accepted = 0
    private var confirmed = 0
    /// The number of accepted messages that the queue has not confirmed.
    package var unconfirmed: Int { accepted - confirmed }

    /// Creates a sender.
    ///
    /// - Parameters:
    ///   - limit: The most bytes that a message may have, as SQS counts them. A batch may have as many, and at least 256 KiB.
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
        batch = SQSBatch(limit: limit, isFIFO: queue.isFIFO)
    }

    deinit { for task in inFlight { task.cancel() } }

    /// Accepts a message; waits while too many batches are in flight. Must be called by one task at a time.
    ///
    /// - Throws: the error of an earlier batch.
    public func send(_ message: Message) async throws(AWSError) {
        if message.isLast { try await finish() }
        let offload = message.size > limit ? offload : nil
        let entry = offload.map { SQSEntry(message, at: $0.pointer(to: message)) } ?? SQSEntry(message)
        let isAlone = message.isLast || offload != nil
        if !batch.takes(entry, alone: isAlone) { try await dispatch() }
        batch.add(entry, alone: isAlone)
        accepted += 1
        if let offload {
            try await dispatch { () async throws(AWSError) in try await offload.put(message) }
        } else if batch.isFull {
            try await dispatch()
        }
        if message.isLast { try await finish() }
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
        guard !batch.entries.isEmpty else { return }
        while inFlight.count >= mostInFlight, failure == nil { await waitForOne() }
        if let failure { throw failure }
        let (queue, batch, onDelivery) = (queue, batch, onDelivery)
        self.batch = SQSBatch(limit: limit, isFIFO: queue.isFIFO)
        inFlight.append(
            Task {
                var confirmed = 0
                do throws(AWSError) {
                    try await preparation?()
                    try await queue.send(batch, confirmed: &confirmed)
                } catch {
                    return (error, confirmed)
                }
                onDelivery?(batch.entries.count, batch.size)
                return (nil, confirmed)
            }
        )
    }

    private func waitForOne() async {
        let (error, number) = await inFlight.removeFirst().valueCancelledWithCaller
        failure = failure ?? error
        confirmed += number
    }
}
