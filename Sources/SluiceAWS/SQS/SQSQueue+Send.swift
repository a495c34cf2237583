import Sluice
import SluiceCSV
import SluiceJSON

extension SQSQueue {
    /// Sends the messages of a batch; those that fail are sent again, and only those.
    ///
    /// It is over when the queue has said of each that it has it, byte for byte.
    package func send(_ batch: SQSBatch) async throws(AWSError) {
        let operation = "SendMessageBatch"
        let escaper = JSONEscaper(kernel: .best)
        var retries = client.retries()
        var open = Array(batch.entries.indices)
        while !open.isEmpty {
            let answer: SQSBatchAnswer = try await call(operation).send(
                batch.body(of: open, for: self, escaper: escaper)
            )
            for sent in answer.successes {
                guard let index = Int(sent.id), let place = open.firstIndex(of: index) else { continue }
                let expected = Digests.md5(batch.entries[index].message.body)
                guard sent.bodyMD5 == expected else { throw damaged(operation: operation, sent.bodyMD5, expected) }
                open.remove(at: place)
            }
            if !open.isEmpty { try await retries.wait(after: answer.failure(of: operation)) }
        }
    }

    /// Sends a text that is no message of rows: a report.
    package func send(text: [UInt8]) async throws(AWSError) {
        let body = JSONEscaper(kernel: .best).line("", text, "")
        let members = [
            (name: "QueueUrl", json: JSONText.string(url)),
            (name: "MessageBody", json: "\"\(String(decoding: body, as: Unicode.UTF8.self))\""),
        ]
        let answer: Sent = try await call("SendMessage").send(members)
        let expected = Digests.md5(text)
        guard answer.bodyMD5 == expected else {
            throw damaged(operation: "SendMessage", answer.bodyMD5, expected)
        }
    }

    /// What SendMessage answers.
    private struct Sent: JSONAnswer {
        let bodyMD5: String?

        init?(_ json: JSONValue) { bodyMD5 = json["MD5OfMessageBody"]?.text }
    }

    private func damaged(operation: String, _ found: String?, _ expected: String) -> AWSError {
        AWSError(
            .malformed,
            service: AWSService.sqs.title,
            operation: operation,
            code: "wrongMD5",
            message:
                "the queue has other bytes than were sent: MD5 \(found ?? "none"), not \(expected)",
            status: 200
        )
    }
}
