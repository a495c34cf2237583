import NIOCore
import SluiceCSV
import SluiceEngine
import SluiceJSON
import SluicePlatform

/// The messages of one request.
package struct SQSBatch: Sendable {
    package private(set) var entries: [SQSEntry] = []
    private var fill: BatchFill

    package init(limit: Int, isFIFO: Bool = false) { fill = BatchFill(limit: limit, isFIFO: isFIFO) }

    /// The size in bytes, as SQS counts it.
    var size: Int { fill.size }

    /// Whether a message may be added. If not, the batch must be sent first.
    package func takes(_ entry: SQSEntry, alone: Bool = false) -> Bool { fill.takes(entry.size, alone: alone) }

    /// Adds a message, which the batch must take.
    package mutating func add(_ entry: SQSEntry, alone: Bool = false) {
        fill.add(entry.size, alone: alone)
        entries.append(entry)
    }

    package var isFull: Bool { fill.isFull }

    /// Returns the body of a request for some of the messages. An entry's id is the message's index in the batch.
    func body(of indices: [Int], for queue: SQSQueue, escaper: JSONEscaper) -> ByteBuffer {
        var body = ByteBuffer()
        body.reserveCapacity(size + size / 4 + 1024)
        body.writeString("{\"QueueUrl\":\(JSONWriter.string(queue.url)),\"Entries\":[")
        for (position, index) in indices.enumerated() {
            let before = (position > 0 ? "," : "") + "{\"Id\":\"\(index)\",\"MessageBody\":\""
            let after = "\",\(members(of: entries[index], for: queue))}"
            switch entries[index].message.encodedBody {
            case .plain(let text): body.writeBytes(escaper.line(before, text, after))
            case .escaped(let json, _):
                body.writeString(before)
                body.writeBytes(json)
                body.writeString(after)
            }
        }
        body.writeString("]}")
        return body
    }

    private func members(of entry: SQSEntry, for queue: SQSQueue) -> String {
        let attributes = entry.attributes.map { name, type, value in
            (name: name, json: "{\"DataType\":\"\(type)\",\"StringValue\":\(JSONWriter.string(value))}")
        }
        let all = "\"MessageAttributes\":\(JSONWriter.object(attributes))"
        guard queue.isFIFO else { return all }
        return "\(all),\"MessageGroupId\":\(JSONWriter.string(Self.group(of: entry.message.source))),"
            + "\"MessageDeduplicationId\":\(JSONWriter.string(entry.message.id))"
    }

    /// Returns the group of a source's messages, which a FIFO queue keeps in order. Its name may have 1 to 128 printable ASCII
    /// characters, without spaces. Other sources are percent-encoded, and hashed if longer than 128.
    package static func group(of source: String) -> String {
        let isName = source.utf8.allSatisfy { 0x21...0x7E ~= $0 }
        let name = isName ? source : PercentEncoding.encoded(source, keepsSlashes: true)
        return 1...128 ~= name.utf8.count ? name : Digests.sha256(source)
    }
}
