import SluiceCSV
import SluiceEngine
import SluiceJSON

extension SQSQueue {
    /// Sends the messages of a batch, and retries only those that fail.
    ///
    /// Returns when the queue has confirmed every message. Adds the number of confirmed messages to `confirmed`, also if the
    /// others fail.
    package func send(_ batch: SQSBatch, confirmed: inout Int) async throws(AWSError) {
        let (operation, escaper) = ("SendMessageBatch", JSONEscaper(kernel: .best))
        try await complete(operation, batch.entries.indices) { open in
            batch.body(of: open, for: self, escaper: escaper)
        } done: { (answer, open) throws(AWSError) in
            let sent = answer.successes(of: open)
            for (index, md5) in sent {
                if checksMD5 { try check(md5, of: batch.entries[index].message.body, operation) }
                confirmed += 1
            }
            return sent.map(\.index)
        }
    }

    /// Sends a text that is not a message of rows: a report.
    package func send(text: [UInt8]) async throws(AWSError) {
        let body = JSONEscaper(kernel: .best).line("", text, "")
        let answer: Sent = try await call(
            "SendMessage",
            [queueMember, ("MessageBody", "\"\(String(decoding: body, as: Unicode.UTF8.self))\"")]
        )
        if checksMD5 { try check(answer.bodyMD5, of: text, "SendMessage") }
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

    private func check(_ found: String?, of body: [UInt8], _ operation: String) throws(AWSError) {
        let expected = Digests.md5(body)
        guard found != expected else { return }
        let message = "the queue received other bytes than were sent: MD5 \(found ?? "none"), not \(expected)"
        throw AWSService.sqs.error(.malformed, operation, "wrongMD5", message, status: 200)
    }
}
