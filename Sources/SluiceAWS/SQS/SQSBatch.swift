import NIOCore
import SluiceCSV
import SluiceEngine
import SluiceJSON
import SluicePlatform

/// The messages of one request, in the form in which they are sent.
///
/// A message is written into the request's body when it is added, while it is still in the cache, and is not kept:
///
///     {"QueueUrl":"…","Entries":[{"Id":"0","MessageBody":"…",…},{"Id":"1",…}]}
///                                └──────── entries[0] ────────┘
package struct SQSBatch: Sendable {
    /// A message in the body.
    private struct Entry: Sendable {
        var range: Range<Int>
        /// The MD5 of the message's text, if it must be compared.
        var md5: String?
    }

    private let queue: SQSQueue
    private var entries: [Entry] = []
    private var fill: BatchFill
    private var text: ByteBuffer

    /// Creates an empty batch.
    ///
    /// - Parameters:
    ///   - limit: The most bytes of a request, as SQS counts them.
    ///   - memory: A buffer whose memory may be used again.
    package init(for queue: SQSQueue, limit: Int = BatchFill.mostBytes, memory: ByteBuffer = ByteBuffer()) {
        self.queue = queue
        fill = BatchFill(limit: limit, isFIFO: queue.isFIFO)
        text = memory
        // Most messages become a quarter longer: every name and value has two quotes, which are escaped.
        text.clear(minimumCapacity: limit + limit / 4)
        text.writeString(Self.start(for: queue))
    }

    /// The number of messages.
    package var count: Int { entries.count }

    /// The size in bytes, as SQS counts it.
    package var size: Int { fill.size }

    /// Whether a message may be added. If not, the batch must be sent first.
    package func takes(_ entry: SQSEntry, alone: Bool = false) -> Bool { fill.takes(entry.size, alone: alone) }

    package var isFull: Bool { fill.isFull }

    /// Whether a message may be added that need not be the last.
    func hasRoomAfter(_ entry: SQSEntry) -> Bool {
        var fill = fill
        guard fill.takes(entry.size) else { return false }
        fill.add(entry.size)
        return !fill.isFull
    }

    /// Adds a message, which the batch must take.
    package mutating func add(_ entry: SQSEntry, alone: Bool = false) {
        fill.add(entry.size, alone: alone)
        if !entries.isEmpty { text.writeString(",") }
        let start = text.writerIndex
        let before = "{\"Id\":\"\(entries.count)\",\"MessageBody\":\""
        let after = "\",\(members(of: entry))}"
        switch entry.message.encodedBody {
        case .plain(let body): text.writeBytes(Kernel.best.escaped(body, between: before, and: after))
        case .escaped(let json, _):
            text.writeString(before)
            text.writeBytes(json)
            text.writeString(after)
        }
        let md5 = queue.checksMD5 ? Digests.md5(entry.message.body) : nil
        entries.append(Entry(range: start..<text.writerIndex, md5: md5))
    }

    /// Ends the body. No message may be added.
    package mutating func seal() { text.writeString(Self.end) }

    /// The body of a request for all messages; its memory may be used again once the batch was sent.
    package var body: ByteBuffer { text }

    /// Returns the body of a request for some of the messages. An entry's id is the message's index in the batch.
    func body(of indices: [Int]) -> ByteBuffer {
        if indices.count == count { return text }
        var body = ByteBuffer(string: Self.start(for: queue))
        for (position, index) in indices.enumerated() {
            if position > 0 { body.writeString(",") }
            body.writeBytes(text.readableBytesView[entries[index].range])
        }
        body.writeString(Self.end)
        return body
    }

    /// The MD5 of a message's text, if it must be compared.
    func md5(of index: Int) -> String? { entries[index].md5 }

    private static func start(for queue: SQSQueue) -> String {
        "{\"QueueUrl\":\(JSONWriter.string(queue.url)),\"Entries\":["
    }

    private static let end = "]}"

    private func members(of entry: SQSEntry) -> String {
        let attributes = entry.attributes.map { name, type, value in
            (name: name, json: "{\"DataType\":\"\(type)\",\"StringValue\":\(JSONWriter.string(value))}")
        }
        var all = "\"MessageAttributes\":\(JSONWriter.object(attributes))"
        if let header = queue.traceHeader {
            let attribute = JSONWriter.object([("DataType", "\"String\""), ("StringValue", JSONWriter.string(header))])
            all += ",\"MessageSystemAttributes\":{\"AWSTraceHeader\":\(attribute)}"
        }
        guard queue.isFIFO else { return all }
        return "\(all),\"MessageGroupId\":\(JSONWriter.string(Self.group(of: entry.message.source))),"
            + "\"MessageDeduplicationId\":\(JSONWriter.string(entry.message.id))"
    }

    /// Returns the group of a source's messages, which a FIFO queue keeps in order. All versions of an object in S3 have the same,
    /// a hash. The name may have 1 to 128 printable ASCII characters, without spaces. Other sources are
    /// percent-encoded, and hashed if longer than 128.
    package static func group(of source: String) -> String {
        if let start = SourceName.start(ofObject: source) { return Digests.sha256(start) }
        let isName = source.utf8.allSatisfy { 0x21...0x7E ~= $0 }
        let name = isName ? source : PercentEncoding.encoded(source, keepsSlashes: true)
        return 1...128 ~= name.utf8.count ? name : Digests.sha256(source)
    }
}
