import ArgumentParser
import Sluice
import SluiceCSV
import SluiceEngine
import SluiceJSON

/// `sluice describe`: reads inputs and writes what they are and hold.
package struct Describe: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "describe",
        abstract: "Describe inputs: dialect, encoding, columns and types.",
        usage: "sluice describe [INPUT...] [-o PATH] [--html PATH] [-j N] ..."
    )
    @Argument(help: "Files, s3://bucket/key, or - for standard input (the default).") var inputs: [String] = []
    @OptionGroup var threads: ThreadOption
    @OptionGroup var output: OutputOptions
    @OptionGroup var report: ReportOptions
    @OptionGroup var network: NetworkOptions
    @OptionGroup(title: "CSV options") var dialect: DialectOptions

    package init() {}

    package func run() throws {
        var converter = CSVConverter(
            dialect: try dialect.dialect(),
            encoding: try dialect.inputEncoding(),
            threads: threads.count,
            kernel: try KernelChoice.kernel()
        )
        converter.remoteInputs = RemoteInputs.current
        converter.maxWindow = try dialect.window()
        let inputs = try CommandInputs.orStandardInput(inputs)
        let reporter = Reporter(report, inputs: inputs, of: converter)
        try reporter.run { meter throws(Failure) in
            converter.meter = meter
            for input in inputs {
                let found = try Failure.naming(input) { () throws(SluiceError) in try converter.describe(input) }
                try StandardOutput.write("\(found.rows) \(found.columns.map { $0.type.name })")
            }
        }
    }
}
