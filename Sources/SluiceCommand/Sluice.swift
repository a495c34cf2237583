import ArgumentParser
import SluiceCLI
import SluicePlatform

/// The command `sluice`. Without a subcommand it prints its version or its help.
@main
struct SluiceTool: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sluice",
        abstract: "Convert CSV to JSON rows, and pack them into messages.",
        usage:
            "sluice convert|messages|verify|plan|check|describe|send|receive|redrive|invoke [INPUT...] ...; sluice --version",
        discussion: """
            `send` and `receive` use Amazon SQS queues; see sluice send --help. `verify` reads queues too, `redrive` hands \
            the events of one to a function, `invoke` objects. Inputs may be s3://bucket/key.

            Exit status: 0 done, 3 done with rejected rows, 64 usage, 65 bad data, 66 no input, 69 service \
            unavailable, 73 cannot create the output, 74 input or output failed, 75 try again later, 141 the output's \
            pipe was closed.
            """,
        subcommands: [Convert.self, Messages.self, Verify.self, Plan.self, Check.self, Describe.self]
    )
    @OptionGroup var version: VersionOptions

    static func main() {
        System.reserveStandardDescriptors()
        System.ignoreSIGPIPE()
        let arguments = System.arguments
        AWSProgram.executeIfNeeded(arguments)
        System.exit(CommandLineTool.status(of: Self.self, arguments))
    }

    func run() throws {
        guard try version.print() else { throw CleanExit.helpRequest(self) }
    }
}
