/// A message as one of a request's.
package protocol BatchEntry: Sendable {
    /// The size in bytes, as the queue counts it.
    var size: Int { get }
    /// Whether no other message may be in its request.
    var isAlone: Bool { get }
}

/// The messages of one request.
package struct Batch<Entry: BatchEntry>: Sendable {
    package private(set) var entries: [Entry] = []
    /// The size of all messages in bytes.
    package private(set) var size = 0

    /// The most messages in a request.
    package static var most: Int { 10 }

    package init(_ entries: [Entry] = []) {
        for entry in entries { add(entry) }
    }

    fileprivate mutating func add(_ entry: Entry) {
        entries.append(entry)
        size += entry.size
    }
}

/// Groups messages into requests to a queue: at most 10 messages, together at most `limit` bytes or 256 KiB, whichever is
/// more. A request to a FIFO queue holds one: if the first of several failed and the second did not, their order would
/// change.
///
/// The last message of an input is sent alone, after the queue has all others. So is one whose body is stored elsewhere
/// first, so that no more such bodies are in memory than requests are sent at a time.
package struct Batches<Entry: BatchEntry>: Sendable {
    private var open = Batch<Entry>()
    private let limit: Int
    private let most: Int

    /// - Parameter limit: The most bytes of a message.
    package init(limit: Int, isFIFO: Bool = false) {
        // Every queue accepts requests of this size, even if its messages must be smaller.
        self.limit = max(limit, MessageFormat.sqs.limit)
        most = isFIFO ? 1 : Batch<Entry>.most
    }

    /// Adds a message. Returns the batches to send now, in this order: the one before, if the message does not fit into it,
    /// and the message's own, if no other may follow.
    package mutating func add(_ entry: Entry) -> (earlier: Batch<Entry>?, own: Batch<Entry>?) {
        let fits = open.entries.isEmpty || (!entry.isAlone && open.size + entry.size <= limit)
        let earlier = fits ? nil : take()
        open.add(entry)
        return (earlier, entry.isAlone || open.entries.count == most ? take() : nil)
    }

    /// Returns the batch that waits for further messages, and starts another. Returns nil if no message waits.
    package mutating func take() -> Batch<Entry>? {
        if open.entries.isEmpty { return nil }
        defer { open = Batch() }
        return open
    }
}
