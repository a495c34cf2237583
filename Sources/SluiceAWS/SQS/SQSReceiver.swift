import SluicePlatform

/// Receives messages from a queue, and deletes those that are handled.
///
///     receive → fetch the body if it is in S3 → confirm that the message is still ours → handle → delete
///
/// Until a message is deleted, it may be delivered again, so none is lost. Messages that arrive together are handled one by one
/// and deleted in one request. After a request to stop, the handler finishes the message that it has; that and those before it
/// are deleted, and other receivers get the rest at once.
package struct SQSReceiver<Handler: SQSMessageHandler>: Sendable {
    private let queue: SQSQueue
    private let handler: Handler
    private let hold: SQSHold
    private let buckets: [String]
    private let limit: Int

    /// - Parameters:
    ///   - seconds: How long received messages are hidden from other receivers. Renewed for as long as work on them takes.
    ///   - buckets: The buckets that bodies may be fetched from.
    ///   - limit: The most bytes of a body in S3.
    package init(_ queue: SQSQueue, hiddenFor seconds: Int, buckets: [String], limit: Int, _ handler: Handler) {
        self.queue = queue
        self.handler = handler
        self.buckets = buckets
        self.limit = limit
        hold = SQSHold(queue, for: seconds)
    }

    /// How long a pending request may take after a request to stop. It may have taken messages from the queue, and returns them
    /// if it is not cancelled.
    private static var grace: Duration { .seconds(1) }

    /// Receives until a stop is requested, the task is cancelled, or the handler wants no more.
    package func run(until stop: StopSignal) async throws(AWSError) {
        let hold = hold
        var failure: AWSError?
        do throws(AWSError) {
            while !stop.isRequested, !Task.isCancelled, let wait = await handler.nextWait() {
                // What stays in the queue is delivered again after its visibility timeout.
                await hold.dropAll()
                let received = try await stop.unlessStopped(grace: Self.grace) { () async throws(AWSError) in
                    try await hold.receive(waiting: wait)
                }
                try await handle(received ?? [], stop)
            }
        } catch { failure = error }
        // If this fails, others get the messages after their visibility timeout.
        _ = await Task.of { () async throws(AWSError) in try await hold.release() }.value
        if let failure, !Task.isCancelled { throw failure }
    }

    /// Handles messages, and deletes those that are done even if handling was cancelled or has failed.
    private func handle(_ received: [SQSReceivedMessage], _ stop: StopSignal) async throws(AWSError) {
        var done: [SQSReceivedMessage] = []
        var failure: AWSError?
        do throws(AWSError) {
            messages: for message in received where !stop.isRequested && !Task.isCancelled {
                switch try await outcome(of: message, stop) {
                case .done: done.append(message)
                case .stays: continue
                case .staysWithRest: break messages
                }
            }
        } catch { failure = error }
        let (hold, handled) = (hold, done)
        let late = try await Task.of { () async throws(AWSError) in try await hold.delete(handled) }.value.get()
        if !late.isEmpty { await handler.noteUndeleted(late) }
        if let failure { throw failure }
    }

    private func outcome(of message: SQSReceivedMessage, _ stop: StopSignal) async throws(AWSError) -> SQSOutcome {
        let whole: SQSReceivedMessage?
        do throws(AWSError) { whole = try await fetched(message, stop) } catch {
            return await handler.handle(message, without: error)
        }
        guard let whole, try await !hold.confirmed([message]).isEmpty else { return .stays }
        return await handler.handle(whole)
    }

    /// Returns the message with its body; nil if a stop was requested before it was there. Pointers of other programs are not
    /// followed.
    private func fetched(
        _ message: SQSReceivedMessage,
        _ stop: StopSignal
    ) async throws(AWSError) -> SQSReceivedMessage? {
        guard message.isPointer, message.labels != nil else { return message }
        let (s3, buckets, limit) = (S3Client(queue.client), buckets, limit)
        return try await stop.unlessStopped(grace: Self.grace) { () async throws(AWSError) in
            try await s3.resolved(message, from: buckets, limit: limit)
        }
    }
}
