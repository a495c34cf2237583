import SluiceCSV
import SluiceJSON
import SluiceSystem

/// What a run of messages came to.
public struct MessageSummary: Sendable, Hashable {
    /// Messages with rows; the last one, the manifest, does not count.
    public var messages: UInt64
    /// Rows in them.
    public var rows: UInt64
    /// Rows that were left out because they fit no message.
    public var rejected: UInt64
}

extension Sluice {
    /// Packs the rows of the file at a path, or of standard input as `-`, into messages, and sends them in order; the
    /// last is a manifest.
    ///
    /// The same input under the same configuration gives the same messages, however many threads there are. `source`
    /// overrides the name in the messages and pins nothing; without it, it is the file's name, pinned by its size. If the
    /// input is at fault, the messages before the fault and a last one of the kind ``Message/Content/aborted`` have been
    /// sent when the error is thrown. Memory is `threads` × about 10 MiB and the longest record.
    @discardableResult
    public func messages(
        file path: String,
        source name: String? = nil,
        to sink: inout some MessageSink
    ) throws(SluiceError) -> MessageSummary {
        let input = try open(path)
        let identity = identity(name ?? input.name, version: name == nil ? input.version : "")
        return try messages(input.content, identity, to: &sink)
    }

    package func identity(_ source: String, version: String) -> Identity {
        Identity(source: source, version: version, dialect: dialect, encoding: encoding, format: messageFormat)
    }

    @discardableResult
    package func messages(
        _ content: InputFile.Content,
        _ identity: Identity,
        to sink: inout some MessageSink
    ) throws(SluiceError) -> MessageSummary {
        if messageFormat.compression == nil { return try pack(PlainBody.self, content, identity, &sink) }
        return try pack(ZstdBody.self, content, identity, &sink)
    }

    private func pack<Body: MessageBody, Sink: MessageSink>(
        _: Body.Type,
        _ content: InputFile.Content,
        _ identity: Identity,
        _ sink: inout Sink
    ) throws(SluiceError) -> MessageSummary {
        switch content {
        case .stream(var source):
            let start = MessageConsumer<Body, Sink>(sink, identity, messageFormat, meter)
            let (end, error) = messagePlan.run(&source, start)
            sink = end.sink
            if let error { throw error }
            return end.tally.summary
        case .mapped(let file):
            let intact = IntactFileSink(file: file, sink: sink)
            let start = MessageConsumer<Body, IntactFileSink<Sink>>(intact, identity, messageFormat, meter)
            let (end, error) = messagePlan.run(file, start)
            sink = end.sink.sink
            try end.sink.check()
            if let error { throw error }
            return end.tally.summary
        }
    }

    var messagePlan: RunPlan {
        let recipe = RowPump.Recipe(
            dialect: dialect,
            kernel: kernel,
            separator: UInt8(ascii: messageFormat.text == .ndjson ? "\n" : ","),
            needsMarks: true,
            bufferSize: bufferSize
        )
        let segmentSize = messageFormat.segmentSize
        return RunPlan(
            recipe: recipe,
            threads: threads,
            // A segment's messages are compressed by one thread; rows as they are come in units that stay in cache.
            unitSize: messageFormat.compression == nil ? min(unitSize, segmentSize) : segmentSize,
            segmentSize: segmentSize,
            meter: meter
        )
    }
}

extension MessageTally {
    fileprivate var summary: MessageSummary {
        MessageSummary(messages: messages, rows: rows, rejected: rejectedRows)
    }
}
