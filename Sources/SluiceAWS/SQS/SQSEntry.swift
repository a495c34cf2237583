import Sluice

/// A message as it goes out: as it is, or with its body somewhere else.
package struct SQSEntry: Sendable {
    /// With the text that the queue is given.
    package let message: Message
    /// The bytes of the body that is somewhere else.
    private let payloadSize: Int?

    /// A message as it is.
    package init(_ message: Message) {
        self.message = message
        payloadSize = nil
    }

    /// A message whose body is at the pointer.
    package init(_ message: Message, at pointer: S3Pointer) {
        payloadSize = message.body.count
        var message = message
        message.body = Array(pointer.json.utf8)
        self.message = message
    }

    package var attributes: [(name: String, type: String, value: String)] {
        let own = message.attributes.map { (name: $0.name, type: "String", value: $0.value) }
        guard let payloadSize else { return own }
        return own + [(S3Pointer.sizeAttribute, "Number", "\(payloadSize)")]
    }

    /// Bytes as SQS counts them.
    package var size: Int {
        attributes.reduce(message.body.count) { $0 + $1.name.utf8.count + $1.type.utf8.count + $1.value.utf8.count }
    }
}
