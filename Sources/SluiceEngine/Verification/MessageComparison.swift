import SluiceCSV
import SluiceJSON
import SluicePlatform

/// A sink that compares the messages of a new run with those that were received.
///
/// A body is compared as the archive holds it, byte for byte with what the run makes. Only where the two differ is the message
/// read, to name what differs: it may also just be written in another way.
package struct MessageComparison: MessageSink {
    private let archive: MessageArchive
    /// The received messages with rows, in the order of their ranges.
    private var parts: ArraySlice<Delivery.Part>
    /// The received messages of records that were put aside; nil if none was received.
    private var rejects: ArraySlice<Delivery.Part>?
    private let manifestPlace: MessageArchive.Place?
    private let maxBody: Int
    /// Offsets in the archive that were read and whose pages were not yet given back.
    private var pages = 0..<0
    /// The first difference, or nil if there is none so far.
    package private(set) var difference: String?

    package init(_ delivery: Delivery, in archive: MessageArchive, maxBody: Int) {
        parts = delivery.parts[...]
        rejects = delivery.rejects.isEmpty ? nil : delivery.rejects[...]
        manifestPlace = delivery.reportPlace
        self.maxBody = maxBody
        self.archive = archive
    }

    package mutating func send(_ made: Message) throws(SluiceError) {
        guard difference == nil else { return }
        if made.content == .rejects {
            guard let part = rejects?.popFirst() else {
                if rejects != nil {
                    difference = "the input has more rejected records than the messages: bytes \(made.range.text)"
                }
                return
            }
            return try compare(made, part)
        }
        if made.isLast {
            if let part = parts.first ?? rejects?.first {
                difference = "\(Self.name(part)) is not from the input, which ends before it"
            } else if let manifestPlace {
                let manifest = "message \(manifestPlace.number + 1), the manifest,"
                difference = Self.difference(of: made, from: try archive.message(at: manifestPlace)).map {
                    "\(manifest) \($0)"
                }
            }
            return
        }
        guard let part = parts.popFirst() else {
            difference = "the input has more rows than the messages: bytes \(made.range.text)"
            return
        }
        try compare(made, part)
    }

    private mutating func compare(_ made: Message, _ part: Delivery.Part) throws(SluiceError) {
        if part.range != made.range {
            difference = "\(Self.name(part)) has a different range than the input's: \(made.range.text)"
        } else if part.id.digits != made.id {
            difference = "\(Self.name(part)) has a different id than the input's: \(made.id)"
        } else {
            // Bodies above the limit are read, which refuses them.
            let isSame = made.encodedBody.count <= maxBody ? try archive.hasSame(made, at: part.place) : false
            if !isSame { difference = difference(of: made, from: try archive.message(at: part.place), part) }
            releasePages(of: part)
        }
    }

    private static var mostPages: Int { 1 << 22 }

    /// Gives back the pages of messages that follow one another together.
    private mutating func releasePages(of part: Delivery.Part) {
        let line = part.place.offset..<part.place.offset + part.place.size
        let follows = line.lowerBound == pages.upperBound || line.lowerBound == pages.upperBound + 1
        if follows, pages.count < Self.mostPages {
            pages = pages.lowerBound..<line.upperBound
        } else {
            archive.release(pages)
            pages = line
        }
    }

    /// Returns how two manifests differ. Those of the same run have the same bytes.
    private static func difference(of made: Message, from received: ReceivedMessage) -> String? {
        if let attribute = attribute(of: made, notIn: received) { return attribute }
        if made.body == received.body { return nil }
        let bodies = (JSONValue(parsing: made.body)?.members ?? [:], JSONValue(parsing: received.body)?.members ?? [:])
        let names = Set(bodies.0.keys).union(bodies.1.keys).sorted()
        guard let name = names.first(where: { bodies.0[$0] != bodies.1[$0] }) else {
            return "is written differently from the input's"
        }
        return "has a different \"\(TerminalText.name(name))\" than the input's"
    }

    /// Returns the first attribute of the new message that has another value in the received one.
    private static func attribute(of made: Message, notIn received: ReceivedMessage) -> String? {
        made.attributes.first { received.attributes[$0.name] != $0.value }
            .map { "has a different \($0.name) than the input's: \($0.value)" }
    }

    private func difference(of made: Message, from received: ReceivedMessage, _ part: Delivery.Part) -> String? {
        if let attribute = Self.attribute(of: made, notIn: received) { return "\(Self.name(part)) \(attribute)" }
        if made.body == received.body { return nil }
        let rows = (try? received.lines(limit: maxBody)) ?? []
        let expected = (try? MessageRows.lines(in: made.body, made.content, limit: .max)) ?? []
        var row = 1
        for (one, other) in zip(rows, expected) {
            if one != other { break }
            if one == 0x0A { row += 1 }
        }
        return "\(Self.name(part)) has different rows than the input, starting at its row \(row)"
    }

    private static func name(_ part: Delivery.Part) -> String {
        "message \(part.place.number + 1), bytes \(part.range.text),"
    }

    package mutating func reject(_ error: CSVError) {}
    package mutating func finish() {}
}
