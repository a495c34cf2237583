import SluiceCSV
import SluiceJSON

/// Packs rows into messages and sends them to a sink: the messages of each segment and, at the end, a manifest that states
/// what was sent, or a message that states that the input is invalid. When converting part of an input, it sends neither.
struct MessageOutput<Body: MessageBody, Sink: MessageSink>: Output {
    var sink: Sink
    /// The input's file, if it has one. Nothing is sent if it may be of zeros that the file never contained.
    private let file: (any InputFile)?
    /// What checks, in place of sending it, what is made before a checkpoint. Nil once that is reached, or if there is none.
    private var resumeCheck: ResumeCheck?
    private let format: MessageFormat
    private let meter: Meter?
    private var packer: MessagePacker<Body>
    /// What was packed and sent so far, and where the last segment ended.
    private(set) var reached: Checkpoint
    private let sendsManifest: Bool
    /// What counts and logs the records that are put aside; nil if none is.
    private var keeper: RejectKeeper?
    /// What packs them, if they are not logged.
    private var rejectPacker: RejectPacker?
    /// The rows that fit no message since records were last put aside.
    private var oversize: [Reject] = []
    private let schema: TableSchema?

    /// Creates an output of the rows after a checkpoint. If `isReadAgain`, it is given those before it too: their messages are
    /// made again and left out.
    init(
        _ sink: Sink,
        of file: (any InputFile)?,
        from start: Checkpoint,
        isReadAgain: Bool,
        _ converter: CSVConverter,
        sendsManifest: Bool = true
    ) {
        self.sink = sink
        self.file = file
        resumeCheck = isReadAgain ? ResumeCheck(start) : nil
        reached = isReadAgain ? Checkpoint(start: start.identity) : start
        meter = converter.meter
        format = converter.messageFormat
        self.sendsManifest = sendsManifest
        schema = converter.shape.schema
        keeper = RejectKeeper(converter, source: start.identity.source, before: reached.tally.rejects)
        if keeper != nil, converter.rejectLog == nil { rejectPacker = RejectPacker(start.identity, format) }
        packer = MessagePacker(
            identity: start.identity,
            format: format,
            isEscaped: converter.escapesRows,
            spanStart: reached.offset
        )
    }

    var needsLines: Bool { true }

    mutating func write(
        _ rows: borrowing RowBuffer,
        _ lines: inout LineFinder,
        in window: Window
    ) throws(SluiceError) {
        do throws(SluiceError) { try packer.take(rows, &lines, in: window) } catch { throw try failed(error) }
        try send()
    }

    mutating func note(_ repairs: Repairs) {
        reached.tally.repairs.add(repairs)
        meter?.add(repairs)
    }

    mutating func leave(_ window: Window, upTo offset: UInt64) {
        packer.leave(window, upTo: offset)
        rejectPacker?.leave(window, upTo: offset)
    }

    mutating func reject(_ rejects: [Reject], in window: Window) throws(SluiceError) {
        if rejects.isEmpty, oversize.isEmpty { return }
        let all = oversize.isEmpty ? rejects : (oversize + rejects).sorted { $0.range.lowerBound < $1.range.lowerBound }
        oversize = []
        for reject in all { rejectPacker?.add(reject, in: window) }
        let isNews = resumeCheck == nil
        try checkInput()
        try keeper?.take(all, isNews: isNews)
        for reject in all { reached.tally.rejects.add(reject) }
    }

    mutating func endSegment(before next: RecordPosition, in window: Window) throws(SluiceError) {
        do throws(SluiceError) {
            try packer.endSegment(spanEnd: next.offset, in: window)
        } catch {
            throw try failed(error)
        }
        try send()
        try sendRejects(in: window)
        // Another counts the rejects of all parts of an input. No run may go on where this one ends.
        let excess = keeper?.reach(next, in: window)
        if sendsManifest, let excess { throw try failed(.badData(excess)) }
        try reach(next)
    }

    mutating func finish() throws(SluiceError) {
        guard sendsManifest else { return }
        if let error = keeper?.excess(atEnd: reached.position) { throw try failed(.badData(error)) }
        try send(reached.manifest(format, schema))
    }

    mutating func abort(_ error: CSVError, at end: UInt64, in window: Window) throws(SluiceError) {
        do throws(SluiceError) { try packer.endSegment(spanEnd: end, in: window) } catch { throw try failed(error) }
        try send()
        try sendRejects(in: window)
        try sendAborted(error)
    }

    /// Sends what is ready and, if the input is invalid, an aborted message. Returns the error.
    private mutating func failed(_ error: SluiceError) throws(SluiceError) -> SluiceError {
        if case .badData(let error) = error { try sendAborted(error) }
        return error
    }

    private mutating func sendAborted(_ error: CSVError) throws(SluiceError) {
        try send()
        let position = RecordPosition(offset: packer.end, number: error.record, line: error.line ?? 0)
        // If another sends the aborted message, it must know where the rows before the error end.
        guard sendsManifest else { return try reach(position) }
        reached.position = position
        try send(reached.aborted(by: error, format, schema))
    }

    private mutating func reach(_ position: RecordPosition) throws(SluiceError) {
        reached.position = position
        if let resumeCheck {
            if try resumeCheck.isReached(at: reached) { self.resumeCheck = nil }
        } else if !sendsManifest || keeper?.knowsLines != false {
            try checkInput()
            try sink.reach(reached)
        }
    }

    private mutating func send(_ message: Message) throws(SluiceError) {
        if let resumeCheck { return try resumeCheck.check(message) }
        try checkInput(isLast: message.isLast)
        try sink.send(message)
    }

    private mutating func sendRejects(in window: Window) throws(SluiceError) {
        for message in rejectPacker?.endSegment(in: window) ?? [] { try send(message) }
    }

    private mutating func reject(_ error: CSVError) throws(SluiceError) {
        if resumeCheck?.covers(error) == true { return }
        try checkInput()
        try sink.reject(error)
    }

    /// Must succeed before each use of the sink. The last message must describe bytes that the input still holds.
    private func checkInput(isLast: Bool = false) throws(SluiceError) {
        if (isLast ? file?.isChanged : file?.isTruncated) == true { throw .inputChanged }
    }

    private mutating func send() throws(SluiceError) {
        for message in packer.ready { try send(message) }
        packer.removeReady()
        var news = packer.takeTally()
        let tooLarge = news.takeOversize()
        meter?.addRows(Int(news.rows))
        if keeper == nil {
            for row in tooLarge { try reject(row.error) }
            meter?.addRejected(tooLarge.count)
            news.addRejected(tooLarge.count)
        } else {
            oversize += tooLarge
        }
        reached.tally.append(news)
    }
}

/// The messages of a segment, packed ahead of its turn.
///
/// Used only for compressed messages. Packing plain rows costs just one copy, and a segment of them would take too much
/// memory.
struct MessageFork<Body: MessageBody>: OutputFork {
    fileprivate var packer: MessagePacker<Body>
    fileprivate let limit: Int
    fileprivate var failure: SluiceError?

    mutating func write(_ rows: borrowing RowBuffer, _ lines: inout LineFinder, in window: Window) {
        do throws(SluiceError) { try packer.take(rows, &lines, in: window) } catch { failure = error }
    }

    var isFull: Bool { failure != nil || packer.ready.count * limit > 8 << 20 }
}

extension MessageOutput {
    func fork(at spanStart: UInt64?) -> MessageFork<Body>? {
        guard format.compression != nil else { return nil }
        let start = spanStart ?? packer.end
        // A frame of zstd holds rows as text.
        let packer = MessagePacker<Body>(
            identity: reached.identity,
            format: format,
            isEscaped: false,
            spanStart: start
        )
        return MessageFork(packer: packer, limit: format.limit)
    }

    mutating func join(_ fork: MessageFork<Body>) throws(SluiceError) {
        packer = fork.packer
        if let failure = fork.failure { throw try failed(failure) }
        try send()
    }
}
