/// How full a request is that takes several messages to a queue: at most 10, and no more bytes together than one message may
/// have or, if that is less, than every queue takes in a request. For a FIFO queue it is one, since of several the first may
/// fail and the second not, which would change their order.
package struct BatchFill: Sendable, Hashable {
    package private(set) var count = 0
    /// Bytes of the messages as SQS counts them.
    package private(set) var size = 0
    private let limit: Int
    private let most: Int

    /// The most messages that a request holds.
    package static let most = 10

    /// Bytes that every queue takes in a request, however little it takes in a message.
    private static let least = 262_144

    /// `limit`: the most bytes of a message.
    package init(limit: Int, isFIFO: Bool) {
        self.limit = max(limit, Self.least)
        most = isFIFO ? 1 : Self.most
    }

    /// Makes room for a message of that size; false: it does not fit after those that are there.
    package mutating func add(_ added: Int) -> Bool {
        guard count == 0 || (count < most && size + added <= limit) else { return false }
        count += 1
        size += added
        return true
    }

    package var isFull: Bool { count == most }
}
