import ArgumentParser
import Sluice
import SluiceAWS
import SluiceCommandKit
import SluiceSystem

/// `sluice receive`: the rows of a queue's messages.
struct Receive: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write the rows of a queue's messages, a row a line, and delete the messages.",
        discussion: """
            Messages are deleted when their rows are written; one that comes twice is written once. Rows that were put \
            into S3 are fetched, and stay there. Messages that are not Sluice's stay in the queue. Rows come in the order \
            of the messages, which is that of the input only if the queue is a FIFO queue. Exit status: 65 if an input \
            turned out to be at fault when its first messages were sent already, 75 if with --until-manifest the time is \
            over before everything has come.
            """
    )
    @OptionGroup var queue: QueueOptions
    @Flag(help: "End when every input of which messages came is there as a whole, as its manifest says.")
    var untilManifest = false
    @Option(help: "End when nothing has come for that many seconds; without it, never.") var timeout: Int?

    func validate() throws {
        if let timeout, timeout < 0 { throw ValidationError("--timeout takes a number of seconds") }
    }

    func run() throws {
        let status: Int32
        do throws(Failure) {
            let queue = try self.queue.queue()
            status = try Failure.naming(queue.url) { () throws(SluiceError) in try receive(from: queue) }
        } catch {
            if !error.error.isClosedPipe { System.printError(error.text) }
            status = error.error.exitStatus
        }
        if status != 0 { throw ExitCode(status) }
    }

    /// Receives until it is over, and returns the exit status.
    private func receive(from queue: SQSQueue) throws(SluiceError) -> Int32 {
        var inbox = Inbox()
        var patience = Patience(seconds: timeout)
        var output = DescriptorSink(descriptor: 1, path: "standard output")
        while true {
            let wait = patience.nextWait
            let received = try Blocking.wait(about: queue.url) { () async throws(AWSError) in
                try await queue.receive(waiting: wait)
            }
            let (hasNews, isDamaged) = try deliver(received, from: queue, through: &inbox, to: &output)
            if isDamaged { return ExitStatus.badData }
            if untilManifest, inbox.isAborted { return ExitStatus.badData }
            if untilManifest, inbox.isComplete { return 0 }
            // Messages of others come again and again, and do not count.
            if hasNews {
                patience.noteArrival()
                continue
            }
            guard patience.isOver else { continue }
            if untilManifest { return timedOut(inbox, queue) }
            return inbox.isAborted ? ExitStatus.badData : 0
        }
    }

    /// Writes the rows of messages and deletes them: those that came with their rows together, others one by one, for what
    /// they point to may be large.
    private func deliver(
        _ received: [SQSReceivedMessage],
        from queue: SQSQueue,
        through inbox: inout Inbox,
        to output: inout DescriptorSink
    ) throws(SluiceError) -> (hasNews: Bool, isDamaged: Bool) {
        var (hasNews, isDamaged) = (false, false)
        var open = received[...]
        while let first = open.first {
            let part = first.isPointer ? open.prefix(1) : open.prefix { !$0.isPointer }
            let delivery: Inbox.Delivery
            do throws(SluiceError) {
                delivery = inbox.take(try Payloads.resolved(part, from: queue))
                try output.write(delivery.rows)
            } catch {
                // Somebody else may do better with them, at once.
                let rest = Array(open)
                try? Blocking.wait { () async throws(AWSError) in try await queue.hide(rest, for: 0) }
                throw error
            }
            for fault in delivery.faults { System.printError("\(queue.url): error: \(fault)") }
            try Blocking.wait(about: queue.url) { () async throws(AWSError) in try await queue.delete(delivery.done) }
            inbox.confirm(delivery)
            hasNews = hasNews || !delivery.done.isEmpty
            isDamaged = isDamaged || delivery.isDamaged
            open = open.dropFirst(part.count)
        }
        return (hasNews, isDamaged)
    }

    private func timedOut(_ inbox: Inbox, _ queue: SQSQueue) -> Int32 {
        let names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        let counts = try? Blocking.wait { () async throws(AWSError) in try await queue.attributes(names) }
        let numbers = names.compactMap { counts?[$0] }
        let rest = numbers.count == 2 ? "; the queue has about \(numbers[0]) messages, and \(numbers[1]) are taken" : ""
        System.printError("\(queue.url): error: nothing came for \(timeout ?? 0) s; \(inbox.missing)\(rest)")
        return ExitStatus.tryAgain
    }
}
