/// Counts the messages of one request to a queue: at most 10, with at most the bytes of one message together, or the bytes
/// that every queue accepts in a request if those are more. For a FIFO queue it is one message, because if the first of
/// several failed and the second did not, their order would change.
package struct BatchFill: Sendable, Hashable {
    package private(set) var count = 0
    /// Bytes of the messages as SQS counts them.
    package private(set) var size = 0
    private let limit: Int
    private let most: Int

    /// The most messages in a request.
    package static let most = 10

    /// Creates an empty request. `limit` is the most bytes of a message.
    package init(limit: Int, isFIFO: Bool) {
        // Every queue accepts requests of this size, even if its messages must be smaller.
        self.limit = max(limit, MessageFormat.sqs.limit)
        most = isFIFO ? 1 : Self.most
    }

    /// Adds a message of `added` bytes. Returns false, and adds nothing, if it does not fit.
    package mutating func add(_ added: Int) -> Bool {
        guard count == 0 || (count < most && size + added <= limit) else { return false }
        count += 1
        size += added
        return true
    }

    package var isFull: Bool { count == most }
}
