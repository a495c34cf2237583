/// A message as a queue gives it.
public struct SQSReceivedMessage: Sendable, Hashable {
    /// The queue's own name for the message.
    public var id: String
    /// With which the message is deleted.
    public var receipt: String
    /// The text.
    public var body: String
    /// Values by name.
    public var attributes: [String: String]
}

/// The answer to `ReceiveMessage`.
struct SQSReceiveAnswer: Decodable {
    struct Attribute: Decodable {
        var text: String?

        private enum CodingKeys: String, CodingKey { case text = "StringValue" }
    }

    struct Received: Decodable {
        var id: String
        var receipt: String
        var bodyMD5: String?
        var body: String
        var attributes: [String: Attribute]?

        private enum CodingKeys: String, CodingKey {
            case id = "MessageId"
            case receipt = "ReceiptHandle"
            case bodyMD5 = "MD5OfBody"
            case body = "Body"
            case attributes = "MessageAttributes"
        }
    }

    var messages: [Received]?

    private enum CodingKeys: String, CodingKey { case messages = "Messages" }
}

/// The answer to `GetQueueUrl`.
struct SQSQueueURLAnswer: Decodable {
    var url: String

    private enum CodingKeys: String, CodingKey { case url = "QueueUrl" }
}

/// The answer to `GetQueueAttributes`.
struct SQSAttributesAnswer: Decodable {
    var attributes: [String: String]?

    private enum CodingKeys: String, CodingKey { case attributes = "Attributes" }
}
