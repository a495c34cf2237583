import ArgumentParser
import SluiceEngine
import SluicePlatform

/// `sluice verify`: proves that messages hold all of an input, once.
package struct Verify: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract:
            "Check that messages are complete: no gap, overlap or duplicate, and as many rows as the manifest states.",
        usage: "sluice verify [MESSAGES | --queue-url URL] [--against INPUT] [-j N] ...",
        discussion: """
            Exit status: 0 if the messages are complete, 65 if not; each problem is reported on a line of its own. \
            With --against, every message and the manifest are also recreated from the input, with the messages' own \
            source and options, and compared. Messages of rejected records are compared too, if there are any; they \
            may come twice. Rows that --oversize reject left out are only counted. If messages are missing, damaged or of another run, the last line about an input is the command that sends them again.

            With --queue-url the messages are those of a queue, which must not be a FIFO queue. They are read until \
            every input seen is complete or no more arrive; rows in S3 are fetched from the buckets that \
            --offload-bucket names. Then the messages become visible to others again, unless --delete deletes them. \
            Each check counts as a receive.

            Messages from standard input and from a queue are kept meanwhile in an unnamed file in TMPDIR, or else \
            /tmp.
            """
    )
    @Argument(
        help: """
            Output of sluice messages: a file, a directory, or - for standard input (the default without --queue-url).
            """,
        completion: .file()
    )
    var messages: String?
    @Option(help: "Verify the messages of the queue with this URL or name instead.") var queueUrl: String?
    @Option(help: "With --queue-url: stop reading after this many seconds without a new message; the default is 20.")
    var timeout: Int?
    @Flag(help: "With --queue-url: delete the messages if everything was complete.") var delete = false
    @OptionGroup var threads: ThreadOption
    @OptionGroup var bodies: BodyOptions
    @OptionGroup var network: NetworkOptions
    @OptionGroup var options: ComparisonOptions

    package init() {}

    package func validate() throws {
        if messages != nil, queueUrl != nil {
            throw ValidationError("verify takes either messages or --queue-url")
        }
        if queueUrl == nil, timeout != nil || delete || !bodies.offloadBuckets.isEmpty {
            throw ValidationError("--timeout, --delete and --offload-bucket require --queue-url")
        }
        if let timeout, timeout < 0 { throw ValidationError("--timeout takes a number of seconds") }
    }

    package func run() throws {
        let bounds = try bodies.bounds()
        let verifier = try options.verifier(maxBody: bounds.largest, threads: threads)
        let messages = queueUrl == nil ? try CommandInputs.orStandardInput(messages.map { [$0] } ?? [])[0] : "-"
        let isComplete: Bool
        do throws(Failure) {
            isComplete = try verify(messages, verifier, bounds)
        } catch {
            System.printError(error.text)
            throw ExitCode(error.exitStatus)
        }
        if !isComplete { throw ExitCode(ExitStatus.badData) }
    }

    private func verify(_ messages: String, _ verifier: Verifier, _ bounds: BodyBounds) throws(Failure) -> Bool {
        if let queueUrl {
            guard let queues = RemoteQueues.current else {
                throw Failure(.misuse("only sluice-aws can read queues"), input: queueUrl)
            }
            let reading = QueueReading(timeout: timeout ?? 20, deletes: delete, bounds: bounds)
            return try queues.verify(queueUrl, reading, verifier)
        }
        let archive = try Failure.naming(messages) { () throws(SluiceError) in
            try MessageArchive(messages, maxBody: verifier.maxBody)
        }
        return try verifier.holds(for: archive, from: messages)
    }
}
