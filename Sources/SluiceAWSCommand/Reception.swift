import SluiceAWS
import SluiceCLI
import SluiceEngine
import SluicePlatform

/// Writes the rows of a queue's messages to standard output, and rejected records to a file.
///
/// Once a message's rows are written, they must not be written again: its id is recorded before the message is deleted. If
/// deleting fails because its visibility timeout has passed, and it is delivered to this process again, it is not written a
/// second time.
actor Reception: SQSMessageHandler {
    /// The conditions that end a reception.
    struct Ends {
        /// Whether to end when every input of which a message was received is complete.
        var untilManifest: Bool
        /// How many seconds without a new message end the reception; nil for no limit.
        var timeout: Int?
    }

    private let queue: SQSQueue
    private let ends: Ends
    private let bounds: BodyBounds
    private var idle: IdleTimeout
    private var state: ReceiveState
    /// Where the lines of rejected records go; nil if they are only counted.
    private let rejects: RejectFile?
    private var output = DescriptorSink(descriptor: 1, path: "standard output")
    /// Whether any message of the last request was new. Messages that are not Sluice's are delivered again and again, and do
    /// not count.
    private var hasNews = true
    /// Whether one of Sluice's messages cannot be read.
    private var hasDamage = false
    /// Why the reception ends early.
    private var failure: SluiceError?
    private let thread = ThreadExecutor()

    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    init(_ queue: SQSQueue, until ends: Ends, _ bounds: BodyBounds, rejects: RejectFile?) {
        self.queue = queue
        self.ends = ends
        self.bounds = bounds
        self.rejects = rejects
        idle = IdleTimeout(seconds: ends.timeout)
        state = ReceiveState(largestBody: bounds.largest, awaits: rejects == nil ? .noRejects : .allRejects)
    }

    /// Receives until one of the conditions holds or a stop is requested, and returns the exit status.
    ///
    /// - Parameter seconds: How long received messages are hidden from other consumers, unless this is extended.
    func run(hiddenFor seconds: Int, until stop: StopSignal) async throws(SluiceError) -> Int32 {
        defer { if rejects == nil { sayRejects() } }
        let receiver = SQSReceiver(queue, hiddenFor: seconds, buckets: bounds.buckets, limit: bounds.largest, self)
        do throws(AWSError) { try await receiver.run(until: stop) } catch {
            throw failure ?? error.fault(about: queue.url)
        }
        if let failure { throw failure }
        if let signal = System.firstSignal, !isOver { return interrupted(by: signal) }
        if hasDamage || state.isAborted { return ExitStatus.badData }
        return ends.untilManifest && !state.isComplete ? await timedOut() : completed()
    }

    func nextWait() -> Int? {
        if isOver { return nil }
        hasNews = false
        return idle.nextWait
    }

    func handle(_ message: SQSReceivedMessage) -> SQSOutcome {
        let decision = state.take(message)
        do throws(SluiceError) {
            try output.write(decision.rows)
            try rejects?.write(decision.rejects)
        } catch {
            return end(error)
        }
        state.confirm(decision)
        for line in decision.lines { System.printError(line.text(of: queue.url)) }
        hasDamage = hasDamage || decision.isDamaged
        guard decision.isDone else { return .stays }
        hasNews = true
        idle.noteArrival()
        return .done
    }

    func handle(_ message: SQSReceivedMessage, without error: AWSError) -> SQSOutcome {
        end(Payloads.advised(error).fault(about: queue.url))
    }

    func noteUndeleted(_ messages: [SQSReceivedMessage]) {
        for message in messages {
            System.printError(
                "\(queue.url): warning: message \(message.id) is written, but could not be deleted: its visibility "
                    + "timeout was too short, and it will be delivered again"
            )
        }
    }

    private func end(_ error: SluiceError) -> SQSOutcome {
        failure = error
        return .staysWithRest
    }

    private var isOver: Bool {
        failure != nil || hasDamage || ends.untilManifest && (state.isAborted || state.isComplete)
            || !hasNews && idle.isOver
    }

    private func interrupted(by signal: Int32) -> Int32 {
        System.printError(
            "\(queue.url): ended by \(System.name(ofSignal: signal)); the messages of all rows written are deleted"
        )
        return SluiceError.interrupted(signal: signal).exitStatus
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

    private func timedOut() async -> Int32 {
        let names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        let counts = try? await queue.attributes(names)
        let numbers = names.compactMap { counts?[$0] }
        let rest = numbers.count == 2 ? "; the queue has about \(numbers[0]) messages, and \(numbers[1]) in flight" : ""
        System.printError(
            "\(queue.url): error: nothing arrived for \(ends.timeout ?? 0) s; \(state.missing)\(rest)"
        )
        return ExitStatus.tryAgain
    }

    /// Says how many rejected records were received and not written.
    private func sayRejects() {
        for (source, count) in state.rejects {
            let records =
                "\(Measure.count(count, "rejected record")) \(count == 1 ? "was" : "were") received and not written"
            System.printError("\(TerminalText.name(source)): warning: \(records); to write them: --rejects PATH")
        }
    }
}
