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
        var open = Array(batch.messages.indices)
        while !open.isEmpty {
            let answer: SQSBatchAnswer = try await call(operation).send(
                batch.body(of: open, for: self, escaper: escaper)
            )
            for sent in answer.successes {
                guard let index = Int(sent.id), let place = open.firstIndex(of: index) else { continue }
                let expected = Digests.md5(batch.messages[index].body)
                guard sent.bodyMD5 == expected else { throw damaged(sent, expected) }
                open.remove(at: place)
            }
            if !open.isEmpty { try await retries.wait(after: answer.failure(of: operation)) }
        }
    }

    private func damaged(_ sent: SQSBatchAnswer.Success, _ expected: String) -> AWSError {
        AWSError(
            .malformed,
            service: AWSService.sqs.title,
            operation: "SendMessageBatch",
            code: "wrongMD5",
            message:
                "the queue has other bytes than were sent: MD5 \(sent.bodyMD5 ?? "none"), not \(expected)",
            status: 200
        )
    }
}
