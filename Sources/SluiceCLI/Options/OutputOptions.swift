import ArgumentParser
import SluiceEngine
import SluicePlatform

/// The options for the output.
struct OutputOptions: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: "Write to this file, which appears only when complete; - is standard output.",
        completion: .file()
    )
    var output: String?
    @Flag(help: "Replace the output file if it exists.") var force = false

    func validate() throws {
        if output == "" { throw ValidationError("--output takes a path") }
    }

    /// The output's path; `-`, standard output, if none is given.
    var path: String { output ?? "-" }

    /// Opens the output of a run. Call it before anything is read, so that a refusal costs nothing.
    ///
    /// - Parameter inputs: the run's inputs; the output must be none of them.
    func open(besides inputs: [String]) throws(Failure) -> OutputFile {
        let inputs = InputIdentities(inputs)
        try inputs.check(output: path)
        return try Failure.naming(path) { () throws(SluiceError) in
            try OutputFile(path, replaces: force, besides: inputs.all)
        }
    }

    /// Throws if compressed bytes would go to a terminal that `-o -` does not ask for.
    func checkThatNoTerminalGetsBytes() throws(ValidationError) {
        guard output == nil, System.isTerminal(1) else { return }
        throw ValidationError(
            "compressed output is not written to a terminal; to write a file: -o PATH; to write it here anyway: -o -"
        )
    }

    /// Whether the output goes to a terminal, which standard error may be on too.
    var isTerminal: Bool { path == "-" && System.isTerminal(1) }
}
