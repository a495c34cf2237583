import ArgumentParser
import Sluice
import SluiceSystem

/// Where the output goes.
struct OutputOptions: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: "Write to this file, which gets its name when it is complete; - is standard output."
    )
    var output: String?
    @Flag(help: "Replace the output file if it exists.") var force = false

    func validate() throws {
        if output == "" { throw ValidationError("--output takes a path") }
    }

    /// Where it goes if nothing else is said.
    var path: String { output ?? "-" }

    /// Opens the output of a run of these inputs, none of which it may be; nothing should have been read before, so that a
    /// refusal costs nothing.
    func open(besides inputs: [String]) throws(Failure) -> OutputFile {
        let inputs = InputIdentities(inputs)
        try inputs.check(output: path)
        return try Failure.naming(path) { () throws(SluiceError) in
            try OutputFile(path, replaces: force, besides: inputs.all)
        }
    }

    /// Refuses to show compressed bytes to a user who has not asked for them.
    func checkThatNoTerminalGetsBytes() throws(ValidationError) {
        guard output == nil, System.isTerminal(1) else { return }
        throw ValidationError(
            "compressed output is not for a terminal; to write a file: -o PATH; to have it here: -o -"
        )
    }

    /// The output goes to the terminal that standard error may be on too.
    var isTerminal: Bool { path == "-" && System.isTerminal(1) }
}
