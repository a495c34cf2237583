/// Keeps messages that were received from others for as long as their receiver works on them.
///
///     let hold = SQSHold(queue, for: 60)
///     let messages = try await hold.receive(waiting: 20)
///     let ours = try await hold.confirmed(messages)      // right before something is done that can't be undone
///     …
///     try await hold.delete(ours)
///
/// A message is hidden for the hold's timeout, and, while it is held, again and again, whenever a third of that has passed. So
/// it does not matter how long the work takes, and if this process ends, the messages are for others soon.
package actor SQSHold {
    private let queue: SQSQueue
    private let timeout: Int
    /// By the queue's names. A message that comes again has another receipt.
    private var held: [String: SQSReceivedMessage] = [:]
    /// Those of which the queue says that they are held no longer.
    private var lost: Set<String> = []
    /// When all that are held were last hidden.
    private var lastExtension = ContinuousClock.now
    private var extender: Task<Void, Never>?

    /// Makes a hold that hides messages for that many seconds at a time.
    package init(_ queue: SQSQueue, for seconds: Int) {
        self.queue = queue
        timeout = seconds
    }

    deinit { extender?.cancel() }

    /// Receives messages and holds them.
    package func receive(waiting seconds: Int) async throws(AWSError) -> [SQSReceivedMessage] {
        let start = ContinuousClock.now
        let messages = try await queue.receive(waiting: seconds, visibilityTimeout: timeout)
        // The queue hides them at the earliest when it was asked.
        if held.isEmpty { lastExtension = start }
        for message in messages {
            held[message.id] = message
            lost.remove(message.id)
        }
        if extender == nil, !held.isEmpty { startExtending() }
        return messages
    }

    /// Those of the messages that are still this receiver's, for two thirds of the timeout at least.
    package func confirmed(_ messages: [SQSReceivedMessage]) async throws(AWSError) -> [SQSReceivedMessage] {
        if .now - lastExtension >= interval { try await extend() }
        return messages.filter { !lost.contains($0.id) }
    }

    /// Deletes messages, and holds them no longer. Returns those that are for others already.
    package func delete(_ messages: [SQSReceivedMessage]) async throws(AWSError) -> [SQSReceivedMessage] {
        guard !messages.isEmpty else { return [] }
        let rest = try await queue.delete(messages)
        drop(messages)
        return rest
    }

    /// Holds messages no longer; others see them when their timeout is over.
    package func drop(_ messages: [SQSReceivedMessage]) {
        for message in messages { held[message.id] = nil }
        if held.isEmpty {
            extender?.cancel()
            extender = nil
        }
    }

    /// Lets others see at once all that is still held.
    package func release() async throws(AWSError) {
        let rest = Array(held.values)
        drop(rest)
        if !rest.isEmpty { try await queue.hide(rest, for: 0) }
    }

    private var interval: Duration { .seconds(timeout) / 3 }

    private func startExtending() {
        let interval = interval
        extender = Task { [weak self] in
            while true {
                do { try await Task.sleep(for: interval) } catch { return }
                // If it fails, the next one may succeed; and before anything is done with the messages, they are confirmed.
                try? await self?.extend()
            }
        }
    }

    private func extend() async throws(AWSError) {
        let start = ContinuousClock.now
        for message in try await queue.hide(Array(held.values), for: timeout) {
            // It may have been deleted meanwhile, or received again.
            if held[message.id]?.receipt == message.receipt {
                held[message.id] = nil
                lost.insert(message.id)
            }
        }
        lastExtension = start
    }
}
