import ArgumentParser
import SluiceAWS
import SluiceCLI
import SluiceCSV
import SluiceEngine

/// `sluice send`: sends the rows of any number of inputs as messages to a queue.
struct Send: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "send",
        abstract: "Pack CSV into messages and send them to a queue.",
        usage: "sluice send [INPUT...] --queue-url URL [--recursive] [--checkpoint FILE] [--zstd[=LEVEL]] [-j N] ...",
        discussion: """
            Sends the messages that sluice messages would write. The manifest of an input is sent after the queue has \
            all its other messages. On a FIFO queue, an input's messages are one group, in order, and sluice.id is the \
            deduplication id, which SQS keeps for 5 minutes. With --oversize offload, the body of a row too large for \
            a message goes to S3, and its message points to it as in Amazon's Extended Client.

            With --checkpoint, the same command resumes a run that ended in any way: every message is delivered, with \
            the same sluice.id, and those of at most one 16 MiB segment of the input twice. The queue, the place for \
            large rows, the file of --rejects and all options that affect messages must be the same.

            With --recursive, the objects below s3://bucket/prefix are sent one after the other, in the order of their \
            keys. One that is invalid, gone or archived is reported, and the next one is sent. With --checkpoint, the \
            same command also goes on after the objects that are done.

            On SIGINT, SIGTERM or SIGHUP it stops reading, delivers what it has read and sends no manifest; the exit \
            status is 128 plus the signal's number. A second signal ends the command at once. Run again with \
            --checkpoint, it sends the rest and the manifest; without it, everything, with the same ids.
            """
    )
    @Argument(
        help: """
            Files, s3://bucket/key, or - for standard input (the default). Each has its own header and manifest.
            """,
        completion: .file()
    )
    var inputs: [String] = []
    @OptionGroup var queue: QueueOptions
    @Option(
        help: "A file that records progress, and is removed when all is delivered; for one input, or with --recursive.",
        completion: .file()
    )
    var checkpoint: String?
    @OptionGroup var listing: RecursiveOptions
    @OptionGroup var threads: ThreadOption
    @OptionGroup(title: "Message options") var messages: MessageOptions
    @OptionGroup(title: "Message options") var offload: OffloadOptions
    @Option(
        help: """
            What the event of an upload stated, as JSON: the attribute sluice.event of all messages; for one input.
            """,
        transform: ObjectEvent.init(stated:)
    )
    var event: ObjectEvent?
    @Flag(
        help: """
            Compare each message's MD5 with the one in the queue's response. A request's signature already covers its \
            bytes, so this finds only errors of the queue itself.
            """
    )
    var checkMd5 = false
    @OptionGroup(title: "Reject options") var rejects: RejectOptions
    @OptionGroup var network: NetworkOptions
    @OptionGroup var report: ReportOptions
    @OptionGroup(title: "Row options") var rows: RowOptions
    @OptionGroup(title: "CSV options") var dialect: DialectOptions

    func validate() throws {
        if checkpoint != nil, inputs.count > 1 { throw ValidationError("--checkpoint is for one input") }
        if checkpoint == "" { throw ValidationError("--checkpoint takes a path") }
        if event != nil, inputs.count > 1 || listing.recursive { throw ValidationError("--event is for one input") }
    }

    func run() throws {
        var converter = try dialect.converter(limits: messages.format(), rows: rows, threads: threads)
        let inputs = try CommandInputs.orStandardInput(inputs)
        let selected = try listing.selection(of: inputs)
        let offload = try offload.offload(converter.messageFormat)
        let selection = try messages.selection()
        try messages.check(inputs)
        try messages.checkSources(of: inputs, converter)
        if checkpoint != nil, selection != nil {
            throw ValidationError("--checkpoint can't be combined with --only or --records")
        }
        if selected != nil, selection != nil || !messages.source.isEmpty {
            throw ValidationError("--recursive can't be combined with --only, --records or --source")
        }
        let rejected = try rejects.apply(to: &converter, inputs: inputs, canSend: true, checkpoint: checkpoint)
        let reporter = Reporter(report, inputs: inputs, of: converter, allowsRejected: rejects.allowRejected)
        try reporter.run(rejects: rejected) { meter throws(Failure) in
            Interruption.shared.watch()
            var queue = try self.queue.queue()
            queue.checksMD5 = checkMd5
            let identities = InputIdentities(inputs)
            if let checkpoint { try identities.check(output: checkpoint) }
            let destination = Destination(queue: queue.url, largeRows: offload?.place)
            let event = event.flatMap { $0.isEmpty ? nil : $0 }
            let listing = selected.map {
                CheckpointFile.Listing($0, configuration: converter.identity(SourceName("")).configuration)
            }
            let file = checkpoint.map { CheckpointFile($0, destination, of: listing, stating: event) }
            let start = try file?.read(besides: identities)
            let progress = SendProgress(file, rejected)
            let sender = SQSSender(queue, limit: converter.messageFormat.limit, offload: offload)
            let queueSink = QueueSink(sender, queue.url, event, meter, progress)
            var sink = ReportedMessages(sink: queueSink, reporter: reporter)
            converter.meter = meter
            converter.needsEscapedBodies = true
            if let selected {
                var objects = ObjectSender(
                    selection: selected,
                    converter: converter,
                    reporter: reporter,
                    progress: progress,
                    validatesFirst: messages.validateFirst,
                    sink: sink
                )
                return try objects.run(from: start)
            }
            reporter.continuesAfterRejects = start?.checkpoint.map { $0.tally.rejectedRows > 0 } ?? false
            if messages.validateFirst { try converter.validate(inputs, sources: messages.source) }
            try converter.pack(inputs, sources: messages.source, only: selection, from: start?.checkpoint, to: &sink)
        }
    }
}

extension ObjectEvent {
    /// Reads the option's value. An event that states nothing, `{}`, is valid.
    fileprivate init(stated text: String) throws {
        guard let event = ObjectEvent(json: text), event.json == text else {
            let example = ObjectEvent(sequencer: "0055AED6DCD90281E5", time: "2026-01-31T12:00:00.000Z")
            throw ValidationError("it must be as the attribute sluice.event has it: \(example.json)")
        }
        self = event
    }
}

extension CSVConverter {
    /// Reads inputs without sending anything, and throws if one is invalid.
    func validate(_ inputs: [String], sources: [String] = []) throws(Failure) {
        var (converter, output) = (unlogged, NullMessageOutput(check: Interruption.shared.check))
        // What this reads is read and counted again.
        converter.meter = nil
        try converter.pack(inputs, sources: sources, to: &output)
    }
}

/// Passes messages to a sender, and waits while it is busy.
///
/// Sending the last message of an input returns when the queue has confirmed it. A checkpoint is saved only when the queue
/// has confirmed all messages before it. A run ends with everything confirmed, or with an error that states how many
/// messages are not.
private struct QueueSink: MessageSink {
    private let sender: SQSSender
    private let url: String
    private let event: ObjectEvent?
    private let meter: Meter
    private let progress: SendProgress

    init(_ sender: SQSSender, _ url: String, _ event: ObjectEvent?, _ meter: Meter, _ progress: SendProgress) {
        self.sender = sender
        self.url = url
        self.event = event
        self.meter = meter
        self.progress = progress
    }

    mutating func send(_ message: Message) throws(SluiceError) {
        try Interruption.shared.check()
        let (sender, message) = (sender, stating(event, message))
        if !sender.add(message) {
            try Blocking.wait(about: url) { () async throws(AWSError) in try await sender.send(message) }
        }
        meter.addOutput(bytes: message.size)
        // The sender has waited for an input's last message.
        if message.isLast { try progress.endInput() }
    }

    private func stating(_ event: ObjectEvent?, _ message: Message) -> Message {
        guard let event else { return message }
        var message = message
        message.event = event
        return message
    }

    mutating func reject(_ error: CSVError) {}

    mutating func reach(_ checkpoint: Checkpoint) throws(SluiceError) {
        guard progress.isRecorded else { return }
        let sender = sender
        try Blocking.wait(about: url) { () async throws(AWSError) in try await sender.finish() }
        try progress.reach(checkpoint)
    }

    mutating func finish() throws(SluiceError) {
        let sender = sender
        let answer: (error: AWSError, unconfirmed: Int, accepted: Int)?
        answer = try Blocking.wait(about: url) { () async throws(AWSError) in
            do throws(AWSError) { try await sender.finish() } catch {
                return (error, await sender.unconfirmed, sender.accepted)
            }
            return nil
        }
        guard let answer, case .service(var fault) = answer.error.fault(about: url) else { return }
        fault.message =
            "\(answer.unconfirmed) of \(answer.accepted) messages are not confirmed by the queue: \(fault.message)"
        throw .service(fault)
    }
}
