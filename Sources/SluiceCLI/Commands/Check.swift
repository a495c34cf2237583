import ArgumentParser
import Sluice
import SluiceCSV
import SluiceEngine

/// `sluice check`: reads inputs, writes nothing and reports the first error of each.
package struct Check: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Report the first error of each input, or with --rejects all; write no rows.",
        usage: "sluice check [INPUT...] [-j N] [--summary json|text] ..."
    )
    @Argument(help: "Files, s3://bucket/key, or - for standard input (the default).", completion: .file())
    var inputs: [String] = []
    @OptionGroup var listing: RecursiveOptions
    @OptionGroup var threads: ThreadOption
    @OptionGroup(title: "Reject options") var rejects: RejectOptions
    @OptionGroup var report: ReportOptions
    @OptionGroup var network: NetworkOptions
    @OptionGroup(title: "Row options") var rows: RowOptions
    @OptionGroup(title: "Row options") var part: RowLimitOptions
    @OptionGroup(title: "CSV options") var dialect: DialectOptions

    package init() {}

    package func run() throws {
        var converter = try dialect.converter(rows: rows, threads: threads)
        try part.apply(to: &converter)
        let inputs = try listing.expanded(CommandInputs.orStandardInput(inputs))
        let rejected = try rejects.apply(to: &converter, inputs: inputs)
        let reporter = Reporter(report, inputs: inputs, of: converter, allowsRejected: rejects.allowRejected)
        try reporter.run(rejects: rejected) { meter throws(Failure) in
            converter.meter = meter
            converter.countsOnly = true
            var done = CheckpointFile.DoneObjects()
            for input in inputs {
                do throws(SluiceError) {
                    var sink = NullOutput()
                    try converter.convert(file: input, to: &sink)
                } catch {
                    // Where no reject can be written, none of a further input can either.
                    if case .output = error.cause { throw Failure(error, input: input) }
                    reporter.report(Failure(error, input: input))
                    done.failed += 1
                }
                done.count += 1
                if listing.recursive { reporter.objects = done }
            }
        }
    }
}

/// A sink that discards all bytes.
private struct NullOutput: ByteSink {
    typealias Failure = SluiceError

    mutating func write(_ bytes: UnsafeRawBufferPointer) {}
    mutating func finish() {}
}
