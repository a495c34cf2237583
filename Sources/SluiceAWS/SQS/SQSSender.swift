public import Sluice

/// Sends messages to a queue, several at a time.
///
///     let sender = SQSSender(queue, limit: 262_144)
///     for try await message in messages { try await sender.send(message) }
///     try await sender.finish()
///
/// The last message of an input, a manifest or the news that the input is at fault, goes out only when the queue has all
/// those before it: a consumer that has the manifest knows that the rest is in the queue. What was sent to a FIFO queue
/// keeps its order, so there messages go out one by one: of a batch, the first may fail and the second not. That costs
/// little, as two messages of nearly 256 KiB do not fit into one batch anyway.
public actor SQSSender {
    private let queue: SQSQueue
    private let limit: Int
    private let mostInFlight: Int
    private let onDelivery: (@Sendable (_ messages: Int, _ bytes: Int) -> Void)?
    private var batch: SQSBatch
    private var inFlight: [Task<AWSError?, Never>] = []

    /// Makes a sender.
    ///
    /// - Parameter limit: The most bytes that a batch may hold, as SQS counts; that of a message.
    public init(_ queue: SQSQueue, limit: Int = 262_144, inFlight: Int = 8) {
        self.init(queue, limit: limit, inFlight: inFlight, onDelivery: nil)
    }

    /// `onDelivery` is told of each batch that the queue has, in bytes as SQS counts them.
    package init(
        _ queue: SQSQueue,
        limit: Int = 262_144,
        inFlight: Int = 8,
        onDelivery: (@Sendable (_ messages: Int, _ bytes: Int) -> Void)?
    ) {
        self.queue = queue
        self.limit = limit
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
        if !batch.add(message) {
            try await dispatch()
            _ = batch.add(message)
        }
        if isLast { try await finish() } else if batch.isFull { try await dispatch() }
    }

    /// Sends what is left, and waits until the queue has everything.
    public func finish() async throws(AWSError) {
        try await dispatch()
        while !inFlight.isEmpty { try await waitForOne() }
    }

    private func dispatch() async throws(AWSError) {
        guard !batch.messages.isEmpty else { return }
        while inFlight.count >= mostInFlight { try await waitForOne() }
        let (queue, batch, onDelivery) = (queue, batch, onDelivery)
        self.batch = SQSBatch(limit: limit, isFIFO: queue.isFIFO)
        inFlight.append(
            Task {
                do throws(AWSError) { try await queue.send(batch) } catch { return error }
                onDelivery?(batch.messages.count, batch.size)
                return nil
            }
        )
    }

    private func waitForOne() async throws(AWSError) {
        let task = inFlight.removeFirst()
        let error = await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }
        if let error { throw error }
    }
}
