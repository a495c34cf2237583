import Sluice
import SluiceCSV
import SluiceJSON

extension SQSQueue {
    /// Sends the messages of a batch; those that fail are sent again, and only those.
    ///
    /// It is over when the queue has said of each that it has it. `confirmed` is raised by those of which it has, also if
    /// others fail.
    package func send(_ batch: SQSBatch, confirmed: inout Int) async throws(AWSError) {
        let operation = "SendMessageBatch"
        let escaper = JSONEscaper(kernel: .best)
        var retries = client.retries()
        var open = Array(batch.entries.indices)
        while !open.isEmpty {
            let answer: SQSBatchAnswer = try await call(operation).send(
                batch.body(of: open, for: self, escaper: escaper)
            )
            for sent in answer.successes {
                guard let place = open.firstIndex(of: sent.index) else { continue }
                if checksMD5 { try check(sent.bodyMD5, of: batch.entries[sent.index].message.body, operation) }
                open.remove(at: place)
                confirmed += 1
            }
            if !open.isEmpty { try await retries.wait(after: answer.failure(of: open, operation)) }
        }
    }

    /// Sends a text that is no message of rows: a report.
    package func send(text: [UInt8]) async throws(AWSError) {
        let body = JSONEscaper(kernel: .best).line("", text, "")
        let members = [
            (name: "QueueUrl", json: JSONWriter.string(url)),
            (name: "MessageBody", json: "\"\(String(decoding: body, as: Unicode.UTF8.self))\""),
        ]
        let answer: Sent = try await call("SendMessage").send(members)
        if checksMD5 { try check(answer.bodyMD5, of: text, "SendMessage") }
    }

    /// What SendMessage answers.
    private struct Sent: JSONAnswer {
        let bodyMD5: String?

        init?(_ json: JSONValue) {
            // Without the message's id, the answer does not say that there is a message.
            guard json["MessageId"]?.text != nil else { return nil }
            bodyMD5 = json["MD5OfMessageBody"]?.text
        }
    }

    private func check(_ found: String?, of body: [UInt8], _ operation: String) throws(AWSError) {
        let expected = Digests.md5(body)
        guard found != expected else { return }
        throw AWSError(
            .malformed,
            service: AWSService.sqs.title,
            operation: operation,
            code: "wrongMD5",
            message: "the queue has other bytes than were sent: MD5 \(found ?? "none"), not \(expected)",
            status: 200
        )
    }
}
