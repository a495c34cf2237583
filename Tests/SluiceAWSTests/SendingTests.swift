import NIOCore
import NIOHTTP1
import Sluice
import SluiceAWS
import SluiceJSON
import Synchronization
import Testing

@Suite struct `Sending to queues` {
    private func message(bytes: Int) -> Message { .ofRows([UInt8](repeating: 0x78, count: bytes)) }

    @Test func `limits batches by count and by size including attributes`() throws {
        let queue = try SQSQueue(url: "http://127.0.0.1:1/0/q", client: Answers([]).client())
        var batch = SQSBatch(for: queue)
        func takes(_ bytes: Int, alone: Bool = false) -> Bool {
            let entry = SQSEntry(message(bytes: bytes))
            let takes = batch.takes(entry, alone: alone)
            if takes { batch.add(entry, alone: alone) }
            return takes
        }
        for _ in 0..<10 { #expect(takes(10)) }
        #expect(batch.isFull)
        #expect(!takes(10))
        batch = SQSBatch(for: queue)
        let rest = 1_048_576 - 900_000 - 2 * message(bytes: 0).size
        #expect(takes(900_000))
        #expect(!takes(rest + 1))
        #expect(takes(rest))
        #expect(!takes(0))
        // Neither does a message that is sent alone join others, nor others it.
        batch = SQSBatch(for: queue)
        #expect(takes(10))
        #expect(!takes(10, alone: true))
        batch = SQSBatch(for: queue)
        #expect(takes(10, alone: true) && batch.isFull)
        #expect(!takes(10))
    }

    @Test func `counts attribute names, types and values in bytes`() {
        let entry = SQSEntry(message(bytes: 10))
        let attributes = entry.attributes
        #expect(attributes.allSatisfy { $0.type == "String" })
        let bytes = attributes.reduce(10) { $0 + Array($1.name.utf8).count + 6 + Array($1.value.utf8).count }
        #expect(entry.size == bytes && entry.size > 10)
    }

    /// Sends 25 messages and a manifest to a queue that refuses the message with the number `refused`.
    ///
    /// - Returns: how many messages the queue had confirmed when it got the manifest, nil if it did not get one, and the error.
    private func sendAll(refused: Int? = nil) async throws -> (confirmed: Int?, error: AWSError?) {
        let confirmed = Mutex(0)
        let atManifest = Mutex<Int?>(nil)
        let answers = Answers { request in
            let body = request.body.flatMap { JSONValue(parsing: $0.readableBytesView) }
            let entries = body?["Entries"]?.elements ?? []
            if entries.contains(where: { $0["MessageBody"]?.text == "manifest" }) {
                let number = confirmed.withLock { $0 }
                atManifest.withLock { $0 = number }
            }
            await Task.yield()
            let results = entries.map { entry in
                let isRefused = entry["MessageBody"]?.text == refused.map(String.init)
                return (isRefused, #"{"Id":"\#(entry["Id"]?.text ?? "")","SenderFault":true}"#)
            }
            confirmed.withLock { $0 += results.count { !$0.0 } }
            let lists = [true, false].map { isRefused in
                results.filter { $0.0 == isRefused }.map(\.1).joined(separator: ",")
            }
            let answer = #"{"Failed":[\#(lists[0])],"Successful":[\#(lists[1])]}"#
            return .success(HTTPReply(status: 200, body: ByteBuffer(string: answer)))
        }
        let sender = SQSSender(try SQSQueue(url: "http://127.0.0.1:1/0/q", client: answers.client()))
        var error: AWSError?
        do throws(AWSError) {
            for number in 0..<25 { try await sender.send(.ofRows(Array("\(number)".utf8))) }
            var last = Message.ofRows(Array("manifest".utf8))
            (last.content, last.records) = (.manifest, nil)
            try await sender.send(last)
        } catch let fault { error = fault }
        return (atManifest.withLock { $0 }, error)
    }

    @Test func `holds the last message back until the queue has confirmed all others`() async throws {
        let sent = try await sendAll()
        #expect(sent.confirmed == 25 && sent.error == nil)
    }

    @Test(arguments: [0, 12, 24])
    func `sends no last message after one that the queue refused`(_ refused: Int) async throws {
        let sent = try await sendAll(refused: refused)
        #expect(sent.confirmed == nil && sent.error?.kind == .refused)
    }

    @Test func `sends single messages and then small batches where requests of 1 MiB are too long`() async throws {
        let asked = Mutex<[Int]>([])
        let bodies = Mutex<[String]>([])
        let answers = Answers { request in
            let body = request.body.flatMap { JSONValue(parsing: $0.readableBytesView) }
            let entries = body?["Entries"]?.elements ?? []
            let texts = entries.compactMap { $0["MessageBody"]?.text }
            asked.withLock { $0.append(entries.count) }
            if texts.reduce(0, { $0 + $1.utf8.count }) > 262_144 {
                let fault = #"{"__type":"com.amazonaws.sqs#BatchRequestTooLong"}"#
                let headers: HTTPHeaders = ["content-type": "application/json"]
                return .success(HTTPReply(status: 400, headers: headers, body: ByteBuffer(string: fault)))
            }
            bodies.withLock { $0 += texts }
            let done = entries.map { #"{"Id":"\#($0["Id"]?.text ?? "")"}"# }.joined(separator: ",")
            return .success(HTTPReply(status: 200, body: ByteBuffer(string: #"{"Successful":[\#(done)]}"#)))
        }
        let sender = SQSSender(try SQSQueue(url: "http://127.0.0.1:1/0/q", client: answers.client()), inFlight: 1)
        let sent = (0..<26).map { [UInt8](repeating: UInt8(ascii: "a") + UInt8($0), count: 120_000) }
        for body in sent {
            let message = Message.ofRows(body)
            if !sender.add(message) { try await sender.send(message) }
        }
        try await sender.finish()
        #expect(bodies.withLock { $0 } == sent.map { String(decoding: $0, as: UTF8.self) })
        let refused = [8] + Array(repeating: 1, count: 8)
        #expect(asked.withLock { $0 } == refused + refused + Array(repeating: 2, count: 5))
        #expect(await sender.unconfirmed == 0 && sender.accepted == 26)
    }

    /// Rules that SQS enforces and the emulators do not.
    @Test(arguments: Message.Content.allCases)
    func `follows the queue's rules for attributes`(_ content: Message.Content) {
        var message = message(bytes: 10)
        message.content = content
        for entry in [SQSEntry(message), SQSEntry(message, at: S3Pointer(bucket: "b", key: "k"))] {
            let attributes = entry.attributes
            #expect((1...10).contains(attributes.count))
            #expect(Set(attributes.map(\.name)).count == attributes.count)
            for (name, type, value) in attributes {
                #expect((1...256).contains(name.utf8.count) && !value.isEmpty, "\(name)")
                let isName = name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "_-.".contains($0)) }
                #expect(isName && !name.hasPrefix(".") && !name.hasSuffix(".") && !name.contains(".."), "\(name)")
                #expect(!name.lowercased().hasPrefix("aws.") && !name.lowercased().hasPrefix("amazon."), "\(name)")
                #expect(type == "String" || type == "Number" && UInt64(value) != nil, "\(name)")
            }
        }
    }

    @Test func `derives valid group names from sources`() {
        #expect(SQSBatch.group(of: "s3://bucket/key?x=1") == "s3://bucket/key?x=1")
        #expect(SQSBatch.group(of: "å b") == "%C3%A5%20b")
        #expect(SQSBatch.group(of: String(repeating: "x", count: 129)).utf8.count == 64)
    }

    @Test func `puts all versions of an object into one group`() {
        // printf %s s3://inbox/a%20b.csv | sha256sum
        let group = "f06fae4ff97f174e1e83c6458280884892615b4968e09a3466cdc1ea531b52db"
        for pin in ["versionId=1", "versionId=2%2B", "etag=9b-2"] {
            #expect(SQSBatch.group(of: "s3://inbox/a%20b.csv?\(pin)") == group)
        }
        func groups(_ key: String) -> Set<String> {
            let sources = [("1", ""), (String(repeating: "2", count: 700), ""), (nil, "9b")].map { version, tag in
                SourceName.object(bucket: "inbox", key: key, version: version, entityTag: tag).attribute
            }
            return Set(sources.map(SQSBatch.group))
        }
        let long = String(repeating: "k", count: 380)
        for key in ["a.csv", "b.csv", long, long + "é~?versionId=x.csv", long + long] {
            #expect(groups(key).count == 1 && groups(key).allSatisfy { $0.count == 64 }, "\(key)")
        }
        #expect(groups("a.csv") != groups("b.csv") && groups(long) != groups(long + "l"))
    }

    @Test(arguments: [("Root=1-5f;Parent=53;Sampled=1;Lineage=1:a:0", true), ("nonsense", false), (nil, false)])
    func `passes the trace of X-Ray on, outside the message's size`(_ header: String?, _ isPassed: Bool) throws {
        var queue = try SQSQueue(url: "http://127.0.0.1:1/0/q", client: Answers([]).client())
        queue.traceHeader = header
        let entry = SQSEntry(message(bytes: 10))
        var batch = SQSBatch(for: queue)
        batch.add(entry)
        batch.seal()
        let sent = JSONValue(parsing: batch.body.readableBytesView)?["Entries"]?.elements?.first
        let attribute = sent?["MessageSystemAttributes"]?["AWSTraceHeader"]
        #expect(attribute?["StringValue"]?.text == (isPassed ? header : nil))
        #expect(attribute?["DataType"]?.text == (isPassed ? "String" : nil))
        #expect(batch.size == entry.size && sent?["MessageAttributes"]?.members?.count == entry.attributes.count)
    }

    @Test func `increases delays up to a bound, and retries only within the budget`() {
        let backoff = Backoff()
        for attempt in 1...100 {
            let bound = min(Duration.seconds(10), .milliseconds(100) * (1 << min(attempt - 1, 20)))
            #expect((.zero...bound).contains(backoff.delay(before: attempt)))
        }
        let budget = RetryBudget(capacity: 10)
        #expect(budget.pay() && budget.pay() && !budget.pay())
        for _ in 0..<5 { budget.earn() }
        #expect(budget.pay() && !budget.pay())
    }
}
