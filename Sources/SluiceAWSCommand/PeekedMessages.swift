import SluiceAWS
import SluiceCLI
import SluiceEngine
import SluicePlatform

/// Messages that are received from a queue for inspection, and returned to it.
final class PeekedMessages {
    private let queue: SQSQueue
    /// The received messages by id, without bodies, and whether they are Sluice's. After its visibility timeout a message is
    /// delivered again, with another receipt.
    private var taken: [String: (message: SQSReceivedMessage, isOurs: Bool)] = [:]

    init(_ queue: SQSQueue) { self.queue = queue }

    /// Receives messages until every input of which a message was received is complete and the queue has no others, or until the
    /// timeout.
    func archive(_ reading: QueueReading) throws(SluiceError) -> MessageArchive {
        var state = ReceiveState(largestBody: reading.bounds.largest, awaits: .restOfRejects)
        var idle = IdleTimeout(seconds: reading.timeout)
        let file = try ScratchFile()
        var lines = MessageLineSink(file)
        var isEmpty = false
        while !state.isComplete || !isEmpty {
            // With a wait of a second SQS asks all its servers.
            let (queue, wait) = (queue, state.isComplete ? 1 : idle.nextWait)
            let received = try Blocking.waitUnlessInterrupted(about: queue.url) { () async throws(AWSError) in
                try await queue.receive(waiting: wait)
            }
            let news = received.filter { taken[$0.id] == nil }
            for message in received { note(message) }
            for message in news { try keep(message, reading.bounds, in: &state, &lines) }
            // A message that is delivered again says nothing about others.
            isEmpty = received.isEmpty
            if !news.isEmpty { idle.noteArrival() } else if idle.isOver { break }
        }
        return try MessageArchive(file, maxBody: reading.bounds.largest)
    }

    private func note(_ message: SQSReceivedMessage) {
        var bare = message
        bare.body = ""
        taken[message.id] = (bare, message.labels != nil)
    }

    private func keep(
        _ message: SQSReceivedMessage,
        _ bounds: BodyBounds,
        in state: inout ReceiveState,
        _ lines: inout MessageLineSink<ScratchFile>
    ) throws(SluiceError) {
        guard taken[message.id]?.isOurs == true else {
            return System.printError("\(queue.url): warning: message \(message.id) is not Sluice's and is ignored")
        }
        let resolved = try Payloads.resolved(message, from: queue, bounds)
        try lines.write(resolved.received)
        state.confirm(state.take(resolved))
    }

    /// Makes the messages visible to other receivers at once, or deletes those that are Sluice's.
    func giveBack(deletes: Bool) throws(SluiceError) {
        let queue = queue
        let deleted = deletes ? taken.values.filter(\.isOurs).map(\.message) : []
        let rest = taken.values.filter { !deletes || !$0.isOurs }.map(\.message)
        _ = try Blocking.wait(about: queue.url) { () async throws(AWSError) in
            try await queue.delete(deleted)
            // The queue refuses messages whose visibility timeout has passed. They are visible already.
            return try await queue.changeVisibility(rest, timeout: 0)
        }
    }
}
