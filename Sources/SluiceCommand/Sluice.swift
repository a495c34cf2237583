import ArgumentParser
import Sluice
import SluiceCSV
import SluiceSystem

@main
struct SluiceTool: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "sluice", subcommands: [Convert.self])
}

struct Convert: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Convert CSV to JSON rows on standard output.")
    @Argument(help: "Files, or - for standard input.") var inputs: [String]
    @Option(name: .short, help: "Threads.") var jobs = 2
    @Option(help: "Of the input's text: utf-8, utf-16, utf-16le, utf-16be or latin1.") var encoding: Encoding = .utf8
    @Option(help: "ndjson or array.") var format: RowFormat = .ndjson
    @OptionGroup var dialect: DialectOptions

    func run() throws {
        var conversion = Conversion(
            dialect: try dialect.dialect(),
            encoding: encoding,
            format: format,
            threads: max(1, jobs)
        )
        if let name = System.environment("SLUICE_KERNEL") {
            guard let kernel = Kernel.named(name) else { throw ValidationError("SLUICE_KERNEL: no kernel \(name)") }
            conversion.kernel = kernel
        }
        for input in inputs {
            var sink = DescriptorSink(descriptor: 1, path: "standard output")
            do throws(SluiceError) {
                try conversion.convert(file: input, to: &sink)
            } catch {
                System.printError(error.description(for: input))
                throw ExitCode(error.exitCode)
            }
        }
    }
}

extension Encoding: ExpressibleByArgument {}
extension RowFormat: ExpressibleByArgument {}

extension SluiceError {
    func description(for input: String) -> String {
        switch self {
        case .badData(let error): "\(input):\(error)"
        case .input(let fault) where fault.code == 0: "\(input): error: the file was cut short while it was read"
        case .input(let fault), .output(let fault):
            "\(fault.path): error: \(fault.operation): \(System.message(for: fault.code))"
        case .unusable(let reason): "\(input): error: \(reason)"
        }
    }

    /// As in sysexits.h.
    var exitCode: Int32 {
        switch self {
        case .badData: 65
        case .input(let fault): fault.operation == "open" ? 66 : 74
        case .output: 74
        case .unusable: 66
        }
    }
}
