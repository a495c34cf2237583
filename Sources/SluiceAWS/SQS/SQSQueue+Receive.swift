import NIOCore
import SluiceEngine
import SluiceJSON

extension SQSQueue {
    /// Receives up to 10 messages, and waits for them up to `seconds` (at most 20).
    ///
    /// The messages are hidden from other receivers for `visibilityTimeout` seconds, or for the queue's own timeout if it is
    /// nil. Within that time they must be deleted, or hidden for longer.
    public func receive(
        waiting seconds: Int = 20,
        visibilityTimeout: Int? = nil
    ) async throws(AWSError) -> [SQSReceivedMessage] {
        let wait = min(20, max(0, seconds))
        let visibility = visibilityTimeout.map { [(name: "VisibilityTimeout", json: "\($0)")] } ?? []
        let answer: SQSReceiveAnswer = try await call(
            "ReceiveMessage",
            [
                queueMember, ("MaxNumberOfMessages", "10"), ("WaitTimeSeconds", "\(wait)"),
                ("MessageAttributeNames", "[\"All\"]"),
            ] + visibility,
            patience: .seconds(wait),
            limit: Self.largestDelivery
        )
        var messages: [SQSReceivedMessage] = []
        for received in answer.messages {
            let message = received.message
            if let expected = received.bodyMD5, expected != Digests.md5(message.body.utf8) {
                let reason = "message \(message.id) is not as it was sent: its MD5 is not \(expected)"
                throw AWSService.sqs.error(.malformed, "ReceiveMessage", "wrongMD5", reason, status: 200)
            }
            messages.append(message)
        }
        return messages
    }

    /// The most bytes of an answer with ten messages: each has at most 1 MiB, and JSON may escape every byte.
    private static let largestDelivery = 64 << 20

    /// Deletes received messages. Returns those that could not be deleted because their visibility timeout has passed: other
    /// receivers may have them.
    @discardableResult
    public func delete(_ messages: [SQSReceivedMessage]) async throws(AWSError) -> [SQSReceivedMessage] {
        try await inBatches("DeleteMessageBatch", messages)
    }

    /// Hides messages from other receivers for `seconds`; 0 makes them visible at once. Returns those whose visibility timeout
    /// has passed already.
    @discardableResult
    public func changeVisibility(
        _ messages: [SQSReceivedMessage],
        timeout seconds: Int
    ) async throws(AWSError) -> [SQSReceivedMessage] {
        try await inBatches("ChangeMessageVisibilityBatch", messages, [("VisibilityTimeout", "\(seconds)")])
    }

    /// Applies an operation to messages, ten at a time, and retries only those that fail. Returns the messages that the queue
    /// refuses, which it does if their receipt is no longer valid.
    private func inBatches(
        _ operation: String,
        _ messages: [SQSReceivedMessage],
        _ members: [(name: String, json: String)] = []
    ) async throws(AWSError) -> [SQSReceivedMessage] {
        var refused: [SQSReceivedMessage] = []
        for start in stride(from: 0, to: messages.count, by: BatchFill.most) {
            let batch = start..<min(messages.count, start + BatchFill.most)
            try await complete(operation, batch) { open in
                let entries = open.map { index in
                    let receipt = ("ReceiptHandle", JSONWriter.string(messages[index].receipt))
                    return JSONWriter.object([("Id", "\"\(index)\""), receipt] + members)
                }
                return ByteBuffer(string: JSONWriter.object([queueMember, ("Entries", JSONWriter.array(entries))]))
            } isDone: { index, result in
                guard case .failure(let error) = result else { return true }
                if error.kind == .refused { refused.append(messages[index]) }
                return error.kind == .refused
            }
        }
        return refused
    }
}
