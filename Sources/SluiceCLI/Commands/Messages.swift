import ArgumentParser
import SluiceCSV
import SluiceEngine

/// `sluice messages`: packs the rows of any number of inputs into messages that fit a queue.
package struct Messages: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "messages",
        abstract: "Pack CSV into messages for a queue.",
        usage: "sluice messages [INPUT...] [-o DIR] [--force] [--max-bytes N] [--zstd[=LEVEL]] [-j N] ...",
        discussion: """
            Each message is a line {"body":…,"attributes":{…}} on standard output, or a file in -o DIR. The last \
            message of each input is a manifest that states what was sent or, if the input is invalid, the error.
            """
    )
    @Argument(
        help: "Files, s3://bucket/key, or - for standard input (the default). Each has its own header and manifest.",
        completion: .file()
    )
    var inputs: [String] = []
    @OptionGroup var threads: ThreadOption
    @OptionGroup var output: OutputOptions
    @OptionGroup(title: "Message options") var messages: MessageOptions
    @OptionGroup(title: "Reject options") var rejects: RejectOptions
    @OptionGroup var report: ReportOptions
    @OptionGroup var network: NetworkOptions
    @OptionGroup(title: "Row options") var rows: RowOptions
    @OptionGroup(title: "CSV options") var dialect: DialectOptions

    package init() {}

    package func run() throws {
        var converter = try dialect.converter(limits: messages.format(), rows: rows, threads: threads)
        let inputs = try CommandInputs.orStandardInput(inputs)
        let selection = try messages.selection()
        try messages.check(inputs)
        try messages.checkSources(of: inputs, converter)
        let rejected = try rejects.apply(
            to: &converter,
            inputs: inputs,
            output: output.path,
            canSend: true,
            force: output.force
        )
        let reporter = Reporter(report, inputs: inputs, of: converter, allowsRejected: rejects.allowRejected)
        try reporter.run(showsProgress: !output.isTerminal, rejects: rejected) { meter throws(Failure) in
            if messages.validateFirst {
                var output = NullMessageOutput()
                try converter.unlogged.pack(inputs, sources: messages.source, to: &output)
            }
            converter.meter = meter
            converter.needsEscapedBodies = true
            try write(inputs, converter, selection, reporter, meter)
        }
    }

    private func write(
        _ inputs: [String],
        _ converter: CSVConverter,
        _ selection: MessageSelection?,
        _ reporter: Reporter,
        _ meter: Meter
    ) throws(Failure) {
        if output.path == "-" {
            let file = try output.open(besides: inputs)
            var lines = file.sink
            lines.meter = meter
            var sink = ReportedMessages(sink: MessageLineSink(lines, kernel: converter.kernel), reporter: reporter)
            try converter.pack(inputs, sources: messages.source, only: selection, to: &sink)
        } else {
            let identities = InputIdentities(inputs)
            try identities.check(directory: output.path)
            let directory = try Failure.naming(output.path) { () throws(SluiceError) in
                try MessageDirectory(output.path, replaces: output.force, besides: identities.all)
            }
            defer { directory.discard() }
            var sink = ReportedMessages(sink: directory.sink(kernel: converter.kernel), reporter: reporter)
            try converter.pack(inputs, sources: messages.source, only: selection, to: &sink)
            try Failure.naming(output.path) { () throws(SluiceError) in try directory.commit() }
        }
    }
}
