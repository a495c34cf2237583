public import SluiceCSV

/// What one queue message holds: some rows as text, and attributes that say which.
public struct Message: Sendable, Hashable {
    /// How the body is written; the value of the attribute `sluice.content`.
    public enum Content: String, Sendable, Hashable, CaseIterable {
        /// One JSON array of rows.
        case json
        /// A row a line.
        case ndjson
        /// The base64 of one zstd frame of an array.
        case jsonZstd = "json+zstd+base64"
        /// The base64 of one zstd frame of lines.
        case ndjsonZstd = "ndjson+zstd+base64"
        /// The last message of an input: a JSON object that says what was sent.
        case manifest
        /// The last message of an invalid input: a JSON object with the error.
        case aborted
    }

    /// The text, well-formed UTF-8.
    public var body: [UInt8]
    /// How to read ``body``.
    public var content: Content
    /// What the input is called, and what pins its bytes: 1 to 480 bytes of printable ASCII.
    public var source: String
    /// Offsets in the input of the records' bytes. The ranges of all messages tile the input.
    public var range: Range<UInt64>
    /// Numbers of the first and the last row's record; nil in a manifest or an aborted message.
    public var records: ClosedRange<UInt64>?
    /// The segment, counted from 0; for the last message, the number of segments.
    public var segment: UInt64
    /// The message within its segment, counted from 0.
    public var index: Int
    /// 32 hexadecimal digits that are the same for the same rows of the same input under the same configuration.
    public var id: String

    /// Names and values, all of the type String, in the order in which Sluice writes them.
    public var attributes: [(name: String, value: String)] {
        var attributes = [("sluice.source", source), ("sluice.range", "\(range.lowerBound)-\(range.upperBound)")]
        if let records { attributes.append(("sluice.records", "\(records.lowerBound)-\(records.upperBound)")) }
        attributes.append(("sluice.index", "\(segment)/\(index)"))
        attributes.append(("sluice.content", content.rawValue))
        attributes.append(("sluice.id", id))
        return attributes
    }

    /// Bytes as SQS counts them: the body and each attribute's name, type and value.
    public var size: Int {
        attributes.reduce(body.count) { $0 + $1.name.utf8.count + Self.typeName.utf8.count + $1.value.utf8.count }
    }

    static let typeName = "String"
}

/// Takes messages in order.
///
/// Sluice calls ``finish()`` once at the end of each run, however the run ends: after the manifest, after an aborted message,
/// after an error. So a sink may keep messages for a while, and must deliver them then or say which it did not.
public protocol MessageSink {
    /// Takes one message.
    mutating func send(_ message: Message) throws(SluiceError)

    /// Is told of a row that was left out because it fits no message.
    mutating func reject(_ error: CSVError) throws(SluiceError)

    /// Is told, after all messages of a segment were sent, from where another run can go on. By default nothing is done.
    mutating func reach(_ checkpoint: Checkpoint) throws(SluiceError)

    /// Delivers what was taken and is not delivered yet. No message of this run follows; another run may.
    ///
    /// - Throws: what could not be delivered, and why.
    mutating func finish() throws(SluiceError)
}

extension MessageSink {
    /// Does nothing.
    public mutating func reach(_ checkpoint: Checkpoint) throws(SluiceError) {}
}
