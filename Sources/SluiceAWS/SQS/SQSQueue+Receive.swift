import Sluice
import SluiceJSON

extension SQSQueue {
    /// Waits until there are messages, up to that many seconds (at most 20), and takes up to 10 of them.
    ///
    /// Others do not see them for the queue's visibility timeout; in that time they are to be deleted.
    public func receive(waiting seconds: Int = 20) async throws(AWSError) -> [SQSReceivedMessage] {
        let wait = min(20, max(0, seconds))
        let answer: SQSReceiveAnswer = try await call("ReceiveMessage").send(
            [
                queueMember, ("MaxNumberOfMessages", "10"), ("WaitTimeSeconds", "\(wait)"),
                ("MessageAttributeNames", "[\"All\"]"),
            ],
            timeout: .seconds(wait + 30)
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

    /// Deletes messages that were received.
    public func delete(_ messages: [SQSReceivedMessage]) async throws(AWSError) {
        try await inBatches("DeleteMessageBatch", messages) { _ in [] }
    }

    /// Lets others see messages only after that many seconds; 0: at once.
    public func hide(_ messages: [SQSReceivedMessage], for seconds: Int) async throws(AWSError) {
        try await inBatches("ChangeMessageVisibilityBatch", messages) { _ in [("VisibilityTimeout", "\(seconds)")] }
    }

    /// Has something done to messages, ten at a time; to those that fail again, and only those.
    private func inBatches(
        _ operation: String,
        _ messages: [SQSReceivedMessage],
        _ members: (SQSReceivedMessage) -> [(name: String, json: String)]
    ) async throws(AWSError) {
        for start in stride(from: 0, to: messages.count, by: BatchFill.most) {
            var open = Array(start..<min(messages.count, start + BatchFill.most))
            var retries = client.retries()
            while !open.isEmpty {
                let entries = open.map { index in
                    let receipt = ("ReceiptHandle", JSONText.string(messages[index].receipt))
                    return JSONText.object([("Id", "\"\(index)\""), receipt] + members(messages[index]))
                }
                let list = "[\(entries.joined(separator: ","))]"
                let answer: SQSBatchAnswer = try await call(operation).send([queueMember, ("Entries", list)])
                let done = Set(answer.successes.map(\.id))
                open.removeAll { done.contains("\($0)") }
                if !open.isEmpty { try await retries.wait(after: answer.failure(of: operation)) }
            }
        }
    }
}
