import ArgumentParser
import SluiceAWS
import SluiceCLI
import SluiceEngine
import SluicePipeline

/// `sluice invoke`: hands objects to the function, as if they had just been uploaded.
struct Invoke: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "invoke",
        abstract: "Have the function convert objects that were uploaded before.",
        usage:
            "sluice invoke INPUT... --function NAME|--queue-url URL [--recursive] [--batch N] [--checkpoint FILE] [--dry-run]",
        discussion: """
            Lambda gets an event for each object, or with --batch for several, and invokes the function as fast as its \
            concurrency allows; what it can't convert within six hours goes to the function's dead-letter queue. Where a \
            queue is between topic and function, --queue-url names it, and events wait there as long as it keeps them. Events \
            name the objects' newest versions. An object is printed when Lambda has accepted its event; the function skips \
            one that it has converted already.

            With --recursive, the objects below s3://bucket/prefix are handed over in the order of their keys. With \
            --checkpoint, the same command goes on after those that Lambda has accepted. Lambda may get one event twice: \
            the messages have the same ids.
            """
    )
    @Argument(help: "s3://bucket/key; with --recursive s3://bucket/prefix.") var inputs: [String]
    @OptionGroup var listing: RecursiveOptions
    @Option(help: "The function's name or ARN.") var function: String?
    @Option(help: "The URL or name of the queue that the function takes events from.") var queueUrl: String?
    @Option(help: "The most objects of an event, 1 to 1000. One invocation converts them one after the other.")
    var batch = 1
    @Option(
        help: "With --recursive: a file that records progress, and is removed when all is handed over.",
        completion: .file()
    )
    var checkpoint: String?
    @Flag(help: "Print the objects, and hand over none.") var dryRun = false
    @OptionGroup var network: NetworkOptions

    func validate() throws {
        guard 1...1000 ~= batch else { throw ValidationError("--batch takes a number from 1 to 1000") }
        guard (function == nil) != (queueUrl == nil), function != "" else {
            throw ValidationError("one of --function and --queue-url says where events go")
        }
        // The event source mapping makes batches itself.
        if batch > 1, queueUrl != nil { throw ValidationError("--batch is for --function") }
        if checkpoint == "" { throw ValidationError("--checkpoint takes a path") }
        if checkpoint != nil, !listing.recursive || dryRun {
            throw ValidationError("--checkpoint requires --recursive, and no --dry-run")
        }
    }

    func run() throws {
        let selection = try listing.selection(of: inputs)
        Interruption.shared.watch()
        let target = try target()
        let listed = selection.map { CheckpointFile.Listing($0) }
        let file = checkpoint.map { CheckpointFile($0, target.destination, of: listed) }
        var handover = Handover(to: dryRun ? nil : target, batch: batch, recordedIn: file)
        if let selection { try handover.add(selection) } else { try handover.add(inputs) }
    }

    private func target() throws(Failure) -> Handover.Target {
        if let function { return .function(FunctionTarget(name: function)) }
        return .queue(try QueueOptions.queue(queueUrl ?? ""))
    }
}
