import SluiceAWS
import SluiceCLI
import SluiceEngine
import SluicePlatform

/// Receives messages from a queue and writes their rows to standard output, and rejected records to a file.
///
///     receive → fetch what it points to → confirm that it is still ours → write → delete
///
/// Until a message's rows are written, it may be delivered again, so nothing is lost. After that it must not be written again:
/// its id is recorded before the message is deleted. If deleting fails because its visibility timeout has passed, and it is
/// delivered to this process again, it is not written a second time.
struct Reception {
    /// The conditions that end a reception.
    struct Ends {
        /// Whether to end when every input of which a message was received is complete.
        var untilManifest: Bool
        /// How many seconds without a new message end the reception; nil for no limit.
        var timeout: Int?
    }

    private let queue: SQSQueue
    private let hold: SQSHold
    private let bounds: BodyBounds
    private var state: ReceiveState
    /// Where the lines of rejected records go; nil if they are only counted.
    private let rejects: RejectFile?
    private var output = DescriptorSink(descriptor: 1, path: "standard output")
    /// Whether one of Sluice's messages cannot be read.
    private var hasDamage = false

    init(_ queue: SQSQueue, hiddenFor seconds: Int, _ bounds: BodyBounds, rejects: RejectFile?) {
        self.queue = queue
        self.bounds = bounds
        self.rejects = rejects
        hold = SQSHold(queue, for: seconds)
        state = ReceiveState(largestBody: bounds.largest, awaits: rejects == nil ? .noRejects : .allRejects)
    }

    /// Receives until one of `ends` holds, and returns the exit status.
    mutating func run(until ends: Ends) throws(SluiceError) -> Int32 {
        defer { if rejects == nil { sayRejects() } }
        do throws(SluiceError) { return try receive(until: ends) } catch {
            // Make the remaining messages available to other receivers at once.
            let hold = hold
            try? Blocking.wait { () async throws(AWSError) in try await hold.release() }
            guard case .interrupted(let signal) = error else { throw error }
            System.printError(
                "\(queue.url): ended by \(System.name(ofSignal: signal)); the messages of all rows written are deleted"
            )
            return error.exitStatus
        }
    }

    private mutating func receive(until ends: Ends) throws(SluiceError) -> Int32 {
        var idle = IdleTimeout(seconds: ends.timeout)
        while true {
            let (hold, wait) = (hold, idle.nextWait)
            let received = try Blocking.waitUnlessInterrupted(about: queue.url) { () async throws(AWSError) in
                try await hold.receive(waiting: wait)
            }
            let hasNews = try deliver(received)
            if hasDamage { return ExitStatus.badData }
            if ends.untilManifest, state.isAborted { return ExitStatus.badData }
            if ends.untilManifest, state.isComplete { return completed() }
            // Messages that are not Sluice's are delivered again and again, and do not count.
            if hasNews {
                idle.noteArrival()
                continue
            }
            guard idle.isOver else { continue }
            if ends.untilManifest { return timedOut(ends.timeout ?? 0) }
            return state.isAborted ? ExitStatus.badData : completed()
        }
    }

    /// Returns the exit status when all counts match the manifests: an error if the messages are not those that were sent.
    private func completed() -> Int32 {
        for source in state.exchanged.map(TerminalText.name) {
            System.printError(
                "\(queue.url): error: the messages of \(source) are not those of its manifest; discard its rows"
            )
        }
        return state.exchanged.isEmpty ? 0 : ExitStatus.badData
    }

    /// Writes the rows of messages and deletes the messages. Messages with their own bodies are handled together, pointers one
    /// by one, since their bodies may be large. Returns whether any message was new.
    private mutating func deliver(_ received: [SQSReceivedMessage]) throws(SluiceError) -> Bool {
        var hasNews = false
        var open = received[...]
        while let first = open.first {
            try Interruption.shared.check()
            let part = first.isPointer ? open.prefix(1) : open.prefix { !$0.isPointer }
            open = open.dropFirst(part.count)
            let resolved = try Payloads.resolved(part, from: queue, bounds)
            let hold = hold
            let ours = try Blocking.wait(about: queue.url) { () async throws(AWSError) in
                try await hold.confirmed(resolved)
            }
            let batch = state.take(ours)
            try output.write(batch.rows)
            try rejects?.write(batch.rejects)
            state.confirm(batch)
            for line in batch.lines { System.printError(line.text(of: queue.url)) }
            try finish(batch, of: part)
            hasNews = hasNews || !batch.done.isEmpty
            hasDamage = hasDamage || batch.isDamaged
        }
        return hasNews
    }

    /// Deletes the messages whose rows were written, and stops holding the others.
    private func finish(_ batch: ReceiveState.Batch, of part: ArraySlice<SQSReceivedMessage>) throws(SluiceError) {
        let (hold, part) = (hold, Array(part))
        let late = try Blocking.wait(about: queue.url) { () async throws(AWSError) in
            let late = try await hold.delete(batch.done)
            await hold.drop(part)
            return late
        }
        for message in late {
            System.printError(
                "\(queue.url): warning: message \(message.id) is written, but could not be deleted: its visibility "
                    + "timeout was too short, and it will be delivered again"
            )
        }
    }

    /// Says how many rejected records were received and not written.
    private func sayRejects() {
        for (source, count) in state.rejects {
            let records =
                "\(Measure.count(count, "rejected record")) \(count == 1 ? "was" : "were") received and not written"
            System.printError("\(TerminalText.name(source)): warning: \(records); to write them: --rejects PATH")
        }
    }

    private func timedOut(_ timeout: Int) -> Int32 {
        let (queue, names) = (queue, ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"])
        let counts = try? Blocking.wait { () async throws(AWSError) in try await queue.attributes(names) }
        let numbers = names.compactMap { counts?[$0] }
        let rest = numbers.count == 2 ? "; the queue has about \(numbers[0]) messages, and \(numbers[1]) in flight" : ""
        System.printError("\(queue.url): error: nothing arrived for \(timeout) s; \(state.missing)\(rest)")
        return ExitStatus.tryAgain
    }
}
