import SluiceCSV

/// A run that is given its input instead of fetching it. Its methods are called by one task at a time.
protocol MessageFeed: AnyObject {
    func add(_ bytes: UnsafeRawBufferPointer)
    /// Nothing follows what was added.
    func end()
    /// Takes out the first of the messages that are ready.
    func next() -> Message?
    /// Why no further message comes.
    var failure: SluiceError? { get }
    var isDone: Bool { get }
}

extension Sluice {
    func feed(_ source: String, version: String) -> any MessageFeed {
        let identity = identity(source, version: version)
        if messageFormat.compression == nil { return StreamFeed<PlainBody>(self, identity) }
        return StreamFeed<ZstdBody>(self, identity)
    }
}

private final class StreamFeed<Body: MessageBody>: MessageFeed {
    private var stream = StreamWindow()
    private var run: SequentialRun<MessageConsumer<Body, ReadyMessages>>
    private var ready: ArraySlice<Message> = []
    /// Bytes that were in memory when it last went on: less than twice as many of a long record are not looked at.
    private var seen = 0
    private(set) var failure: SluiceError?
    private(set) var isDone = false

    init(_ sluice: Sluice, _ identity: Identity) {
        let plan = sluice.messagePlan
        let sink = ReadyMessages()
        run = SequentialRun(
            RowPump(plan.recipe, window: stream.window),
            consumer: MessageConsumer(sink, identity, sluice.messageFormat, sluice.meter),
            segmentSize: plan.segmentSize,
            meter: sluice.meter
        )
        if sluice.encoding != .utf8 { failure = .unusable("a stream must be UTF-8; transcode it first") }
    }

    func add(_ bytes: UnsafeRawBufferPointer) {
        stream.append(bytes)
        if stream.window.count >= 2 * seen { advance() }
    }

    func end() {
        stream.close()
        advance()
    }

    func next() -> Message? { ready.popFirst() }

    private func advance() {
        run.slide(to: stream.window, dropped: 0)
        do throws(SluiceError) { isDone = try run.advance() == .done } catch { failure = error }
        ready += run.takeReady()
        let dropped = run.pump.tokenizer.position
        stream.drop(dropped)
        run.slide(to: stream.window, dropped: dropped)
        seen = stream.window.count > StreamWindow.longRecord ? stream.window.count : 0
    }
}

/// Keeps messages until they are asked for.
private struct ReadyMessages: MessageSink {
    var messages: [Message] = []

    mutating func send(_ message: Message) { messages.append(message) }
    mutating func reject(_ error: CSVError) {}
}

extension SequentialRun {
    fileprivate mutating func takeReady<Body>() -> [Message] where Consumer == MessageConsumer<Body, ReadyMessages> {
        defer { consumer.sink.messages = [] }
        return consumer.sink.messages
    }
}
