/// What is done with the messages that an ``SQSReceiver`` receives.
package protocol SQSMessageHandler: Sendable {
    /// Returns how many seconds the next request should wait for messages, at most 20; nil if no more are wanted.
    func nextWait() async -> Int?

    /// Handles a message. It may be any program's.
    func handle(_ message: SQSReceivedMessage) async -> SQSOutcome

    /// Decides about a message whose body can't be fetched.
    func handle(_ message: SQSReceivedMessage, without error: AWSError) async -> SQSOutcome

    /// Notes that messages were handled and could not be deleted, because their visibility timeout has passed.
    func noteUndeleted(_ messages: [SQSReceivedMessage]) async
}

/// What becomes of a message.
package enum SQSOutcome: Sendable {
    /// It is deleted.
    case done
    /// It stays in the queue.
    case stays
    /// It stays in the queue, and so do those that were received with it and are not handled yet.
    case staysWithRest
}
