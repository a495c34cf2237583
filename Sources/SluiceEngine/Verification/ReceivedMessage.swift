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
    package var range: Range<UInt64>? { attributes["sluice.range"].flatMap(Self.range) }

    package var records: ClosedRange<UInt64>? {
        guard let ends = attributes["sluice.records"].flatMap(Self.range), ends.upperBound < .max else { return nil }
        return ends.lowerBound...ends.upperBound
    }

    /// Parses `START-END`.
    static func range(_ text: String) -> Range<UInt64>? {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { UInt64($0) }
        guard ends.count == 2, let start = ends[0], let end = ends[1], start <= end else { return nil }
        return start..<end
    }

    /// The numbers in the attribute `sluice.index`, or nil if it is missing or malformed.
    package var place: (segment: UInt64, index: Int)? {
        let numbers = attributes["sluice.index"]?.split(separator: "/", omittingEmptySubsequences: false) ?? []
        guard numbers.count == 2, let segment = UInt64(numbers[0]), let index = Int(numbers[1]) else { return nil }
        return (segment, index)
    }

    /// Returns the rows, each followed by a line feed.
    package func lines(limit: Int) throws(MessageRows.Fault) -> [UInt8] {
        guard let content else { throw .damaged }
        return try MessageRows.lines(in: body, content, limit: limit)
    }
}
