import SluiceJSON

/// A message as it was received: a body, and attributes that state what it holds.
///
///     let message = ReceivedMessage(body: Array(body.utf8), attributes: attributes)
///     for row in try message.rows().split(separator: UInt8(ascii: "\n")) { … }
public struct ReceivedMessage: Sendable {
    /// The body, as it was received.
    public var body: [UInt8]
    /// The attributes by their names, such as `sluice.source`.
    public var attributes: [String: String]

    /// Creates a message of what was received.
    public init(body: [UInt8], attributes: [String: String]) {
        self.body = body
        self.attributes = attributes
    }

    /// Creates a message as one that was sent is received.
    public init(_ message: Message) {
        self.init(
            body: message.body,
            attributes: Dictionary(message.attributes.map { ($0.name, $0.value) }) { first, _ in first }
        )
    }

    /// Reads `{"body":"…","attributes":{…}}`, a line of `sluice messages` or of ``MessageLineSink``. Returns nil for anything else.
    public init?(json: [UInt8]) {
        guard let value = try? JSONReader.value(of: json), let body = value["body"]?.bytes,
            let members = value["attributes"]?.members
        else { return nil }
        var attributes: [String: String] = [:]
        for (name, value) in members {
            guard let text = value.text else { return nil }
            attributes[name] = text
        }
        self.init(body: body, attributes: attributes)
    }

    /// How to read the body; nil if the attribute `sluice.content` is missing or unknown.
    public var content: Message.Content? { attributes["sluice.content"].flatMap(Message.Content.init(rawValue:)) }
    /// The input's name, with what pins its bytes: the attribute `sluice.source`.
    public var source: String? { attributes["sluice.source"] }
    /// The attribute `sluice.id`. Two messages with the same id hold the same rows of the same input.
    public var id: String? { attributes["sluice.id"] }
    /// What the event that announced the input stated: the attribute `sluice.event`. Nil if there is none.
    public var event: ObjectEvent? { attributes["sluice.event"].flatMap(ObjectEvent.init(json:)) }
    /// Offsets in the input of the records' bytes: the attribute `sluice.range`.
    public var range: Range<UInt64>? { attributes["sluice.range"].flatMap(Range.init(text:)) }

    /// Numbers of the first and the last row's record: the attribute `sluice.records`.
    public var records: ClosedRange<UInt64>? {
        let ends = attributes["sluice.records"].flatMap(Range.init(text:))
        return ends.flatMap { $0.upperBound < .max ? $0.lowerBound...$0.upperBound : nil }
    }

    /// Returns the rows, unpacked, each on a line of its own that a line feed ends, whatever ``content`` says: an array becomes
    /// lines too. A row is a JSON object, or an array if the input has no header. `SluiceFoundation` decodes rows into values of
    /// your own types.
    ///
    /// A message is untrusted: its grammar is checked, and a few KiB can unpack to more than the memory holds.
    ///
    /// - Parameter limit: The most bytes that the body may have, both as it was received and unpacked.
    /// - Throws: ``SluiceError/overLimit(_:_:)`` beyond the limit, ``SluiceError/unusable(_:)`` if the body is not what the attributes
    ///   state, or there are no rows: in a manifest, an aborted message, or one whose attributes are missing.
    /// - Complexity: O(*n*) in the body's size. Memory is a small multiple of the limit.
    public func rows(limit: Int = 64 << 20) throws(SluiceError) -> [UInt8] {
        do throws(MessageRows.Fault) { return try lines(limit: limit) } catch {
            switch error {
            case .damaged where content == nil:
                throw .unusable("the message does not state its content in sluice.content")
            case .damaged where content == .manifest || content == .aborted:
                throw .unusable("the message is the last one of its input, which has no rows")
            case .damaged: throw .unusable("the message's body is damaged")
            case .tooLarge: throw .overLimit(.messageBody, "the message's body has more than \(limit) bytes")
            }
        }
    }

    /// Returns the rows, each followed by a line feed.
    package func lines(limit: Int) throws(MessageRows.Fault) -> [UInt8] {
        guard let content else { throw .damaged }
        return try MessageRows.lines(in: body, content, limit: limit)
    }
}
