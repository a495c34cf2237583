import Sluice
import SluiceJSON

extension SQSQueue {
    /// Waits until there are messages, up to that many seconds (at most 20), and takes up to 10 of them.
    ///
    /// Others do not see them for the visibility timeout, in seconds, or without one for the queue's own; in that time they
    /// are to be deleted, or hidden for longer.
    public func receive(
        waiting seconds: Int = 20,
        visibilityTimeout: Int? = nil
    ) async throws(AWSError) -> [SQSReceivedMessage] {
        let wait = min(20, max(0, seconds))
        let visibility = visibilityTimeout.map { [(name: "VisibilityTimeout", json: "\($0)")] } ?? []
        let answer: SQSReceiveAnswer = try await call("ReceiveMessage").send(
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
                throw AWSError(
                    .malformed,
                    service: AWSService.sqs.title,
                    operation: "ReceiveMessage",
                    code: "wrongMD5",
                    message: "message \(message.id) is not as it was sent: its MD5 is not \(expected)",
                    status: 200
                )
            }
            messages.append(message)
        }
        return messages
    }

    /// Bytes that the answer with ten messages may have: each is at most 1 MiB, of which JSON may escape every byte.
    private static let largestDelivery = 64 << 20

    /// Deletes messages that were received. Returns those that could not be, because their visibility timeout is over: they
    /// are for others now.
    @discardableResult
    public func delete(_ messages: [SQSReceivedMessage]) async throws(AWSError) -> [SQSReceivedMessage] {
        try await inBatches("DeleteMessageBatch", messages) { _ in [] }
    }

    /// Lets others see messages only after that many seconds; 0: at once. Returns those that are for others already.
    @discardableResult
    public func hide(
        _ messages: [SQSReceivedMessage],
        for seconds: Int
    ) async throws(AWSError) -> [SQSReceivedMessage] {
        try await inBatches("ChangeMessageVisibilityBatch", messages) { _ in [("VisibilityTimeout", "\(seconds)")] }
    }

    /// Has something done to messages, ten at a time; to those that fail again, and only those. Returns those that the queue
    /// refuses, which it does for a receipt that is no longer good.
    private func inBatches(
        _ operation: String,
        _ messages: [SQSReceivedMessage],
        _ members: (SQSReceivedMessage) -> [(name: String, json: String)]
    ) async throws(AWSError) -> [SQSReceivedMessage] {
        var refused: [SQSReceivedMessage] = []
        for start in stride(from: 0, to: messages.count, by: BatchFill.most) {
            var open = Array(start..<min(messages.count, start + BatchFill.most))
            var retries = client.retries()
            while true {
                let entries = open.map { index in
                    let receipt = ("ReceiptHandle", JSONWriter.string(messages[index].receipt))
                    return JSONWriter.object([("Id", "\"\(index)\""), receipt] + members(messages[index]))
                }
                let list = "[\(entries.joined(separator: ","))]"
                let answer: SQSBatchAnswer = try await call(operation).send([queueMember, ("Entries", list)])
                let lost = answer.refused(of: open, operation)?.indices ?? []
                refused += lost.map { messages[$0] }
                let done = Set(answer.successes.map(\.index) + lost)
                open.removeAll { done.contains($0) }
                if open.isEmpty { break }
                try await retries.wait(after: answer.failure(of: open, operation))
            }
        }
        return refused
    }
}
