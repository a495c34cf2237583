import ArgumentParser
import Sluice
import SluiceCSV

/// `sluice convert`: rows of JSON from any number of inputs, one behind the other.
package struct Convert: ParsableCommand {
    package static let configuration = CommandConfiguration(abstract: "Convert CSV to JSON rows on standard output.")
    @Argument(help: "Files, or - for standard input. Each has its own header.") var inputs: [String]
    @Option(name: .short, help: "Threads.") var jobs = 2
    @Option(help: "A row a line, or all rows of all inputs in one array.") var format: RowFormat = .ndjson
    @OptionGroup var output: OutputOptions
    @OptionGroup var zstd: ZstdOption
    @OptionGroup var report: ReportOptions
    @OptionGroup var network: NetworkOptions
    @OptionGroup(title: "CSV options") var dialect: DialectOptions

    package init() {}

    package func run() throws {
        var sluice = Sluice(
            dialect: try dialect.dialect(),
            encoding: try dialect.inputEncoding(),
            format: format,
            threads: max(1, jobs),
            kernel: try KernelChoice.kernel()
        )
        sluice.remoteInputs = RemoteInputs.current
        sluice.maxWindow = try dialect.window()
        let reporter = Reporter(report, inputs: inputs, of: sluice)
        try reporter.run(showsProgress: !output.isTerminal) { meter throws(Failure) in
            sluice.meter = meter
            let file = try output.open()
            defer { file.discard() }
            var sink = MeteredSink(file.sink, meter: meter)
            if let level = zstd.level {
                try compress(sluice, to: sink, level: level)
            } else {
                try convert(sluice, to: &sink)
            }
            try Failure.naming(output.output) { () throws(SluiceError) in try file.commit() }
        }
    }

    private func compress(_ sluice: Sluice, to sink: some ByteSink, level: Int) throws(Failure) {
        // The frame is ended by the conversion, behind the rows before a fault too, so that they can be read.
        var compressor = try Failure.naming(output.output) { () throws(SluiceError) in
            try ZstdSink(sink, level: level)
        }
        try convert(sluice, to: &compressor)
    }

    private func convert(_ sluice: Sluice, to sink: inout some ByteSink) throws(Failure) {
        var sluice = sluice
        for (index, input) in inputs.enumerated() {
            sluice.part.isLast = index == inputs.count - 1
            sluice.part.rowsBefore += try Failure.naming(input) { () throws(SluiceError) in
                try sluice.convert(file: input, to: &sink)
            }
        }
    }
}

extension RowFormat: ExpressibleByArgument {}
