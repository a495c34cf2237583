import NIOCore
import Sluice
import SluiceAWS
import SluiceJSON
import Synchronization
import Testing

@Suite struct `A batch of messages` {
    private let messages = (0..<3).map { number in
        var message = Message.ofRows(Array("[\(number)]".utf8))
        (message.index, message.id) = (number, "id\(number)")
        return message
    }

    /// Sends the batch to a queue that gives these answers in turn, and repeats the last one.
    private func send(
        checksMD5: Bool = false,
        _ answers: String...
    ) async throws -> (asked: [[String]], error: AWSError?, confirmed: Int) {
        let rest = Mutex(answers[...])
        let queue = Answers { _ in
            let text = rest.withLock { $0.count > 1 ? $0.removeFirst() : $0.first ?? "" }
            return .success(HTTPReply(status: 200, body: ByteBuffer(string: text)))
        }
        var sqs = try SQSQueue(url: "http://127.0.0.1:1/0/q", client: queue.client())
        sqs.checksMD5 = checksMD5
        var (error, confirmed) = (AWSError?.none, 0)
        var batch = SQSBatch(for: sqs)
        for message in messages { batch.add(SQSEntry(message)) }
        batch.seal()
        do throws(AWSError) { _ = try await sqs.send(batch, confirmed: &confirmed) } catch let fault { error = fault }
        let asked = queue.requests.map { request in
            let body = JSONValue(parsing: request.body?.readableBytesView ?? ByteBuffer().readableBytesView)
            return (body?["Entries"]?.elements ?? []).compactMap { $0["Id"]?.text }
        }
        return (asked, error, confirmed)
    }

    @Test func `is complete once the queue has confirmed every message`() async throws {
        let sent = try await send(
            #"{"Successful":[{"Id":"0"},{"Id":"0"},{"Id":"7"},{"Id":"-1"},{"Id":"x"},{"Id":1},{}],"Failed":[{"Id":"9"}]}"#,
            #"{"Successful":[{"Id":"2"}]}"#,
            #"{"Successful":[{"Id":"1"},{"Id":"2"}],"Failed":null}"#
        )
        #expect(sent.asked == [["0", "1", "2"], ["1", "2"], ["1"]] && sent.error == nil && sent.confirmed == 3)
    }

    @Test func `counts the confirmed messages even if the queue refuses others`() async throws {
        let sent = try await send(
            #"{"Successful":[{"Id":"0"},{"Id":"2"}],"Failed":[{"Id":"1","Code":"InvalidMessageContents","SenderFault":true}]}"#
        )
        #expect(sent.error?.code == "InvalidMessageContents" && sent.confirmed == 2)
    }

    @Test func `treats a message reported as both sent and failed as not sent`() async throws {
        let sent = try await send(
            #"{"Successful":[{"Id":"0"},{"Id":"1"},{"Id":"2"}],"Failed":[{"Id":"1","SenderFault":false}]}"#,
            #"{"Successful":[{"Id":"1"}]}"#
        )
        #expect(sent.asked == [["0", "1", "2"], ["1"]] && sent.error == nil)
    }

    @Test(arguments: [
        (#"{}"#, "unanswered"), (#"{"Successful":[],"Failed":[]}"#, "unanswered"),
        (#"{"Successful":{"Id":"0"}}"#, "unanswered"), (#"{"Successful":[{"Id":"0"},{"Id":"2"}]}"#, "unanswered"),
        (#"{"Failed":[{"Id":"1","Code":"InternalError","SenderFault":false}]}"#, "InternalError"),
        (#"{"Failed":[{"Id":"1","Code":"Throttled","SenderFault":true}]}"#, "Throttled"),
    ])
    func `is abandoned after eight attempts`(_ answer: String, _ code: String) async throws {
        let sent = try await send(answer)
        #expect(sent.asked.count == 8 && sent.error?.kind == .busy && sent.error?.code == code)
    }

    @Test(arguments: ["", "[", "[]", "null", "\u{0}", "<html></html>", #"{"Successful":[{"Id":"0"}]"#, "{}{}", "1e999"])
    func `fails if the answer is malformed`(_ answer: String) async throws {
        let sent = try await send(answer)
        #expect(sent.error != nil)
    }

    @Test func `fails if the answer is nested too deeply or too long`() async throws {
        let deep = String(repeating: "[", count: 100_000)
        let long = "[" + String(repeating: "0,", count: 200_000) + "0]"
        for answer in [deep, #"{"Successful":\#(deep)"#, #"{"Successful":\#(long)}"#] {
            let sent = try await send(answer)
            #expect(sent.error?.kind == .malformed && sent.asked.count == 1)
        }
    }

    @Test func `is not retried after a sender fault`() async throws {
        let sent = try await send(#"{"Failed":[{"Id":"1","Code":"InvalidMessageContents","SenderFault":true}]}"#)
        #expect(sent.asked.count == 1 && sent.error?.kind == .refused)
    }

    @Test func `verifies checksums only on request`() async throws {
        let answer = #"{"Successful":[{"Id":"0","MD5OfMessageBody":"x"},{"Id":"1"},{"Id":"2"}]}"#
        #expect(try await send(answer).error == nil)
        #expect(try await send(checksMD5: true, answer).error?.code == "wrongMD5")
        let sums = messages.enumerated().map { index, message in
            #"{"Id":"\#(index)","MD5OfMessageBody":"\#(Digests.md5(message.body))"}"#
        }
        #expect(try await send(checksMD5: true, #"{"Successful":[\#(sums.joined(separator: ","))]}"#).error == nil)
    }
}
