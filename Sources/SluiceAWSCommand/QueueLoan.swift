import Sluice
import SluiceAWS
import SluiceSystem

/// Messages that are taken from a queue to be looked at, and given back.
final class QueueLoan {
    private let queue: SQSQueue
    /// What was taken, without bodies, by the queue's own names. A message whose visibility timeout is over comes again,
    /// with another receipt.
    private var taken: [String: SQSReceivedMessage] = [:]

    init(_ queue: SQSQueue) { self.queue = queue }

    /// Takes messages until every input of which some came is there as a whole, or none came for that many seconds.
    func archive(timeout: Int) throws(SluiceError) -> MessageArchive {
        var inbox = Inbox()
        var patience = Patience(seconds: timeout)
        let file = try ScratchFile()
        var lines = MessageLineSink(file)
        while !inbox.isComplete {
            let (queue, wait) = (queue, patience.nextWait)
            let received = try Blocking.wait(about: queue.url) { () async throws(AWSError) in
                try await queue.receive(waiting: wait)
            }
            let news = received.filter { taken[$0.id] == nil }
            for message in received { note(message) }
            for message in news { try keep(message, in: &inbox, &lines) }
            if !news.isEmpty { patience.noteArrival() } else if patience.isOver { break }
        }
        return try MessageArchive(file)
    }

    private func note(_ message: SQSReceivedMessage) {
        taken[message.id] = message
        taken[message.id]?.body = ""
    }

    private func keep(
        _ message: SQSReceivedMessage,
        in inbox: inout Inbox,
        _ lines: inout MessageLineSink<ScratchFile>
    ) throws(SluiceError) {
        guard Inbox.isOurs(message) else {
            return System.printError("\(queue.url): message \(message.id) is not Sluice's and is not looked at")
        }
        let resolved = try Payloads.resolved([message], from: queue)
        for message in resolved {
            try lines.write(ReceivedMessage(body: Array(message.body.utf8), attributes: message.attributes))
        }
        inbox.confirm(inbox.take(resolved))
    }

    /// Lets others see the messages again at once, or deletes those of Sluice.
    func giveBack(deletes: Bool) throws(SluiceError) {
        let (ours, others) = (taken.values.filter(Inbox.isOurs), taken.values.filter { !Inbox.isOurs($0) })
        let queue = queue
        if deletes { try Blocking.wait(about: queue.url) { () async throws(AWSError) in try await queue.delete(ours) } }
        var rest = (deletes ? others : ours + others)[...]
        while !rest.isEmpty {
            let some = Array(rest.prefix(10))
            rest = rest.dropFirst(10)
            do throws(AWSError) {
                try Blocking.wait { () async throws(AWSError) in try await queue.hide(some, for: 0) }
            } catch {
                // The queue answered, but knows of no such loan: the visibility timeout of some is over.
                if error.kind != .refused || error.status != 200 { throw error.fault(about: queue.url) }
            }
        }
    }
}
