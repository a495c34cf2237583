import ArgumentParser
import SluiceCLI
import SluicePlatform

/// The command `sluice-aws`: the commands for SQS queues, and those of `sluice` for inputs in S3. `sluice` executes it when
/// one of these is requested, so it uses the same command name.
@main
struct SluiceAWSTool: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sluice",
        abstract: "Convert CSV to JSON rows, and pack them into messages: the commands for AWS.",
        usage: "sluice send|receive|redrive|invoke|convert|messages|verify|plan|check|describe [INPUT...] ...",
        discussion: """
            Region, credentials, endpoints and proxies come from AWS_REGION, AWS_ACCESS_KEY_ID, AWS_PROFILE, \
            AWS_ENDPOINT_URL, HTTPS_PROXY…, the shared files, and the role of a container or an instance, as for AWS's own \
            tools.
            """,
        subcommands: [
            Send.self, Receive.self, Redrive.self, Invoke.self, Convert.self, Messages.self, Verify.self, Plan.self,
            Check.self,
            Describe.self,
        ]
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
