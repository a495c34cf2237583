import ArgumentParser
import SluiceCSV
import SluiceEngine
import SluicePlatform

/// `sluice plan`: estimates the messages, the time and the costs of sending inputs.
package struct Plan: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Estimate messages, time and cost of sending inputs through the pipeline on AWS.",
        usage: "sluice plan [INPUT...] [--exact] [--fifo] [--speed MB] [--summary json] ...",
        discussion: """
            Messages are made and counted, but not sent. Of inputs over 1 GiB only the first 256 MiB are read, and the \
            counts are scaled up and marked `about`. --exact reads all of it. Invocations, time and costs are those of \
            the pipeline with its defaults, at the prices of us-east-1, without the free tier.
            """
    )
    @Argument(help: "Files, s3://bucket/key, or - for standard input (the default).", completion: .file())
    var inputs: [String] = []
    @Flag(help: "Read all of every input, however large.") var exact = false
    @Flag(help: "The queue is a FIFO queue.") var fifo = false
    @Option(help: "Megabytes that an invocation reads and converts per second; S3 delivers about 80 to a function.")
    var speed = 80.0
    @OptionGroup var threads: ThreadOption
    @OptionGroup(title: "Message options") var messages: MessageOptions
    @OptionGroup var report: ReportOptions
    @OptionGroup var network: NetworkOptions
    @OptionGroup(title: "Row options") var rows: RowOptions
    @OptionGroup(title: "CSV options") var dialect: DialectOptions

    package init() {}

    package func validate() throws {
        guard 0.001...1e6 ~= speed else { throw ValidationError("--speed takes a number from 0.001 to 1000000") }
    }

    package func run() throws {
        var converter = try dialect.converter(limits: messages.format(), rows: rows, threads: threads)
        if try messages.selection() != nil {
            throw ValidationError("a plan is for all messages, without --only and --records")
        }
        let inputs = try CommandInputs.orStandardInput(inputs)
        try messages.checkNames(for: inputs)
        let reporter = Reporter(report, inputs: inputs, of: converter)
        try reporter.run { meter throws(Failure) in
            converter.meter = meter
            var plans: [InputPlan] = []
            for (index, input) in inputs.enumerated() {
                plans.append(try plan(input, messages.source.isEmpty ? [] : [messages.source[index]], converter))
            }
            let table = PlanTable(plans)
            try StandardOutput.write(report.summary == .json ? TerminalText.json(table.json) : table.text)
        }
    }

    private func plan(_ input: String, _ sources: [String], _ converter: CSVConverter) throws(Failure) -> InputPlan {
        let measure = try Failure.naming(input) { () throws(SluiceError) in try converter.measure(input) }
        let isPart = measure.isPlain && !exact && (measure.stored ?? 0) > Self.largest
        let format = converter.messageFormat
        var tally = PlanTally(limit: format.limit, isFIFO: fifo, enough: isPart ? Self.sample : .max)
        do throws(Failure) {
            try converter.pack([input], sources: sources, to: &tally)
        } catch {
            if !tally.isEnough { throw error }
        }
        let bytes = tally.isEnough ? measure.stored ?? tally.offset : tally.offset
        let workload = Workload(
            bytes: bytes,
            counts: tally.isEnough ? tally.counts.scaled(by: Double(bytes) / Double(tally.offset)) : tally.counts,
            isFIFO: fifo,
            speed: speed * 1e6,
            canBeCut: measure.isPlain && converter.dialect.hasExactBoundaries && !fifo,
            format: format
        )
        return InputPlan(
            input: input,
            segments: format.segments(of: bytes),
            isExact: !tally.isEnough,
            workload: workload
        )
    }

    /// The most bytes of an input that is read as a whole.
    private static let largest: UInt64 = 1 << 30
    /// The bytes that are read of a larger input.
    private static let sample: UInt64 = 1 << 28
}
