/// Finds out whether all messages of an input were received.
///
///     var verifier = MessageVerifier()
///     for message in received where verifier.add(message) { use(try message.rows()) }
///     for delivery in verifier.check() where !delivery.isComplete { print(delivery.source, delivery.findings) }
///
/// The ranges of an input's messages tile it, and their ids add up to the sum in the manifest. So nothing else is needed, and
/// messages of many inputs can come in any order, and more than once. Memory is some hundred bytes per message; bodies are read,
/// not kept.
///
/// It finds what is missing, what is of another input or configuration, and bodies that are damaged or hold another number of
/// rows. It does not find values that someone changed: an id is made of the input's bytes, not of the body. For that, compare the
/// messages with the input: ``CSVConverter/difference(of:fromFile:)``.
public struct MessageVerifier: Sendable {
    private var deliveries: [String: SluiceEngine.Delivery] = [:]
    private var sources: [String] = []
    private var count = 0
    private let limit: Int

    /// Creates a verifier of messages whose bodies have at most that many bytes, both as received and unpacked.
    public init(bodyLimit: Int = 64 << 20) { limit = bodyLimit }

    /// Adds a message. Its body is read and checked.
    ///
    /// - Returns: Whether it can be used: it is sound, and the first with its id.
    /// - Complexity: O(*n*) in the size of the body.
    @discardableResult
    public mutating func add(_ message: ReceivedMessage) -> Bool {
        let source = message.source ?? ""
        if deliveries[source] == nil { sources.append(source) }
        defer { count += 1 }
        return deliveries[source, default: SluiceEngine.Delivery(source: source)]
            .add(message, place: count, limit: limit)
    }

    /// Returns what was received of each input, in the order in which inputs were first seen. Of an input of which nothing was
    /// received it knows nothing.
    ///
    /// - Complexity: O(*n* log *n*) in the number of messages.
    public func check() -> [Delivery] {
        sources.compactMap { source in
            guard var delivery = deliveries[source] else { return nil }
            return Delivery(delivery.check(), in: delivery)
        }
    }
}
