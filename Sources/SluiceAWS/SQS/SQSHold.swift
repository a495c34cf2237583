/// Keeps received messages hidden from other receivers for as long as the work on them takes.
///
///     let hold = SQSHold(queue, for: 60)
///     let messages = try await hold.receive(waiting: 20)
///     let ours = try await hold.confirmed(messages)      // right before something is done that can't be undone
///     …
///     try await hold.delete(ours)
///
/// A message is hidden for the hold's timeout. While it is held, this is renewed whenever a third of the timeout has passed.
/// So the work may take any time, and if this process ends, other receivers soon get the messages.
package actor SQSHold {
    private let queue: SQSQueue
    private let timeout: Int
    /// The held messages by id. A message that is delivered again has another receipt.
    private var held: [String: SQSReceivedMessage] = [:]
    /// The ids of messages that the queue reports as no longer held.
    private var lost: Set<String> = []
    /// When all held messages were last hidden.
    private var lastExtension = ContinuousClock.now
    private var extender: Task<Void, Never>?

    /// Creates a hold that hides messages for `seconds` at a time.
    package init(_ queue: SQSQueue, for seconds: Int) {
        self.queue = queue
        timeout = seconds
    }

    deinit { extender?.cancel() }

    /// Receives messages and holds them.
    package func receive(waiting seconds: Int) async throws(AWSError) -> [SQSReceivedMessage] {
        let start = ContinuousClock.now
        let messages = try await queue.receive(waiting: seconds, visibilityTimeout: timeout)
        // The timeout starts no earlier than the request.
        if held.isEmpty { lastExtension = start }
        for message in messages {
            held[message.id] = message
            lost.remove(message.id)
        }
        if extender == nil, !held.isEmpty { startExtending() }
        return messages
    }

    /// Returns those of the messages that this receiver still holds, for at least two thirds of the timeout.
    package func confirmed(_ messages: [SQSReceivedMessage]) async throws(AWSError) -> [SQSReceivedMessage] {
        if .now - lastExtension >= interval { try await extend() }
        return messages.filter { !lost.contains($0.id) }
    }

    /// Deletes messages and stops holding them. Returns those that could not be deleted because their timeout has passed.
    package func delete(_ messages: [SQSReceivedMessage]) async throws(AWSError) -> [SQSReceivedMessage] {
        guard !messages.isEmpty else { return [] }
        let rest = try await queue.delete(messages)
        drop(messages)
        return rest
    }

    /// Stops holding messages. Other receivers get them after their timeout.
    package func dropAll() {
        lost = []
        drop(Array(held.values))
    }

    /// Makes all held messages visible to other receivers at once.
    package func release() async throws(AWSError) {
        let rest = Array(held.values)
        dropAll()
        if !rest.isEmpty { try await queue.changeVisibility(rest, timeout: 0) }
    }

    private func drop(_ messages: [SQSReceivedMessage]) {
        for message in messages { held[message.id] = nil }
        if held.isEmpty {
            extender?.cancel()
            extender = nil
        }
    }

    private var interval: Duration { .seconds(timeout) / 3 }

    private func startExtending() {
        let interval = interval
        extender = Task { [weak self] in
            while true {
                do { try await Task.sleep(for: interval) } catch { return }
                // If this fails, the next extension may succeed. Messages are confirmed before anything is done with them.
                try? await self?.extend()
            }
        }
    }

    private func extend() async throws(AWSError) {
        let start = ContinuousClock.now
        for message in try await queue.changeVisibility(Array(held.values), timeout: timeout) {
            // The message may have been deleted or received again in the meantime.
            if held[message.id]?.receipt == message.receipt {
                held[message.id] = nil
                lost.insert(message.id)
            }
        }
        lastExtension = start
    }
}
