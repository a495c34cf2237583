/// What messages may hold, and how their bodies are written.
public struct MessageFormat: Sendable, Hashable {
    /// What happens to a row that fits no message.
    public enum Oversize: String, Sendable, Hashable, CaseIterable {
        /// It is an error. Nothing of the row is sent.
        case error
        /// It is left out and counted.
        case reject
        /// It becomes a message of its own, larger than the limit. The sink must store its body elsewhere.
        case offload
    }

    /// The text in a body.
    public enum Text: String, Sendable, Hashable, CaseIterable {
        /// One JSON array.
        case json
        /// One row per line.
        case ndjson
    }

    /// The most bytes of a message as SQS counts them, body and attributes together. Must be within ``limits``.
    public var limit: Int
    /// The text in a body.
    public var text: Text
    /// The zstd level for bodies, from 1 to 22, or nil for no compression.
    public var compression: Int?
    /// What happens to a row that fits no message.
    public var oversize: Oversize
    /// The size of a segment in bytes, a power of two. Messages restart with each segment.
    public internal(set) var segmentSize = 1 << 24

    /// Creates a format. Parameters that are left out have their defaults.
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

    /// The range of ``limit``. With less, attributes leave little room; more is accepted by no queue.
    public static let limits = 4096...1_048_576

    /// Why no message can be made with this format, or nil if it is valid.
    public var fault: String? {
        // Tests use small segments and small messages.
        let limits = segmentSize < 1 << 20 ? 1...Self.limits.upperBound : Self.limits
        if !limits.contains(limit) {
            return "the message limit must be from \(limits.lowerBound) to \(limits.upperBound) bytes, not \(limit)"
        }
        let levels = ZstdCompressor.levels
        guard let compression, !levels.contains(compression) else { return nil }
        return "the zstd level must be from \(levels.lowerBound) to \(levels.upperBound), not \(compression)"
    }

    /// The format for queues that accept 256 KiB per message: the limit of SQS until 2025, and still that of most queues.
    public static let sqs = MessageFormat()

    /// Returns how many segments an input of that many bytes has.
    package func segments(of bytes: UInt64) -> UInt64 {
        let size = UInt64(segmentSize)
        return bytes / size + (bytes % size > 0 ? 1 : 0)
    }

    /// Returns the format with another segment size. Tests use small ones; it must be a power of two.
    package func cutting(segmentSize: Int) -> MessageFormat {
        var format = self
        format.segmentSize = segmentSize
        return format
    }

    /// Bytes of the limit reserved for attributes. They never take more, so where a body ends does not depend on names. The
    /// longest take 807 bytes, `ExtendedPayloadSize` included, and an event takes 208.
    package static let attributeReserve = 1024

    /// The most bytes of a body.
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
