public import SluiceCSV

/// A queue message: some rows as text, and attributes that state which.
public struct Message: Sendable, Hashable {
    /// How the body is written; the value of the attribute `sluice.content`.
    public enum Content: String, Sendable, Hashable, CaseIterable {
        /// One JSON array of rows.
        case json
        /// One row per line.
        case ndjson
        /// The base64 of one zstd frame of an array.
        case jsonZstd = "json+zstd+base64"
        /// The base64 of one zstd frame of lines.
        case ndjsonZstd = "ndjson+zstd+base64"
        /// Records that were put aside: a line of JSON for each, which says where it is and what is wrong.
        case rejects
        /// The last message of an input: a JSON object that states what was sent.
        case manifest
        /// The last message of an invalid input: a JSON object with the error.
        case aborted
    }

    /// The text, well-formed UTF-8.
    public var body: [UInt8] {
        get { encodedBody.bytes }
        set { encodedBody = .plain(newValue) }
    }
    /// The body in the form in which it was made.
    package private(set) var encodedBody: MessageText
    /// How to read ``body``.
    public var content: Content
    /// The input's name, with what pins its bytes: 1 to 480 bytes of printable ASCII.
    public var source: String
    /// Offsets in the input of the records' bytes. The ranges of all messages and the empty spans in the manifest tile the
    /// input.
    public var range: Range<UInt64>
    /// Numbers of the first and the last row's record. Nil in a manifest and an aborted message.
    public var records: ClosedRange<UInt64>?
    /// The number of the segment, from 0. In the last message, the number of segments.
    public var segment: UInt64
    /// The number of the message within its segment, from 0.
    public var index: Int
    /// 32 hexadecimal digits, the same for the same rows of the same input under the same configuration.
    public var id: String
    /// What the event that announced the input stated, if one did. It is no part of the message's identity.
    public var event: ObjectEvent?

    /// Creates a message, for tests of what takes messages. Those that Sluice makes have ids and ranges that ``MessageVerifier``
    /// accepts.
    ///
    /// - Parameters:
    ///   - body: The text, as `content` states.
    ///   - content: How to read the body.
    ///   - source: The input's name, with what pins its bytes.
    ///   - range: Offsets of the records' bytes.
    ///   - records: Numbers of the first and the last row's record.
    ///   - segment: The number of the segment.
    ///   - index: The number of the message within its segment.
    ///   - id: 32 hexadecimal digits.
    public init(
        body: String,
        content: Content = .json,
        source: String = "test",
        range: Range<UInt64> = 0..<0,
        records: ClosedRange<UInt64>? = nil,
        segment: UInt64 = 0,
        index: Int = 0,
        id: String = String(repeating: "0", count: 32)
    ) {
        self.init(
            body: .plain(Array(body.utf8)),
            content: content,
            source: source,
            range: range,
            records: records,
            segment: segment,
            index: index,
            id: id
        )
    }

    init(
        body: MessageText,
        content: Content,
        source: String,
        range: Range<UInt64>,
        records: ClosedRange<UInt64>?,
        segment: UInt64,
        index: Int,
        id: String
    ) {
        encodedBody = body
        self.content = content
        self.source = source
        self.range = range
        self.records = records
        self.segment = segment
        self.index = index
        self.id = id
    }

    /// Names and values, all of type String, in the order in which Sluice writes them.
    public var attributes: [(name: String, value: String)] {
        var attributes = [("sluice.source", source), ("sluice.range", range.text)]
        if let records { attributes.append(("sluice.records", "\(records.lowerBound)-\(records.upperBound)")) }
        attributes.append(("sluice.index", "\(segment)/\(index)"))
        attributes.append(("sluice.content", content.rawValue))
        attributes.append(("sluice.id", id))
        if let event { attributes.append(("sluice.event", event.json)) }
        return attributes
    }

    /// The size in bytes as SQS counts it: the body, and each attribute's name, type and value.
    public var size: Int {
        attributes.reduce(encodedBody.count) { $0 + Self.size(ofAttribute: $1.name, "String", $1.value) }
    }

    package static func size(ofAttribute name: String, _ type: String, _ value: String) -> Int {
        name.utf8.count + type.utf8.count + value.utf8.count
    }

    /// Whether it is the last message of its input: a manifest or an aborted message.
    public var isLast: Bool { content == .manifest || content == .aborted }
}

/// A range of an input's bytes as text: `0-400`.
extension Range<UInt64> {
    package var text: String { "\(lowerBound)-\(upperBound)" }

    init?(text: String) {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { UInt64($0) }
        guard ends.count == 2, let start = ends[0], let end = ends[1], start <= end else { return nil }
        self = start..<end
    }
}

/// Takes messages in order.
///
/// The last message of an input, a manifest or an `aborted` message, states which others there are. A sink that
/// delivers several messages at a time must deliver it only after all messages before it.
///
/// Sluice calls ``finish()`` once at the end of each run, however it ends: after the manifest, an aborted message or an
/// error. So a sink may buffer messages, and must then deliver them or report which it did not deliver.
public protocol MessageSink {
    /// Takes one message.
    mutating func send(_ message: Message) throws(SluiceError)

    /// Reports a row that was left out because it fits no message.
    mutating func reject(_ error: CSVError) throws(SluiceError)

    /// Reports, after all messages of a segment were sent, where another run can continue. By default it does nothing.
    mutating func reach(_ checkpoint: Checkpoint) throws(SluiceError)

    /// Delivers what is buffered. No message of this run follows, but another run may.
    ///
    /// - Throws: What could not be delivered, and why.
    mutating func finish() throws(SluiceError)
}

extension MessageSink {
    /// Does nothing.
    public mutating func reach(_ checkpoint: Checkpoint) throws(SluiceError) {}
}
