import ArgumentParser
import SluiceAWS
import SluiceCLI
import SluiceEngine
import SluicePlatform

/// `sluice receive`: writes the rows of a queue's messages.
struct Receive: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "receive",
        abstract: "Write the rows of a queue's messages, one per line, and delete the messages.",
        usage: "sluice receive --queue-url URL [--until-manifest] [--timeout SECONDS] [--rejects PATH]",
        discussion: """
            A message is deleted after its rows are written; one that is delivered twice is written once. While a slow \
            reader takes rows, their messages stay hidden from other consumers. Rows in S3 are fetched from the \
            buckets that --offload-bucket names, and stay there. Messages of other programs stay in the queue. Rows \
            come in the order of the messages, which is the input's only on a FIFO queue.

            Messages of rejected records have no rows. With --rejects their lines go to a file, which must not exist: it \
            appears when the command ends, and a killed one leaves PATH.partial, to which the next one adds. \
            --until-manifest then also waits for all rejected records that the manifest counts. Without --rejects they \
            are counted and deleted.

            On SIGINT, SIGTERM or SIGHUP, messages whose rows are written are deleted, and the rest become visible to \
            other consumers again; a second signal ends the command at once.

            Exit status: 65 if an input turned out to be invalid after its first messages were sent, 75 if \
            --until-manifest was not reached within --timeout, 128 plus the signal's number after a signal.
            """
    )
    @OptionGroup var queue: QueueOptions
    @Flag(help: "End when every input seen is complete according to its manifest.")
    var untilManifest = false
    @Option(help: "End after this many seconds without a new message; by default never.") var timeout: Int?
    @Option(help: "Visibility timeout in seconds, extended as needed, 3 to 43200.")
    var visibilityTimeout = 60
    @Option(
        help: ArgumentHelp(
            "Write a line of JSON for each rejected record to this file, or to stderr.",
            valueName: "path"
        ),
        completion: .file()
    )
    var rejects: String?
    @OptionGroup var bounds: BodyOptions
    @OptionGroup var network: NetworkOptions

    func validate() throws {
        if let timeout, timeout < 0 { throw ValidationError("--timeout takes a number of seconds") }
        guard 3...43_200 ~= visibilityTimeout else {
            throw ValidationError("--visibility-timeout takes a number of seconds from 3 to 43200")
        }
        if rejects == "" || rejects == "-" {
            throw ValidationError("--rejects takes a path; to see rejects: --rejects stderr")
        }
    }

    func run() throws {
        let bounds = try bounds.bounds()
        Interruption.shared.watch()
        var status: Int32
        do throws(Failure) {
            // The messages of lines that a killed command wrote are deleted, so those lines are kept.
            let file = try rejects.map { path throws(Failure) in try RejectFile(path, growth: .continues) }
            let queue = try self.queue.queue()
            let ends = Reception.Ends(untilManifest: untilManifest, timeout: timeout)
            let reception = Reception(queue, until: ends, bounds, rejects: file)
            status = try Failure.naming(queue.url) { () throws(SluiceError) in try run(reception) }
            try file?.commit()
        } catch {
            if !error.error.isClosedPipe { System.printError(error.text) }
            status = error.error.exitStatus
        }
        if status != 0 { throw ExitCode(status) }
    }

    private func run(_ reception: Reception) throws(SluiceError) -> Int32 {
        let (stop, seconds) = (StopSignal(), visibilityTimeout)
        let waker = Interruption.shared.onSignal { stop.request() }
        defer { Interruption.shared.forget(waker) }
        return try Blocking.wait { () async throws(SluiceError) in
            try await reception.run(hiddenFor: seconds, until: stop)
        }
    }
}
