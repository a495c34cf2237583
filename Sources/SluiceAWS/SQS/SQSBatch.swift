import NIOCore
import Sluice
import SluiceCSV
import SluiceJSON

/// Messages that go out with one request: at most 10, and no more bytes together than the queue takes. For a FIFO
/// queue it is one, since of several the first may fail and the second not, which would change their order.
package struct SQSBatch: Sendable {
    package private(set) var entries: [SQSEntry] = []
    /// Bytes as SQS counts them.
    private(set) var size = 0
    private let limit: Int
    private let most: Int

    /// The most messages that a request holds.
    static let most = 10

    package init(limit: Int, isFIFO: Bool = false) {
        self.limit = limit
        most = isFIFO ? 1 : Self.most
    }

    /// Adds a message; false: it does not fit behind those that are there.
    package mutating func add(_ entry: SQSEntry) -> Bool {
        let added = entry.size
        guard entries.isEmpty || (entries.count < most && size + added <= limit) else { return false }
        entries.append(entry)
        size += added
        return true
    }

    package var isFull: Bool { entries.count == most }

    /// The request's body for these of the messages; an entry's id is the message's place in the batch.
    func body(of indices: [Int], for queue: SQSQueue, escaper: JSONEscaper) -> ByteBuffer {
        var body = ByteBuffer()
        body.reserveCapacity(size + size / 4 + 1024)
        body.writeString("{\"QueueUrl\":\(JSONText.string(queue.url)),\"Entries\":[")
        for (position, index) in indices.enumerated() {
            let before = (position > 0 ? "," : "") + "{\"Id\":\"\(index)\",\"MessageBody\":\""
            let after = "\",\(members(of: entries[index], for: queue))}"
            body.writeBytes(escaper.line(before, entries[index].message.body, after))
        }
        body.writeString("]}")
        return body
    }

    private func members(of entry: SQSEntry, for queue: SQSQueue) -> String {
        let attributes = entry.attributes.map { name, type, value in
            (name: name, json: "{\"DataType\":\"\(type)\",\"StringValue\":\(JSONText.string(value))}")
        }
        let all = "\"MessageAttributes\":\(JSONText.object(attributes))"
        guard queue.isFIFO else { return all }
        return "\(all),\"MessageGroupId\":\(JSONText.string(Self.group(of: entry.message.source))),"
            + "\"MessageDeduplicationId\":\(JSONText.string(entry.message.id))"
    }

    /// The messages of one source are one group, which a FIFO queue keeps in order. A group's name has up to 128 ASCII
    /// characters; other sources have theirs percent-encoded, or are named by their hash.
    package static func group(of source: String) -> String {
        let isName = source.utf8.allSatisfy { 0x21...0x7E ~= $0 }
        let name = isName ? source : URIText.encoded(source, keepsSlashes: true)
        return 1...128 ~= name.utf8.count ? name : Digests.sha256(source)
    }
}
