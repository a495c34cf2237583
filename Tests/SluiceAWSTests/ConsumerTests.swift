import Logging
import ServiceLifecycle
import SluiceAWS
import SluiceConsumer
import SluiceEngine
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) struct `A consumer of a queue` {
    private struct Refusal: Error {}

    /// What a consumer handled and logged.
    private final class Record: Sendable {
        private let handled = Mutex<[String]>([])
        private let lines = Mutex<[String]>([])

        var ids: [String] { handled.withLock { $0 } }
        var log: [String] { lines.withLock { $0 } }
        var logger: Logger { Logger(label: "test") { _ in Log(record: self) } }

        func add(_ message: ReceivedMessage) { handled.withLock { $0.append(message.id ?? "") } }
        func add(line: String) { lines.withLock { $0.append(line) } }
    }

    /// Keeps the level of each event, and the message that it is about.
    private struct Log: LogHandler {
        let record: Record
        var logLevel = Logger.Level.info
        var metadata: Logger.Metadata = [:]

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) { record.add(line: "\(event.level) \(event.metadata?["message"] ?? "")") }
    }

    private let record = Record()

    /// Runs a consumer of all messages, and shuts it down gracefully once it waits for more.
    private func consume(
        _ inbox: Inbox,
        buckets: [String] = [],
        _ use: @escaping @Sendable (ReceivedMessage) async throws -> Void
    ) async throws {
        var consumer = SQSConsumer(try inbox.queue, logger: record.logger, use)
        consumer.offloadBuckets = buckets
        let group = ServiceGroup(services: [consumer], logger: record.logger)
        async let end: Void = group.run()
        await inbox.untilEmpty()
        await group.triggerGracefulShutdown()
        try await end
    }

    @Test func `deletes each message that its closure has handled`() async throws {
        let inbox = Inbox([Inbox.message("m1"), Inbox.message("m2", content: "manifest", body: "{}")])
        try await consume(inbox) { [record] message in
            let rows = message.content == .manifest ? nil : try message.rows()
            #expect(rows == nil || rows == Array("{\"a\":1}\n".utf8))
            record.add(message)
        }
        #expect(record.ids == ["id-m1", "id-m2"] && record.log.isEmpty)
        #expect(inbox.deleted == ["m1", "m2"] && inbox.released.isEmpty)
    }

    @Test func `leaves messages in the queue that its closure can't handle, or that are not Sluice's`() async throws {
        let messages = [
            Inbox.message("m1"), Inbox.foreign, Inbox.message("damaged", body: "{"),
            Inbox.message("elsewhere", body: "[]", further: ["ExtendedPayloadSize": "2"]), Inbox.message("m2"),
        ]
        let inbox = Inbox(messages)
        try await consume(inbox) { [record] message in
            _ = try message.rows()
            record.add(message)
        }
        #expect(record.ids == ["id-m1", "id-m2"])
        #expect(inbox.deleted == ["m1", "m2"])
        #expect(record.log == ["warning foreign", "error damaged", "error elsewhere"])
    }

    @Test func `fetches bodies only from the buckets that are named`() async throws {
        for buckets in [["mine"], ["other"]] {
            let inbox = Inbox([Inbox.message("m1", pointingTo: "mine")])
            try await consume(inbox, buckets: buckets) { message in
                let rows = try message.rows()
                #expect(rows == Inbox.object)
            }
            #expect(inbox.deleted == (buckets == ["mine"] ? ["m1"] : []))
        }
        #expect(record.log == ["error m1"])
    }

    @Test func `keeps the order of a FIFO queue after a message that it can't handle`() async throws {
        let inbox = Inbox([Inbox.message("m1"), Inbox.message("m2"), Inbox.message("m3")], name: "q.fifo")
        try await consume(inbox) { [record] message in
            record.add(message)
            if message.id == "id-m2" { throw Refusal() }
        }
        #expect(record.ids == ["id-m1", "id-m2"])
        #expect(inbox.deleted == ["m1"] && record.log == ["error m2"])
    }

    @Test func `finishes the message that it has when it is shut down, and returns the others`() async throws {
        let inbox = Inbox([Inbox.message("m1"), Inbox.message("m2"), Inbox.message("m3"), Inbox.message("m4")])
        let (begun, signal) = AsyncStream<Void>.makeStream()
        let consumer = SQSConsumer(try inbox.queue, logger: record.logger) { [record] message in
            if message.id == "id-m2" {
                signal.yield()
                try await gracefulShutdown()
            }
            record.add(message)
        }
        let group = ServiceGroup(services: [consumer], logger: record.logger)
        async let end: Void = group.run()
        for await _ in begun { break }
        await group.triggerGracefulShutdown()
        try await end
        #expect(record.ids == ["id-m1", "id-m2"] && record.log.isEmpty)
        #expect(inbox.deleted == ["m1", "m2"] && inbox.released == ["m3", "m4"])
    }

    @Test func `cancels its closure with its task, and deletes only what was handled before`() async throws {
        let inbox = Inbox([Inbox.message("m1"), Inbox.message("m2"), Inbox.message("m3")])
        let (begun, signal) = AsyncStream<Void>.makeStream()
        let consumer = SQSConsumer(try inbox.queue, logger: record.logger) { message in
            guard message.id == "id-m2" else { return }
            signal.yield()
            try await Task.sleep(for: .seconds(3600))  // sleeps: until it is cancelled
        }
        let task = Task { try await consumer.run() }
        for await _ in begun { break }
        task.cancel()
        try await task.value
        #expect(inbox.deleted == ["m1"] && inbox.released == ["m2", "m3"])
        #expect(record.log.isEmpty)
    }

    @Test func `ends if its task is cancelled while it waits`() async throws {
        let inbox = Inbox([])
        let consumer = SQSConsumer(try inbox.queue, logger: record.logger) { _ in }
        let task = Task { try await consumer.run() }
        await inbox.untilEmpty()
        task.cancel()
        try await task.value
    }

    @Test func `throws if the queue refuses its requests`() async throws {
        let answers = Answers { _ in .success(HTTPReply(status: 403)) }
        let queue = try SQSQueue(url: "http://127.0.0.1:1/0/q", client: answers.client())
        let error = await #expect(throws: AWSError.self) {
            try await SQSConsumer(queue, logger: record.logger) { _ in }.run()
        }
        #expect(error?.kind == .refused && answers.requests.count == 1)
    }
}
