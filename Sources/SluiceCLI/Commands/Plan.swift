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
            counts are scaled up and marked `about`. --exact reads all of it. Beside what the options ask for, a plan \
            has the costs with zstd, or without, from the first 256 MiB. Invocations, time and costs are those of \
            the pipeline with its defaults, at the prices of us-east-1, without the free tier.
            """
    )
    @Argument(help: "Files, s3://bucket/key, or - for standard input (the default).", completion: .file())
    var inputs: [String] = []
    @Flag(help: "Read all of every input, however large.") var exact = false
    @Flag(help: "The queue is a FIFO queue.") var fifo = false
    @Option(help: "Megabytes that an invocation reads and converts per second; S3 delivers about 80 to a function.")
    var speed = 80.0
    @OptionGroup var listing: RecursiveOptions
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
        let inputs = try listing.expanded(CommandInputs.orStandardInput(inputs))
        try messages.checkNames(for: inputs)
        let reporter = Reporter(report, inputs: inputs, of: converter)
        try reporter.run { meter throws(Failure) in
            converter.meter = meter
            var plans: [InputPlan] = []
            for (index, input) in inputs.enumerated() {
                let source = messages.source.isEmpty ? [] : [messages.source[index]]
                do throws(Failure) { plans.append(try plan(input, source, converter)) } catch { reporter.report(error) }
            }
            if plans.isEmpty { return }
            let table = PlanTable(plans)
            try StandardOutput.write(report.summary == .json ? TerminalText.json(table.json) : table.text)
        }
    }

    private func plan(_ input: String, _ sources: [String], _ converter: CSVConverter) throws(Failure) -> InputPlan {
        let measure = try Failure.naming(input) { () throws(SluiceError) in try converter.measure(input) }
        let isPart = measure.isPlain && !exact && (measure.stored ?? 0) > Self.largest
        let enough = isPart ? Self.sample : .max
        return InputPlan(
            input: input,
            estimate: try estimate(input, sources, measure, enough: enough, converter),
            other: try other(input, sources, measure, converter)
        )
    }

    /// Estimates the other compression: none, or zstd at its usual level. Returns nil if the input can't be read twice.
    private func other(
        _ input: String,
        _ sources: [String],
        _ measure: InputMeasure,
        _ converter: CSVConverter
    ) throws(Failure) -> InputPlan.Other? {
        if MessageOptions.canBeReadOnlyOnce(input) { return nil }
        var converter = converter
        converter.meter = nil  // What it reads has been counted.
        converter.messageFormat.compression = messages.zstd.level == nil ? ZstdOption.usualLevel : nil
        do throws(Failure) {
            let enough = measure.isPlain ? Self.sample : .max
            return .possible(try estimate(input, sources, measure, enough: enough, converter))
        } catch {
            // Rows of which one fits a message only compressed. Other errors would have ended the first estimate.
            guard case .badData = error.error else { throw error }
            return .impossible(error, compression: converter.messageFormat.compression)
        }
    }

    /// Packs an input, or as much of it as is `enough`, and scales the counts up.
    private func estimate(
        _ input: String,
        _ sources: [String],
        _ measure: InputMeasure,
        enough: UInt64,
        _ converter: CSVConverter
    ) throws(Failure) -> InputPlan.Estimate {
        let format = converter.messageFormat
        var tally = PlanTally(limit: format.limit, isFIFO: fifo, enough: enough)
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
        return InputPlan.Estimate(workload: workload, format: format, isExact: !tally.isEnough)
    }

    /// The most bytes of an input that is read as a whole.
    private static let largest: UInt64 = 1 << 30
    /// The bytes that are read of a larger input.
    private static let sample: UInt64 = 1 << 28
}
