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
            Messages are deleted when their rows are written; one that comes twice is written once. Messages that are not \
            Sluice's stay in the queue. Rows come in the order of the messages, which is that of the input only if the \
            queue is a FIFO queue. Exit status: 65 if an input turned out to be at fault when its first messages were \
            sent already, 75 if with --until-manifest the time is over before everything has come.
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
        let clock = ContinuousClock()
        var inbox = Inbox()
        var lastArrival = clock.now
        var output = DescriptorSink(descriptor: 1, path: "standard output")
        while true {
            let wait = longestWait(since: clock.now - lastArrival)
            let received = try waiting(queue) { () async throws(AWSError) in try await queue.receive(waiting: wait) }
            let delivery = inbox.take(received)
            try write(delivery, to: &output, queue)
            for fault in delivery.faults { System.printError("\(queue.url): error: \(fault)") }
            try waiting(queue) { () async throws(AWSError) in try await queue.delete(delivery.done) }
            inbox.confirm(delivery)
            if delivery.isDamaged { return ExitStatus.badData }
            if untilManifest, inbox.isAborted { return ExitStatus.badData }
            if untilManifest, inbox.isComplete { return 0 }
            // Messages of others come again and again, and do not count.
            if !delivery.done.isEmpty {
                lastArrival = clock.now
                continue
            }
            guard let timeout, clock.now - lastArrival >= .seconds(timeout) else { continue }
            if untilManifest { return timedOut(inbox, queue) }
            return inbox.isAborted ? ExitStatus.badData : 0
        }
    }

    /// Whole seconds that the queue is to wait for a message when nothing has come for that long.
    private func longestWait(since idle: Duration) -> Int {
        guard let timeout else { return 20 }
        return min(20, max(0, timeout - Int(idle.components.seconds)))
    }

    private func write(
        _ delivery: Inbox.Delivery,
        to output: inout DescriptorSink,
        _ queue: SQSQueue
    ) throws(SluiceError) {
        do throws(SluiceError) {
            try delivery.rows.withUnsafeBufferPointer { (rows) throws(SluiceError) in
                try output.write(UnsafeRawBufferPointer(rows))
            }
        } catch {
            // Somebody else may do better with them, at once.
            try? waiting(queue) { () async throws(AWSError) in try await queue.hide(delivery.done, for: 0) }
            throw error
        }
    }

    private func timedOut(_ inbox: Inbox, _ queue: SQSQueue) -> Int32 {
        let names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        let counts = try? waiting(queue) { () async throws(AWSError) in try await queue.attributes(names) }
        let numbers = names.compactMap { counts?[$0] }
        let rest = numbers.count == 2 ? "; the queue has about \(numbers[0]) messages, and \(numbers[1]) are taken" : ""
        System.printError("\(queue.url): error: nothing came for \(timeout ?? 0) s; \(inbox.missing)\(rest)")
        return ExitStatus.tryAgain
    }

    private func waiting<Value: Sendable>(
        _ queue: SQSQueue,
        _ work: @escaping @Sendable () async throws(AWSError) -> Value
    ) throws(SluiceError) -> Value {
        do throws(AWSError) { return try Blocking.wait(work) } catch { throw error.fault(about: queue.url) }
    }
}
