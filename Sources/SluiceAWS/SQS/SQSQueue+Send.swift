import SluiceCSV
import SluiceEngine
import SluiceJSON

extension SQSQueue {
    /// Sends the messages of a sealed batch, and retries only those that fail.
    ///
    /// Returns when the queue has confirmed every message. Adds the number of confirmed messages to `confirmed`, also if the
    /// others fail.
    ///
    /// - Returns: Whether the service accepts requests of this size. If it does not, the messages were sent one by one.
    package func send(_ batch: SQSBatch, confirmed: inout Int) async throws(AWSError) -> Bool {
        do throws(AWSError) {
            try await send(batch, 0..<batch.count, &confirmed)
            return true
        } catch {
            // Other services than AWS's own may accept less. They accepted none of the messages.
            guard batch.count > 1, error.code.hasSuffix("BatchRequestTooLong") else { throw error }
            for index in 0..<batch.count { try await send(batch, index..<index + 1, &confirmed) }
            return false
        }
    }

    private func send(_ batch: SQSBatch, _ indices: Range<Int>, _ confirmed: inout Int) async throws(AWSError) {
        let operation = "SendMessageBatch"
        try await complete(operation, indices, body: batch.body(of:)) { (index, result) throws(AWSError) in
            guard case .success(let sent) = result else { return false }
            if let expected = batch.md5(of: index) { try check(sent["MD5OfMessageBody"]?.text, expected, operation) }
            confirmed += 1
            return true
        }
    }

    /// Sends a text that is not a message of rows: a report.
    package func send(text: [UInt8]) async throws(AWSError) {
        let body = Kernel.best.escaped(text)
        let answer: Sent = try await call(
            "SendMessage",
            [queueMember, ("MessageBody", "\"\(String(decoding: body, as: Unicode.UTF8.self))\"")]
        )
        if checksMD5 { try check(answer.bodyMD5, Digests.md5(text), "SendMessage") }
    }

    /// The answer to `SendMessage`.
    private struct Sent: JSONAnswer {
        let bodyMD5: String?

        init?(_ json: JSONValue) {
            // An answer without the message's id does not confirm that a message exists.
            guard json["MessageId"]?.text != nil else { return nil }
            bodyMD5 = json["MD5OfMessageBody"]?.text
        }
    }

    private func check(_ found: String?, _ expected: String, _ operation: String) throws(AWSError) {
        guard found != expected else { return }
        let message = "the queue received other bytes than were sent: MD5 \(found ?? "none"), not \(expected)"
        throw AWSService.sqs.error(.malformed, operation, "wrongMD5", message, status: 200)
    }
}
