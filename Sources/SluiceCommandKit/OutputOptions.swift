import ArgumentParser
import Sluice
import SluiceSystem

/// Where the output goes.
struct OutputOptions: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: "Write to this file, which gets its name when it is complete; - is standard output."
    )
    var output = "-"
    @Flag(help: "Replace the output file if it exists.") var force = false

    func validate() throws {
        if output.isEmpty { throw ValidationError("--output takes a path") }
    }

    /// Opens the output; nothing should have been read before, so that a refusal costs nothing.
    func open() throws(Failure) -> OutputFile {
        try Failure.naming(output) { () throws(SluiceError) in try OutputFile(output, replaces: force) }
    }

    /// The output goes to the terminal that standard error may be on too.
    var isTerminal: Bool { output == "-" && System.isTerminal(1) }
}
