import SluiceAWS
import SluiceCLI
import SluiceEngine
import SluicePipeline
import SluicePlatform

/// Hands the events of a queue's messages to a function.
///
///     receive up to ten → hand over each → delete those that are done → receive the next
///
/// Messages that stay are held until the end, so that each is received once, and are then visible to others again.
struct Redriver {
    /// Where events go.
    enum Destination {
        case nowhere
        case function(FunctionTarget, waits: Bool)
    }

    private let queue: SQSQueue
    private let destination: Destination
    private let hold: SQSHold
    private var seen: Set<String> = []
    private var done = 0
    private var status: Int32 = 0

    init(_ queue: SQSQueue, to destination: Destination) {
        self.queue = queue
        self.destination = destination
        hold = SQSHold(queue, for: 60)
    }

    /// Works through the queue once, and returns the exit status.
    mutating func run() throws(Failure) -> Int32 {
        defer { release() }
        var messages = try receive()
        while !messages.isEmpty {
            // Those that are delivered again were handed over, or stay.
            try handOver(messages.filter { seen.insert($0.id).inserted })
            messages = try receive()
        }
        let kept = seen.count - done
        System.printError(
            "\(queue.url): \(Measure.count(done, "event")) handed over, \(Measure.count(kept, "message")) left" + limit
        )
        return status
    }

    /// What the counts do not have.
    private var limit: String {
        guard queue.isFIFO, case .nowhere = destination else { return "" }
        return ", and perhaps more: of each group a FIFO queue delivers only the first until they are deleted"
    }

    /// Receives messages. With a wait SQS asks all its servers, so that there are none only if the queue is empty.
    private func receive() throws(Failure) -> [SQSReceivedMessage] {
        let (queue, hold) = (queue, hold)
        return try Failure.naming(queue.url) { () throws(SluiceError) in
            try Blocking.waitUnlessInterrupted(about: queue.url) { () async throws(AWSError) in
                try await hold.receive(waiting: 2)
            }
        }
    }

    /// Hands over the events of messages, and deletes those that are done, even after an error.
    private mutating func handOver(_ messages: [SQSReceivedMessage]) throws(Failure) {
        var (handled, failure): ([SQSReceivedMessage], Failure?) = ([], nil)
        for message in messages where failure == nil {
            do throws(Failure) { if try isDone(message) { handled.append(message) } } catch { failure = error }
        }
        let (hold, finished) = (hold, handled)
        done += finished.count
        try Failure.naming(queue.url) { () throws(SluiceError) in
            // The next run hands over again what could not be deleted, which does no harm.
            _ = try Blocking.wait(about: queue.url) { () async throws(AWSError) in try await hold.delete(finished) }
        }
        if let failure { throw failure }
    }

    private mutating func isDone(_ message: SQSReceivedMessage) throws(Failure) -> Bool {
        let payload = Event.handover(of: Event.failed(in: message.body))
        let objects = Event(Array(payload.utf8)).objects
        guard !objects.isEmpty else {
            report("message \(message.id) is no event of an object; it stays in the queue", ExitStatus.badData)
            return false
        }
        if let reason = try Failure.naming(queue.url, { () throws(SluiceError) in try outcome(of: payload) }) {
            report(
                "the function failed with message \(message.id), which stays in the queue: \(reason)",
                ExitStatus.tryAgain
            )
            return false
        }
        let stated = message.attributes["ErrorMessage"] ?? Event.reason(in: message.body)
        let reason = stated.map { "\t\(TerminalText.name($0))" } ?? ""
        for object in objects { try StandardOutput.write(TerminalText.name(object.source) + reason) }
        if case .nowhere = destination { return false }
        return true
    }

    /// Hands over an event. Returns why the function failed, or nil if it succeeded or will be invoked later.
    private func outcome(of payload: String) throws(SluiceError) -> String? {
        guard case .function(let target, let waits) = destination else { return nil }
        do throws(SluiceError) {
            if waits { return try target.call(with: payload) }
            try target.start(with: payload)
            return nil
        } catch {
            // Another event may be smaller.
            guard case .service(let fault) = error, fault.code == "RequestTooLargeException" else { throw error }
            return "\(fault.message); have its objects converted with sluice invoke, and delete it"
        }
    }

    private mutating func report(_ message: String, _ status: Int32) {
        System.printError("\(queue.url): error: \(message)")
        self.status = max(self.status, status)
    }

    /// Makes what stays visible to others at once. If that fails, it is after its timeout.
    private func release() {
        let hold = hold
        _ = try? Blocking.wait { () async throws(AWSError) in try await hold.release() }
    }
}
