/// Counts the messages of one request to a queue. At most 10 messages, together at most `limit` bytes or 256 KiB, whichever
/// is more. A request to a FIFO queue holds one: if the first of several failed and the second did not, their order would
/// change.
package struct BatchFill: Sendable, Hashable {
    package private(set) var count = 0
    /// Bytes of the messages as SQS counts them.
    package private(set) var size = 0
    private let limit: Int
    private let most: Int

    /// The most messages in a request.
    package static let most = 10

    /// Bytes that every queue accepts in a request, even if its messages must be smaller.
    private static let least = 262_144

    /// Creates an empty request. `limit` is the most bytes of a message.
    package init(limit: Int, isFIFO: Bool) {
        self.limit = max(limit, Self.least)
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
