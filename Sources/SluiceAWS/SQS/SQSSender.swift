public import Sluice

/// Sends messages to a queue, several at a time.
///
///     let sender = SQSSender(queue, limit: 262_144)
///     for try await message in messages { try await sender.send(message) }
///     try await sender.finish()
///
/// The last message of an input, a manifest or the news that the input is at fault, goes out only when the queue has all
/// those before it: a consumer that has the manifest knows that the rest is in the queue. What was sent to a FIFO queue
/// keeps its order, so there one batch is under way at a time.
public actor SQSSender {
    private let queue: SQSQueue
    private let limit: Int
    private let mostInFlight: Int
    private var batch: SQSBatch
    private var inFlight: [Task<AWSError?, Never>] = []
    /// Messages that the queue has.
    public private(set) var sent = 0
    /// Requests that took.
    public private(set) var batches = 0

    /// Makes a sender.
    ///
    /// - Parameter limit: The most bytes that a batch may hold, as SQS counts; that of a message.
    public init(_ queue: SQSQueue, limit: Int = 262_144, inFlight: Int = 8) {
        self.queue = queue
        self.limit = limit
        mostInFlight = queue.isFIFO ? 1 : max(1, inFlight)
        batch = SQSBatch(limit: limit)
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
        let (queue, batch) = (queue, batch)
        self.batch = SQSBatch(limit: limit)
        batches += 1
        inFlight.append(
            Task {
                do throws(AWSError) { try await queue.send(batch) } catch { return error }
                return nil
            }
        )
        sent += batch.messages.count
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
