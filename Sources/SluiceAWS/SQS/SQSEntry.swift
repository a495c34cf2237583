import SluiceEngine

/// A message in the form in which it is sent: with its body, or with a pointer to it.
package struct SQSEntry: Sendable {
    /// The message, with the body that the queue gets.
    package let message: Message
    package let attributes: [(name: String, type: String, value: String)]
    /// The size in bytes, as SQS counts it.
    package let size: Int

    /// Creates an entry with the message's own body.
    package init(_ message: Message) { self.init(message, payloadSize: nil) }

    /// Creates an entry whose body is at `pointer`.
    package init(_ message: Message, at pointer: S3Pointer) {
        var pointing = message
        pointing.body = Array(pointer.json.utf8)
        self.init(pointing, payloadSize: message.encodedBody.count)
    }

    /// - Parameter payloadSize: The size of the actual body, if it is stored elsewhere.
    private init(_ message: Message, payloadSize: Int?) {
        var attributes = message.attributes.map { (name: $0.name, type: "String", value: $0.value) }
        if let payloadSize { attributes.append((S3Pointer.sizeAttribute, "Number", "\(payloadSize)")) }
        self.message = message
        self.attributes = attributes
        size = attributes.reduce(message.encodedBody.count) {
            $0 + Message.size(ofAttribute: $1.name, $1.type, $1.value)
        }
    }
}
