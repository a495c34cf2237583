import ArgumentParser
import SluiceCSV
import SluiceEngine

/// The options of the program itself, without a subcommand.
package struct VersionOptions: ParsableArguments {
    @Flag(help: "Print the version; also -V.") var version = false
    @Flag(help: "With --version: also print the kernels for this processor.") var verbose = false

    package init() {}

    /// Prints the version if asked to, and returns whether it did.
    package func print() throws -> Bool {
        guard version else { return false }
        var lines = ["sluice \(SluicePackage.version)"]
        if verbose {
            lines.append("kernel: \(try KernelChoice.kernel().name)")
            lines.append("available: \(Kernel.available.map(\.name).joined(separator: ", "))")
        }
        try StandardOutput.write(lines.joined(separator: "\n"))
        return true
    }
}
