import SluiceEngine

/// A message in the form in which it is sent: with its body, or with a pointer to it.
package struct SQSEntry: BatchEntry {
    /// The message, with the body that the queue gets.
    package let message: Message
    /// The message with its actual body, if that is stored elsewhere.
    let offloaded: Message?

    /// Creates an entry with the message's own body.
    package init(_ message: Message) {
        self.message = message
        offloaded = nil
    }

    /// Creates an entry whose body is at `pointer`.
    package init(_ message: Message, at pointer: S3Pointer) {
        offloaded = message
        var message = message
        message.body = Array(pointer.json.utf8)
        self.message = message
    }

    package var attributes: [(name: String, type: String, value: String)] {
        let own = message.attributes.map { (name: $0.name, type: "String", value: $0.value) }
        return own + (payloadSize.map { [$0] } ?? [])
    }

    /// The attribute that states the size of the actual body, if that is stored elsewhere.
    private var payloadSize: (name: String, type: String, value: String)? {
        offloaded.map { (S3Pointer.sizeAttribute, "Number", "\($0.encodedBody.count)") }
    }

    /// The size in bytes, as SQS counts it.
    package var size: Int {
        message.size + (payloadSize.map { Message.size(ofAttribute: $0.name, $0.type, $0.value) } ?? 0)
    }

    package var isAlone: Bool { message.isLast || offloaded != nil }
}
