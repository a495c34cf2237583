import ArgumentParser
import SluiceCLI
import SluicePlatform

/// The command `sluice-aws`: the commands for SQS queues, and those of `sluice` for inputs in S3. `sluice` executes it when
/// one of these is requested, so it uses the same command name.
@main
struct SluiceAWSTool: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sluice",
        abstract: "Turn CSV into JSON, strictly and fast: the commands for AWS.",
        usage: "sluice send|receive|convert|messages|verify|plan|check [INPUT...] ...",
        discussion: """
            Region, credentials and endpoints come from the same places as for AWS's own tools: AWS_REGION, \
            AWS_ACCESS_KEY_ID, AWS_PROFILE, AWS_ENDPOINT_URL…, the shared files, the role of a container or an instance.
            """,
        subcommands: [Send.self, Receive.self, Convert.self, Messages.self, Verify.self, Plan.self, Check.self]
    )

    @OptionGroup var version: VersionOptions

    static func main() {
        System.reserveStandardDescriptors()
        System.ignoreSIGPIPE()
        let status = RemoteInputs.$current.withValue(S3Inputs()) {
            RemoteQueues.$current.withValue(QueueVerifier()) {
                CommandLineTool.status(of: Self.self, System.arguments)
            }
        }
        System.exit(status)
    }

    func run() throws {
        guard try version.print() else { throw CleanExit.helpRequest(self) }
    }
}
