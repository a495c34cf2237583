import SluiceJSON

/// A message as it was received: read back from the JSON that ``MessageLineSink`` writes.
package struct ReceivedMessage: Sendable {
    package var body: [UInt8]
    package var attributes: [String: String]

    package init(body: [UInt8], attributes: [String: String]) {
        self.body = body
        self.attributes = attributes
    }

    /// Reads `{"body":"…","attributes":{…}}`. Returns nil for anything else.
    package init?(json: [UInt8]) {
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

    package var content: Message.Content? { attributes["sluice.content"].flatMap(Message.Content.init(rawValue:)) }
    package var source: String? { attributes["sluice.source"] }
    package var id: String? { attributes["sluice.id"] }
    package var range: Range<UInt64>? { attributes["sluice.range"].flatMap(Range.init(text:)) }

    package var records: ClosedRange<UInt64>? {
        let ends = attributes["sluice.records"].flatMap(Range.init(text:))
        return ends.flatMap { $0.upperBound < .max ? $0.lowerBound...$0.upperBound : nil }
    }

    /// Returns the rows, each followed by a line feed.
    package func lines(limit: Int) throws(MessageRows.Fault) -> [UInt8] {
        guard let content else { throw .damaged }
        return try MessageRows.lines(in: body, content, limit: limit)
    }
}
