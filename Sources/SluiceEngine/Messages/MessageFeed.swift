import SluiceCSV

/// A message or a checkpoint of a run, in order.
package enum MessageEvent: Sendable {
    case message(Message)
    /// All messages before it were returned.
    case checkpoint(Checkpoint)
}

/// A run whose input is pushed to it. One task at a time may call its methods.
protocol MessageFeed: AnyObject {
    func add(_ bytes: UnsafeRawBufferPointer)
    /// Ends the input. `isDamaged` states that more bytes exist but cannot be read.
    func end(isDamaged: Bool)
    /// Removes and returns the first event that is ready.
    func next() -> MessageEvent?
    /// Why no further event follows.
    var failure: SluiceError? { get }
    var isDone: Bool { get }
}

extension CSVConverter {
    /// Returns a run that starts at the checkpoint. See ``events(from:start:resume:sendsManifest:isReadAgain:)``.
    func feed(
        from start: Checkpoint,
        resume: ResumePoint?,
        sendsManifest: Bool,
        isReadAgain: Bool
    ) throws(SluiceError) -> any MessageFeed {
        try check()
        if !start.identity.source.isSendable { throw .misuse("a source must be \(SourceName.rule)") }
        if messageFormat.compression == nil {
            return StreamFeed<PlainBody>(self, start, resume, sendsManifest, isReadAgain)
        }
        return StreamFeed<ZstdBody>(self, start, resume, sendsManifest, isReadAgain)
    }
}

private final class StreamFeed<Body: MessageBody>: MessageFeed {
    private var run: StreamRun<MessageOutput<Body, ReadyEvents>>

    init(
        _ converter: CSVConverter,
        _ start: Checkpoint,
        _ resume: ResumePoint?,
        _ sendsManifest: Bool,
        _ isReadAgain: Bool
    ) {
        let output = MessageOutput<Body, ReadyEvents>(
            ReadyEvents(),
            of: nil,
            from: start,
            isReadAgain: isReadAgain,
            converter,
            sendsManifest: sendsManifest
        )
        run = StreamRun(converter, converter.messageDriver(for: start.identity.source), output, from: resume)
    }

    var failure: SluiceError? { run.failure }
    var isDone: Bool { run.isDone }
    func add(_ bytes: UnsafeRawBufferPointer) { run.add(bytes) }
    func end(isDamaged: Bool) { run.end(isDamaged: isDamaged) }
    func next() -> MessageEvent? { run.output.sink.events.popFirst() }
}

/// Collects events until they are asked for.
private struct ReadyEvents: MessageSink {
    var events: ArraySlice<MessageEvent> = []

    mutating func send(_ message: Message) { events.append(.message(message)) }
    mutating func reject(_ error: CSVError) {}
    mutating func reach(_ checkpoint: Checkpoint) { events.append(.checkpoint(checkpoint)) }
    mutating func finish() {}
}
