public import Sluice

/// Sends messages to a queue, several at a time.
///
///     let sender = SQSSender(queue, limit: 262_144)
///     for try await message in messages { try await sender.send(message) }
///     try await sender.finish()
///
/// The last message of an input, a manifest or the news that the input is invalid, goes out only when the queue has all
/// those before it: a consumer that has the manifest knows that the rest is in the queue. What was sent to a FIFO queue
/// keeps its order, so there messages go out one by one: of a batch, the first may fail and the second not. That costs
/// little, as two messages of nearly 256 KiB do not fit into one batch anyway.
public actor SQSSender {
    private let queue: SQSQueue
    private let limit: Int
    private let mostInFlight: Int
    private let offload: S3Offload?
    private let onDelivery: (@Sendable (_ messages: Int, _ bytes: Int) -> Void)?
    private var batch: SQSBatch
    private var inFlight: [Task<(error: AWSError?, confirmed: Int), Never>] = []
    /// What became of the first batch that was not delivered. Nothing is sent after it: to a FIFO queue, that would change the
    /// order.
    private var failure: AWSError?
    /// Messages that were taken.
    package private(set) var accepted = 0
    private var confirmed = 0
    /// Messages that were taken, and of which the queue has not said that it has them.
    package var unconfirmed: Int { accepted - confirmed }

    /// Makes a sender.
    ///
    /// - Parameters:
    ///   - limit: The most bytes that a message may hold, as SQS counts; a batch holds as many, and at least 256 KiB.
    ///   - offload: Where the body of a message that is larger than that goes. Without it, the queue refuses the message.
    public init(_ queue: SQSQueue, limit: Int = 262_144, inFlight: Int = 8, offload: S3Offload? = nil) {
        self.init(queue, limit: limit, inFlight: inFlight, offload: offload, onDelivery: nil)
    }

    /// `onDelivery` is told of each batch that the queue has, in bytes as SQS counts them.
    package init(
        _ queue: SQSQueue,
        limit: Int = 262_144,
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

    /// Takes a message; waits if too many are under way. Throws what became of an earlier one. Called by one task at a
    /// time.
    public func send(_ message: Message) async throws(AWSError) {
        let isLast = message.content == .manifest || message.content == .aborted
        if isLast { try await finish() }
        if let offload, message.size > limit { return try await send(message, through: offload) }
        let entry = SQSEntry(message)
        if !batch.add(entry) {
            try await dispatch()
            _ = batch.add(entry)
        }
        accepted += 1
        if isLast { try await finish() } else if batch.isFull { try await dispatch() }
    }

    /// Sends what is left, and waits until the queue has everything or it is known what could not be delivered.
    public func finish() async throws(AWSError) {
        do throws(AWSError) { try await dispatch() } catch { failure = failure ?? error }
        while !inFlight.isEmpty { await waitForOne() }
        if let failure { throw failure }
    }

    /// Sends a message whose body is put somewhere else first, in a batch of its own: so no more such bodies are in memory
    /// than batches are under way.
    private func send(_ message: Message, through offload: S3Offload) async throws(AWSError) {
        try await dispatch()
        _ = batch.add(SQSEntry(message, at: offload.pointer(to: message)))
        accepted += 1
        try await dispatch { () async throws(AWSError) in try await offload.put(message) }
    }

    /// Sends the batch, when what must be done before that is.
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
        let task = inFlight.removeFirst()
        let (error, number) = await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }
        failure = failure ?? error
        confirmed += number
    }
}
