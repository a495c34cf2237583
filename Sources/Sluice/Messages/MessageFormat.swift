/// What messages may hold and how their bodies are written.
public struct MessageFormat: Sendable, Hashable {
    /// What becomes of a row that fits no message.
    public enum Oversize: String, Sendable, Hashable, CaseIterable {
        /// It is an error, before anything of that row is sent.
        case error
        /// It is left out and counted.
        case reject
        /// It becomes a message of its own, larger than the limit. Whoever sends that puts its body elsewhere.
        case offload
    }

    /// The text in a body.
    public enum Text: String, Sendable, Hashable, CaseIterable {
        /// One JSON array.
        case json
        /// A row a line.
        case ndjson
    }

    /// The most that a message may hold, as SQS counts: body and attributes, in bytes; one of ``limits``.
    public var limit: Int
    /// The text in a body.
    public var text: Text
    /// The zstd level to compress bodies with, 1…22; nil: not compressed.
    public var compression: Int?
    /// What becomes of a row that fits no message.
    public var oversize: Oversize
    /// Bytes of a segment, a power of two: messages start anew where one starts.
    public internal(set) var segmentSize = 1 << 24

    /// Makes a format; what is not named has the usual value.
    public init(
        limit: Int = 262_144,
        text: Text = .json,
        compression: Int? = nil,
        oversize: Oversize = .error
    ) {
        self.limit = limit
        self.text = text
        self.compression = compression
        self.oversize = oversize
    }

    /// The values that ``limit`` may have: below, attributes leave little room, and no queue takes more.
    public static let limits = 4096...1_048_576

    /// Why no message can be made like this, or nil if some can.
    public var fault: String? {
        // Tests cut small segments into small messages.
        let limits = segmentSize < 1 << 20 ? 1...Self.limits.upperBound : Self.limits
        if !limits.contains(limit) {
            return "a message's limit is from \(limits.lowerBound) to \(limits.upperBound) bytes, not \(limit)"
        }
        guard let compression, !(1...22 ~= compression) else { return nil }
        return "a level of zstd is from 1 to 22, not \(compression)"
    }

    /// For queues that take 256 KiB a message: the limit of SQS until 2025, and still that of most queues.
    public static let sqs = MessageFormat()

    /// The format with another size of segments; any power of two, so that tests can be small.
    package func cutting(segmentSize: Int) -> MessageFormat {
        var format = self
        format.segmentSize = segmentSize
        return format
    }

    /// Bytes of the limit that are set aside for attributes: more than they can ever take, so that bodies do not depend on
    /// names. The longest take 807 of them, `ExtendedPayloadSize` included, and an event 208.
    package static let attributeReserve = 1024

    /// The most that a body may hold, in bytes.
    package var bodyLimit: Int { limit - Self.attributeReserve }

    package var content: Message.Content {
        switch (text, compression) {
        case (.json, nil): .json
        case (.ndjson, nil): .ndjson
        case (.json, _): .jsonZstd
        case (.ndjson, _): .ndjsonZstd
        }
    }
}
