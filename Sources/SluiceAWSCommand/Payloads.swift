import Sluice
import SluiceAWS

/// The bodies of messages that are somewhere else.
enum Payloads {
    /// Messages with what they point to. Those that are not Sluice's are left alone.
    static func resolved(
        _ messages: some Sequence<SQSReceivedMessage>,
        from queue: SQSQueue
    ) throws(SluiceError) -> [SQSReceivedMessage] {
        var resolved: [SQSReceivedMessage] = []
        for message in messages {
            guard message.isPointer, Inbox.isOurs(message) else {
                resolved.append(message)
                continue
            }
            resolved.append(
                try Blocking.wait(about: queue.url) { () async throws(AWSError) in
                    try await S3Client(queue.client).resolved(message)
                }
            )
        }
        return resolved
    }
}
