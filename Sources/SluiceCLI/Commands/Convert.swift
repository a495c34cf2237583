import ArgumentParser
import Sluice
import SluiceCSV
import SluiceEngine
import SluicePlatform

/// `sluice convert`: converts any number of inputs, one after another, to rows of JSON.
package struct Convert: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "convert",
        abstract: "Convert CSV to JSON rows.",
        usage: "sluice convert [INPUT...] [-o PATH] [--force] [--format ndjson|array] [--zstd[=LEVEL]] [-j N] ..."
    )
    @Argument(help: "Files, s3://bucket/key, or - for standard input (the default).", completion: .file())
    var inputs: [String] = []
    @OptionGroup var threads: ThreadOption
    @Option(help: "ndjson: one row per line; array: all rows of all inputs in one array.")
    var format: RowFormat = .ndjson
    @Flag(help: "Allow inputs with different headers, which are otherwise an error.") var allowMixedHeaders = false
    @OptionGroup var output: OutputOptions
    @OptionGroup var zstd: ZstdOption
    @OptionGroup(title: "Reject options") var rejects: RejectOptions
    @OptionGroup var report: ReportOptions
    @OptionGroup var network: NetworkOptions
    @OptionGroup(title: "Row options") var rows: RowOptions
    @OptionGroup(title: "Row options") var part: RowLimitOptions
    @OptionGroup(title: "CSV options") var dialect: DialectOptions

    package init() {}

    package func run() throws {
        var converter = try dialect.converter(format: format, rows: rows, threads: threads)
        try part.apply(to: &converter)
        let inputs = try CommandInputs.orStandardInput(inputs)
        if zstd.level != nil { try output.checkThatNoTerminalGetsBytes() }
        let rejected = try rejects.apply(to: &converter, inputs: inputs, output: output.path, force: output.force)
        let reporter = Reporter(report, inputs: inputs, of: converter, allowsRejected: rejects.allowRejected)
        try reporter.run(showsProgress: !output.isTerminal, rejects: rejected) { meter throws(Failure) in
            if inputs.count > 1, !allowMixedHeaders {
                converter.headers = HeaderAgreement()
                try checkHeaders(of: inputs, converter)
            }
            converter.meter = meter
            let file = try output.open(besides: inputs)
            defer { file.discard() }
            var sink = file.sink
            sink.meter = meter
            if let level = zstd.level {
                try compress(inputs, converter, to: sink, level: level)
            } else {
                try convert(inputs, converter, to: &sink)
            }
            try Failure.naming(output.path) { () throws(SluiceError) in try file.commit() }
        }
    }

    /// Compares the headers of regular files before the first row is written. Other inputs can't be read twice; their
    /// headers are compared when they are converted.
    private func checkHeaders(of inputs: [String], _ converter: CSVConverter) throws(Failure) {
        for input in inputs where System.entry(at: input) == .file {
            try Failure.naming(input) { () throws(SluiceError) in try converter.checkHeader(of: input) }
        }
    }

    private func compress(
        _ inputs: [String],
        _ converter: CSVConverter,
        to sink: some ByteSink,
        level: Int
    ) throws(Failure) {
        // The conversion ends the zstd frame even after an error, so that the rows before the error can be read.
        var compressor = try Failure.naming(output.path) { () throws(SluiceError) in
            try ZstdSink(sink, level: level)
        }
        try convert(inputs, converter, to: &compressor)
    }

    private func convert(_ inputs: [String], _ converter: CSVConverter, to sink: inout some ByteSink) throws(Failure) {
        var converter = converter
        for (index, input) in inputs.enumerated() {
            converter.part.isLast = index == inputs.count - 1
            converter.part.rowsBefore += try Failure.naming(input) { () throws(SluiceError) in
                try converter.convert(file: input, to: &sink)
            }
        }
    }
}

extension RowFormat: ExpressibleByArgument {}
