import SluiceEngine

/// A message in the form in which it is sent: with its body, or with a pointer to it.
package struct SQSEntry: Sendable {
    /// The message, with the body that the queue gets.
    package let message: Message
    /// The size of the actual body, if it is stored elsewhere.
    private let payloadSize: Int?

    /// Creates an entry with the message's own body.
    package init(_ message: Message) {
        self.message = message
        payloadSize = nil
    }

    /// Creates an entry whose body is at `pointer`.
    package init(_ message: Message, at pointer: S3Pointer) {
        payloadSize = message.encodedBody.count
        var message = message
        message.body = Array(pointer.json.utf8)
        self.message = message
    }

    package var attributes: [(name: String, type: String, value: String)] {
        let own = message.attributes.map { (name: $0.name, type: "String", value: $0.value) }
        guard let payloadSize else { return own }
        return own + [(S3Pointer.sizeAttribute, "Number", "\(payloadSize)")]
    }

    /// The size in bytes, as SQS counts it.
    package var size: Int {
        attributes.reduce(message.encodedBody.count) { $0 + Message.size(ofAttribute: $1.name, $1.type, $1.value) }
    }
}
