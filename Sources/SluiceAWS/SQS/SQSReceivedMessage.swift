import SluiceEngine
import SluiceJSON

/// A message received from a queue.
public struct SQSReceivedMessage: Sendable, Hashable {
    /// The queue's id of the message.
    public var id: String
    /// The receipt that is required to delete or hide the message.
    public var receipt: String
    /// The body.
    public var body: String
    /// The message attributes by name.
    public var attributes: [String: String]

    package init(id: String, receipt: String, body: String, attributes: [String: String]) {
        self.id = id
        self.receipt = receipt
        self.body = body
        self.attributes = attributes
    }
}

extension SQSReceivedMessage {
    /// The message as its sender made it.
    package var received: ReceivedMessage { ReceivedMessage(body: Array(body.utf8), attributes: attributes) }

    /// The attributes that identify a message as Sluice's; nil if one is missing or invalid.
    package var labels: (id: String, source: String, content: Message.Content)? {
        let received = ReceivedMessage(body: [], attributes: attributes)
        guard let id = received.id, let source = received.source, let content = received.content else { return nil }
        return (id, source, content)
    }
}

/// The answer to `ReceiveMessage`.
struct SQSReceiveAnswer: JSONAnswer {
    struct Received {
        var message: SQSReceivedMessage
        var bodyMD5: String?
    }

    let messages: [Received]

    init?(_ json: JSONValue) {
        var messages: [Received] = []
        guard let entries = (json["Messages"] ?? .array([])).elements else { return nil }
        for entry in entries {
            guard let id = entry["MessageId"]?.text, let receipt = entry["ReceiptHandle"]?.text,
                let body = entry["Body"]?.text
            else { return nil }
            let attributes = (entry["MessageAttributes"]?.members ?? [:]).compactMapValues { $0["StringValue"]?.text }
            let message = SQSReceivedMessage(id: id, receipt: receipt, body: body, attributes: attributes)
            messages.append(Received(message: message, bodyMD5: entry["MD5OfBody"]?.text))
        }
        self.messages = messages
    }
}

/// The answer to `GetQueueUrl`.
struct SQSQueueURLAnswer: JSONAnswer {
    let url: String

    init?(_ json: JSONValue) {
        guard let url = json["QueueUrl"]?.text else { return nil }
        self.url = url
    }
}

/// The answer to `GetQueueAttributes`.
struct SQSAttributesAnswer: JSONAnswer {
    let attributes: [String: String]

    init?(_ json: JSONValue) { attributes = (json["Attributes"]?.members ?? [:]).compactMapValues(\.text) }
}
