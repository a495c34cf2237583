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
        resume: ResumePoint?,
        sendsManifest: Bool,
        behind: Checkpoint?
    ) -> any MessageFeed {
        if let fault { return FailedFeed(.misuse(fault)) }
        let sink = ResumingSink(behind, sink: ReadyEvents())
        if messageFormat.compression == nil { return StreamFeed<PlainBody>(self, start, resume, sendsManifest, sink) }
        return StreamFeed<ZstdBody>(self, start, resume, sendsManifest, sink)
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
    private typealias Run = StreamConverter<MessageOutput<Body, ResumingSink<ReadyEvents>>>

    private var run: Run
    private var ready: ArraySlice<MessageEvent> = []
    private(set) var failure: SluiceError?
    private(set) var isDone = false
    /// What makes UTF-8 of the bytes, and what it made last.
    private var decoder: TextDecoder?
    private var decoded: [UInt8] = []

    init(
        _ sluice: Sluice,
        _ start: Checkpoint,
        _ resume: ResumePoint?,
        _ sendsManifest: Bool,
        _ sink: ResumingSink<ReadyEvents>
    ) {
        let output = MessageOutput<Body, ResumingSink<ReadyEvents>>(
            sink,
            from: start,
            sluice.messageFormat,
            sluice.meter,
            sendsManifest: sendsManifest
        )
        decoder = TextDecoder(sluice.encoding, assumesCSV: sluice.dialect.assumesCSV)
        run = StreamConverter(sluice.messageDriver, output, form: sluice.encoding.textForm, from: resume)
        if !start.identity.source.isSendable { failure = .misuse("a source is \(SourceName.rule)") }
    }

    func add(_ bytes: UnsafeRawBufferPointer) {
        guard decoder != nil else { return convert(bytes) }
        decoder?.decode(bytes, to: &decoded)
        convertDecoded()
    }

    func end(isDamaged: Bool) {
        decoder?.finish(&decoded, isDamaged: isDamaged)
        convertDecoded()
        attempt { (run) throws(SluiceError) in
            if !isDamaged { run.close() }
            let progress = try run.advance()
            if isDamaged { try run.abort(.badCompression) }
            return progress
        }
    }

    func next() -> MessageEvent? { ready.popFirst() }

    private func convert(_ bytes: UnsafeRawBufferPointer) {
        attempt { (run) throws(SluiceError) in try run.append(bytes) ? try run.advance() : .more }
    }

    private func convertDecoded() {
        decoded.withUnsafeBytes { convert($0) }
        decoded.removeAll(keepingCapacity: true)
        if let fault = decoder?.fault { attempt { (run) throws(SluiceError) in try run.abort(fault) } }
    }

    /// Takes a step of the run, unless one before it failed, and keeps what comes of it.
    private func attempt(_ step: (inout Run) throws(SluiceError) -> Run.Progress) {
        guard failure == nil else { return }
        do throws(SluiceError) { isDone = try step(&run) == .done } catch { failure = error }
        ready += run.output.sink.sink.events
        run.output.sink.sink.events = []
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
