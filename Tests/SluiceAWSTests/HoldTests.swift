import NIOCore
import SluiceAWS
import SluiceJSON
import Synchronization
import Testing

/// A queue that gives three messages, and refuses operations on some of their receipts.
private final class Held: Sendable {
    let calls = Mutex<[(operation: String, body: JSONValue)]>([])
    let refused = Mutex<Set<String>>([])
    let extensions: AsyncStream<Void>
    private let extended: AsyncStream<Void>.Continuation

    init() { (extensions, extended) = AsyncStream.makeStream() }

    var queue: SQSQueue {
        get throws {
            let answers = Answers { request in
                let target = request.headers.first { $0.name == "x-amz-target" }?.value ?? ""
                let operation = String(target.split(separator: ".").last ?? "")
                let body = request.body.flatMap { JSONValue(parsing: $0.readableBytesView) } ?? .null
                self.calls.withLock { $0.append((operation, body)) }
                if operation == "ChangeMessageVisibilityBatch" { self.extended.yield() }
                return .success(HTTPReply(status: 200, body: ByteBuffer(string: self.answer(operation, body))))
            }
            return try SQSQueue(url: "http://127.0.0.1:1/0/q.fifo", client: answers.client())
        }
    }

    func operations() -> [String] { calls.withLock { $0.map(\.operation) } }

    private func answer(_ operation: String, _ body: JSONValue) -> String {
        if operation == "ReceiveMessage" {
            let messages = (1...3).map { #"{"MessageId":"m\#($0)","ReceiptHandle":"r\#($0)","Body":"[]"}"# }
            return #"{"Messages":[\#(messages.joined(separator: ","))]}"#
        }
        let refused = refused.withLock { $0 }
        var (done, failed): ([String], [String]) = ([], [])
        for entry in body["Entries"]?.elements ?? [] {
            let id = entry["Id"]?.text ?? ""
            if refused.contains(entry["ReceiptHandle"]?.text ?? "") {
                failed.append(#"{"Id":"\#(id)","Code":"ReceiptHandleIsInvalid","SenderFault":true}"#)
            } else {
                done.append(#"{"Id":"\#(id)"}"#)
            }
        }
        return #"{"Successful":[\#(done.joined(separator: ","))],"Failed":[\#(failed.joined(separator: ","))]}"#
    }
}

@Suite(.timeLimit(.minutes(1))) struct `Held messages` {
    @Test func `stay hidden for as long as they are held`() async throws {
        let held = Held()
        let hold = SQSHold(try held.queue, for: 1)
        let messages = try await hold.receive(waiting: 0)
        #expect(messages.map(\.id) == ["m1", "m2", "m3"])
        var extensions = held.extensions.makeAsyncIterator()
        for _ in 0..<3 { await extensions.next() }
        let calls = held.calls.withLock { $0 }
        #expect(calls[0].body["VisibilityTimeout"] == .number("1"))
        #expect(calls[1].body["Entries"]?.elements?.count == 3)
        #expect(calls[1].body["Entries"]?.elements?.allSatisfy { $0["VisibilityTimeout"] == .number("1") } == true)
        #expect(try await hold.delete(messages).isEmpty)
        // No message is held any more, so no visibility is changed.
        let count = held.operations().count
        try await hold.release()
        #expect(held.operations().count == count)
    }

    @Test func `are confirmed only while this receiver still holds them`() async throws {
        let held = Held()
        let hold = SQSHold(try held.queue, for: 1)
        let messages = try await hold.receive(waiting: 0)
        held.refused.withLock { $0 = ["r2"] }
        var extensions = held.extensions.makeAsyncIterator()
        await extensions.next()
        while try await hold.confirmed(messages).count == 3 { await Task.yield() }
        #expect(try await hold.confirmed(messages).map(\.id) == ["m1", "m3"])
    }

    @Test func `that can no longer be deleted are returned`() async throws {
        let held = Held()
        let hold = SQSHold(try held.queue, for: 3600)
        let messages = try await hold.receive(waiting: 0)
        held.refused.withLock { $0 = ["r1", "r3"] }
        #expect(try await hold.delete(messages).map(\.id) == ["m1", "m3"])
        #expect(held.operations() == ["ReceiveMessage", "DeleteMessageBatch"])
    }

    @Test func `become visible to others as soon as they are released`() async throws {
        let held = Held()
        let hold = SQSHold(try held.queue, for: 3600)
        let messages = try await hold.receive(waiting: 0)
        _ = try await hold.delete([messages[0]])
        try await hold.release()
        let last = held.calls.withLock { $0.last }
        #expect(last?.operation == "ChangeMessageVisibilityBatch")
        let entries = last?.body["Entries"]?.elements ?? []
        #expect(Set(entries.compactMap { $0["ReceiptHandle"]?.text }) == ["r2", "r3"])
        #expect(entries.allSatisfy { $0["VisibilityTimeout"] == .number("0") })
    }
}
