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
    private var stream: StreamWindow
    private var converter: Converter<MessageOutput<Body, ReadyEvents>>
    private(set) var failure: SluiceError?
    private(set) var isDone = false
    /// Decodes the bytes to UTF-8, if necessary; `decoded` has the text that is not converted yet.
    private var decoder: TextDecoder?
    private var decoded: [UInt8] = []

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
        decoder = TextDecoder(converter.encoding, assumesCSV: converter.dialect.assumesCSV)
        let driver = converter.messageDriver(for: start.identity.source)
        stream = StreamWindow(driver.options.dialect, driver.options.kernel, form: converter.encoding.textForm, from: resume)
        self.converter = Converter(driver, stream.window, output, from: resume)
    }

    func add(_ bytes: UnsafeRawBufferPointer) {
        guard decoder != nil else { return convert(bytes) }
        decoder?.decode(bytes, to: &decoded)
        convertDecoded()
    }

    func end(isDamaged: Bool) {
        decoder?.finish(&decoded, isDamaged: isDamaged)
        convertDecoded()
        attempt { () throws(SluiceError) in
            stream.close(isDamaged: isDamaged)
            return try converter.advance(in: &stream)
        }
    }

    func next() -> MessageEvent? { converter.output.sink.events.popFirst() }

    private func convert(_ bytes: UnsafeRawBufferPointer) {
        attempt { () throws(SluiceError) in try stream.append(bytes) ? try converter.advance(in: &stream) : .more }
    }

    private func convertDecoded() {
        decoded.withUnsafeBytes { convert($0) }
        decoded.removeAll(keepingCapacity: true)
        if let fault = decoder?.fault { attempt { () throws(SluiceError) in try converter.abort(fault) } }
    }

    /// Runs a step, unless an earlier one failed.
    private func attempt(_ step: () throws(SluiceError) -> Converter<MessageOutput<Body, ReadyEvents>>.Progress) {
        guard failure == nil else { return }
        do throws(SluiceError) { isDone = try step() == .done } catch { failure = error }
    }
}

/// Collects events until they are asked for.
private struct ReadyEvents: MessageSink {
    var events: ArraySlice<MessageEvent> = []

    mutating func send(_ message: Message) { events.append(.message(message)) }
    mutating func reject(_ error: CSVError) {}
    mutating func reach(_ checkpoint: Checkpoint) { events.append(.checkpoint(checkpoint)) }
    mutating func finish() {}
}
