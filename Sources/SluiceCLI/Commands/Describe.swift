import ArgumentParser
import Sluice
import SluiceCSV
import SluiceEngine
import SluicePlatform

/// `sluice describe`: reads inputs and writes what they are and hold.
package struct Describe: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "describe",
        abstract: "Describe inputs: dialect, encoding, columns, types, and what is wrong.",
        usage: "sluice describe [INPUT...] [-o PATH] [--html PATH] [--force] [--explain] [-j N] ...",
        discussion: """
            Reads all of each input once and writes a Data Resource, which --schema takes, or for several inputs a Data \
            Package. On standard error: the command that converts the input, and the first invalid records; with some, the \
            exit status is 3. Dialect and encoding are found in the first 128 KiB, unless options state them.
            """
    )
    @Argument(help: "Files, s3://bucket/key, or - for standard input (the default).", completion: .file())
    var inputs: [String] = []
    @OptionGroup var threads: ThreadOption
    @Flag(help: "Print what speaks for each setting that was found.") var explain = false
    @Flag(help: "Add to each field what was counted of its values.") var statistics = false
    @Option(
        help: ArgumentHelp("Also write the description as a page for people, with pictures.", valueName: "path"),
        completion: .file()
    )
    var html: String?
    @OptionGroup var output: OutputOptions
    @OptionGroup var report: ReportOptions
    @OptionGroup var network: NetworkOptions
    @OptionGroup(title: "CSV options") var dialect: DialectOptions

    package init() {}

    package func validate() throws {
        if html == "" { throw ValidationError("--html takes a path") }
        if let html, OutputFile.areSame(html, output.path) {
            throw ValidationError("--html and the output must be different files")
        }
    }

    package func run() throws {
        let given = try dialect.given()
        var converter = CSVConverter(dialect: given.dialect, threads: threads.count, kernel: try KernelChoice.kernel())
        converter.remoteInputs = RemoteInputs.current
        converter.maxWindow = try dialect.window()
        let inputs = try CommandInputs.orStandardInput(inputs)
        let reporter = Reporter(report, inputs: inputs, of: converter)
        var isFaulty = false
        try reporter.run(showsProgress: !output.isTerminal) { meter throws(Failure) in
            converter.meter = meter
            let files = InputIdentities(inputs)
            // A refusal before anything is read costs nothing.
            for path in [output.path, html].compactMap(\.self) { try check(path, files) }
            var found: [Description] = []
            for input in inputs { found.append(try describe(input, given, converter)) }
            let resources = found.map { DataResource($0, hasStatistics: statistics) }
            let text = resources.count == 1 ? resources[0].json() : DataResource.package(resources)
            try write(TerminalText.json(text), to: output.path, besides: files)
            if let html { try write(Page(found.map { ($0, command($0).text) }).html, to: html, besides: files) }
            for description in found { report(description) }
            isFaulty = found.contains { !$0.faults.isEmpty }
        }
        if isFaulty { throw ExitCode(ExitStatus.doneWithRejectedRows) }
    }

    private func describe(
        _ input: String,
        _ given: Sniffing.Given,
        _ converter: CSVConverter
    ) throws(Failure) -> Description {
        do throws(SniffingError) {
            return try converter.describe(input, given)
        } catch {
            switch error {
            case .input(let error): throw Failure(error, input: input)
            case .tie(let tie): throw Failure(.unusable(tie.text), input: input)
            }
        }
    }

    /// Prints the command that converts the input, and what is wrong with it.
    private func report(_ description: Description) {
        let name = OpenedInput.title(of: description.input)
        if explain {
            for line in description.sniffing.lines { System.printError("\(TerminalText.name(name)): \(line)") }
        }
        for fault in description.faults.first {
            System.printError(Failure(.badData(fault.error), input: description.input).text)
        }
        if !description.faults.isEmpty {
            let counts = description.faults.counts.sorted { $0.key.rawValue < $1.key.rawValue }
                .map { "\($0.value) \($0.key.rawValue)" }
            System.printError("\(TerminalText.name(name)): invalid records: \(counts.joined(separator: ", "))")
        }
        System.printError(command(description).text)
    }

    private func command(_ description: Description) -> ConvertCommand {
        let isSchema = inputs.count <= 1 && output.path != "-"
        return ConvertCommand(description, schema: isSchema ? output.path : nil)
    }

    private func check(_ path: String, _ inputs: InputIdentities) throws(Failure) {
        try inputs.check(output: path)
        guard path != "-", !output.force, case .file = System.entry(at: path) else { return }
        throw Failure(.output(SystemFault("create", path: path, code: System.alreadyExists)), input: path)
    }

    private func write(_ text: String, to path: String, besides inputs: InputIdentities) throws(Failure) {
        try Failure.naming(path) { () throws(SluiceError) in
            let file = try OutputFile(path, replaces: output.force, besides: inputs.all)
            defer { file.discard() }
            var sink = file.sink
            try sink.write(Array("\(text)\n".utf8))
            try file.commit()
        }
    }
}
