/// Finds out whether all messages of an input were received, each once.
///
///     var verifier = MessageVerifier()
///     for message in received { verifier.add(message) }
///     for delivery in verifier.check() where !delivery.isComplete { print(delivery.source, delivery.findings) }
///
/// The ranges of an input's messages tile it, and their ids add up to the sum in the manifest. So nothing else is needed, and
/// messages of many inputs can come in any order. Memory is some hundred bytes per message; bodies are read, not kept.
public struct MessageVerifier: Sendable {
    /// What was received of one input.
    public struct Delivery: Sendable, Hashable {
        /// The input's name, with what pins its bytes.
        public let source: String
        /// What is missing, duplicated or wrong, in words. Empty if everything was received once.
        public let findings: [String]
        /// Whether everything was received, each message once.
        public var isComplete: Bool { findings.isEmpty }
        /// Whether the input was found invalid after some messages were sent. No more messages of it exist.
        public let isAborted: Bool
        /// The number of rows that were received.
        public let rows: UInt64
        /// The number of messages with rows that were received.
        public let messages: Int
        /// Numbers of the records that must be sent again; some of them may have no row. The last range can be open: its upper end is
        /// then the largest number.
        public let missingRecords: [ClosedRange<UInt64>]
    }

    private var deliveries: [String: SluiceEngine.Delivery] = [:]
    private var sources: [String] = []
    private var count = 0
    private let limit: Int

    /// Creates a verifier of messages whose bodies have at most that many bytes, both as received and unpacked.
    public init(bodyLimit: Int = 64 << 20) { limit = bodyLimit }

    /// Adds a message. Its body is read and checked.
    ///
    /// - Complexity: O(*n*) in the size of the body.
    public mutating func add(_ message: ReceivedMessage) {
        let source = message.source ?? ""
        if deliveries[source] == nil { sources.append(source) }
        deliveries[source, default: SluiceEngine.Delivery(source: source)].add(message, place: count, limit: limit)
        count += 1
    }

    /// Returns what was received of each input, in the order in which inputs were first seen.
    ///
    /// - Complexity: O(*n* log *n*) in the number of messages.
    public func check() -> [Delivery] {
        sources.compactMap { source in
            guard var delivery = deliveries[source] else { return nil }
            let findings = delivery.check().map(\.text)
            return Delivery(
                source: source,
                findings: findings,
                isAborted: delivery.isAborted,
                rows: delivery.rows,
                messages: delivery.parts.count,
                missingRecords: delivery.missing?.records ?? []
            )
        }
    }
}
