/// The fill of one request to a queue: at most 10 messages, together at most 1 MiB, also if the queue's own limit for a
/// message is smaller. A request to a FIFO queue holds one: if the first of several failed and the second did not, their order
/// would change.
///
/// The last message of an input is sent alone, after the queue has all others. So is one whose body is stored elsewhere
/// first, so that no more such bodies are in memory than requests are sent at a time.
package struct BatchFill: Sendable, Hashable {
    package private(set) var count = 0
    /// Bytes of the messages as SQS counts them.
    package private(set) var size = 0
    /// Whether no message may follow.
    package private(set) var isFull = false
    private let limit: Int
    private let most: Int

    /// The most messages in a request.
    package static let most = 10

    /// The most bytes in a request.
    package static let mostBytes = 1 << 20

    /// Creates an empty request of at most `limit` bytes.
    package init(limit: Int = mostBytes, isFIFO: Bool) {
        self.limit = limit
        most = isFIFO ? 1 : Self.most
    }

    /// Whether a message of `added` bytes may be added. If not, the request must be sent first.
    package func takes(_ added: Int, alone: Bool = false) -> Bool {
        count == 0 || (!isFull && !alone && size + added <= limit)
    }

    /// Adds a message, which the request must take.
    package mutating func add(_ added: Int, alone: Bool = false) {
        count += 1
        size += added
        isFull = alone || count == most
    }
}
