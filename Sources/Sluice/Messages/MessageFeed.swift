import SluiceCSV

/// What comes of a run, in order.
package enum MessageEvent: Sendable {
    case message(Message)
    /// All messages before it have come.
    case checkpoint(Checkpoint)
}

/// A run that is given its input instead of fetching it. Its methods are called by one task at a time.
protocol MessageFeed: AnyObject {
    func add(_ bytes: UnsafeRawBufferPointer)
    /// Nothing follows what was added, or, if the input is damaged, nothing that can be had.
    func end(isDamaged: Bool)
    /// Takes out the first of what is ready.
    func next() -> MessageEvent?
    /// Why no further message comes.
    var failure: SluiceError? { get }
    var isDone: Bool { get }
}

extension Sluice {
    /// What comes before `behind` is made and left out.
    func feed(
        from start: Checkpoint,
        head: RunHead?,
        hasLastWord: Bool,
        behind: Checkpoint?
    ) -> any MessageFeed {
        if let fault { return FailedFeed(.misuse(fault)) }
        let sink = SinkBehind(behind, sink: ReadyEvents())
        if messageFormat.compression == nil { return StreamFeed<PlainBody>(self, start, head, hasLastWord, sink) }
        return StreamFeed<ZstdBody>(self, start, head, hasLastWord, sink)
    }
}

/// Gives nothing but the reason.
final class FailedFeed: MessageFeed {
    let failure: SluiceError?
    let isDone = false

    init(_ failure: SluiceError) { self.failure = failure }
    func add(_ bytes: UnsafeRawBufferPointer) {}
    func end(isDamaged: Bool) {}
    func next() -> MessageEvent? { nil }
}

private final class StreamFeed<Body: MessageBody>: MessageFeed {
    private var stream: StreamWindow
    private var run: SequentialRun<MessageConsumer<Body, SinkBehind<ReadyEvents>>>
    private var ready: ArraySlice<MessageEvent> = []
    /// Bytes that were in memory when it last went on, and not enough.
    private var seen = 0
    private let maxRecord: Int
    private(set) var failure: SluiceError?
    private(set) var isDone = false
    /// What makes UTF-8 of the bytes, and what it made last.
    private var decoder: TextDecoder?
    private var decoded: [UInt8] = []

    init(
        _ sluice: Sluice,
        _ start: Checkpoint,
        _ head: RunHead?,
        _ hasLastWord: Bool,
        _ sink: SinkBehind<ReadyEvents>
    ) {
        let plan = sluice.messagePlan
        let (format, meter) = (sluice.messageFormat, sluice.meter)
        maxRecord = sluice.dialect.maxRecord
        decoder = TextDecoder(sluice.encoding, assumesCSV: sluice.dialect.assumesCSV)
        stream = StreamWindow(sluice.dialect, sluice.kernel, from: start.entry, form: sluice.encoding.textForm)
        run = SequentialRun(
            plan.pump(on: stream.window, behind: head),
            consumer: MessageConsumer(sink, from: start, format, meter, hasLastWord: hasLastWord),
            segmentSize: plan.segmentSize,
            meter: sluice.meter
        )
        if !start.identity.source.isSendable { failure = .misuse("a source is \(SourceName.rule)") }
    }

    func add(_ bytes: UnsafeRawBufferPointer) {
        if decoder == nil {
            append(bytes)
        } else {
            decoder?.decode(bytes, to: &decoded)
            appendDecoded()
            if let fault = decoder?.fault { return abort(fault) }
        }
        if failure == nil, stream.window.count >= StreamWindow.enough(beyond: seen, maxRecord: maxRecord) { advance() }
    }

    private func append(_ bytes: UnsafeRawBufferPointer) {
        do throws(SluiceError) { try stream.append(bytes) } catch { failure = error }
    }

    func end(isDamaged: Bool) {
        decoder?.finish(&decoded, isDamaged: isDamaged)
        appendDecoded()
        if let fault = decoder?.fault { return abort(fault) }
        if failure != nil { return }
        if !isDamaged { stream.close() }
        advance()
        guard isDamaged, failure == nil else { return }
        do throws(SluiceError) { try run.abort(.badCompression) } catch { failure = error }
        ready += run.takeReady()
    }

    private func appendDecoded() {
        decoded.withUnsafeBytes { append($0) }
        decoded.removeAll(keepingCapacity: true)
    }

    private func abort(_ error: CSVError) {
        do throws(SluiceError) { try run.abort(error) } catch { failure = error }
        ready += run.takeReady()
    }

    func next() -> MessageEvent? { ready.popFirst() }

    private func advance() {
        run.goOn(in: stream.window)
        do throws(SluiceError) { isDone = try run.advance() == .done } catch { failure = error }
        ready += run.takeReady()
        run.dropConverted(from: &stream)
        seen = stream.window.count
    }
}

/// Keeps what comes until it is asked for.
private struct ReadyEvents: MessageSink {
    var events: [MessageEvent] = []

    mutating func send(_ message: Message) { events.append(.message(message)) }
    mutating func reject(_ error: CSVError) {}
    mutating func reach(_ checkpoint: Checkpoint) { events.append(.checkpoint(checkpoint)) }
    mutating func finish() {}
}

extension SequentialRun {
    fileprivate mutating func takeReady<Body>() -> [MessageEvent]
    where Consumer == MessageConsumer<Body, SinkBehind<ReadyEvents>> {
        defer { consumer.sink.sink.events = [] }
        return consumer.sink.sink.events
    }
}
