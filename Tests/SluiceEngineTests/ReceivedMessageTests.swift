import Sluice
import SluiceFoundation
import SluiceTesting
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct `Received messages` {
    private let text = "a,b\n" + (0..<1000).map { "\($0),x\n" }.joined()

    private func input() throws -> TemporaryFile { try TemporaryFile(Array(text.utf8)) }

    private func messages() throws -> [ReceivedMessage] {
        let file = try input()
        var messages: [ReceivedMessage] = []
        let summary = try CSVConverter(messageFormat: MessageFormat(limit: 4096)).messages(
            file: file.path,
            source: "test"
        ) {
            messages.append(ReceivedMessage($0))
        }
        #expect(summary.rows == 1000 && summary.messages == UInt64(messages.count - 1))
        return messages
    }

    @Test func `are complete in any order, and hold the rows`() throws {
        let messages = try messages()
        var verifier = MessageVerifier()
        for message in messages.reversed() { verifier.add(message) }
        let delivery = try #require(verifier.check().first)
        #expect(delivery.isComplete && delivery.rows == 1000 && delivery.messages == messages.count - 1)
        #expect(!delivery.isAborted && delivery.missingRecords.isEmpty && delivery.source == "test")
        #expect(try messages[0].rows().prefix(19) == Array("{\"a\":\"0\",\"b\":\"x\"}\n{".utf8)[...])
        #expect(throws: SluiceError.self) { try messages[messages.count - 1].rows() }
        #expect(throws: SluiceError.self) { try messages[0].rows(limit: 10) }
    }

    /// Returns what is found in messages of one source.
    private func delivery(_ messages: [ReceivedMessage]) throws -> MessageVerifier.Delivery {
        var verifier = MessageVerifier()
        for message in messages { verifier.add(message) }
        return try #require(verifier.check().first)
    }

    @Test func `are found to be missing or damaged, with the records to send again`() throws {
        let messages = try messages()
        let last = messages.count - 1
        for isLost in [true, false] {
            var received = messages
            if isLost { received.remove(at: 2) } else { received[2].body.removeLast() }
            let found = try delivery(received)
            let records = try #require(messages[2].records)
            #expect(found.missingRecords.map(\.first) == [records.lowerBound] && !found.isComplete)
            #expect(found.missingRecords.map(\.last) == [records.upperBound] && !found.lacksManifest)
            #expect(try lacking(found) == [2])
        }
        let endless = try delivery(Array(messages[..<last]))
        #expect(endless.lacksManifest && endless.missingRecords.map(\.first) == [1002])
        #expect(endless.missingRecords.map(\.last) == [nil] && !endless.isComplete)
        #expect(try lacking(endless) == [last])
        #expect(try lacking(try delivery([messages[last]])) == Array(0..<last))
        #expect(try lacking(try delivery(messages)) == [])
    }

    @Test func `of which one is of another run are all to be sent again`() throws {
        var messages = try messages()
        messages[1].attributes["sluice.id"] = String(repeating: "0", count: 32)
        let found = try delivery(messages)
        #expect(found.isMixed && found.findings.count == 1)
        #expect(try lacking(found) == Array(messages.indices))
    }

    /// Returns the places of the messages that must be sent again.
    private func lacking(_ delivery: MessageVerifier.Delivery) throws -> [Int] {
        let file = try input()
        var (places, place) = ([Int](), 0)
        try CSVConverter(messageFormat: MessageFormat(limit: 4096)).messages(file: file.path, source: "test") {
            if delivery.lacks($0) { places.append(place) }
            place += 1
        }
        return places
    }

    @Test func `that are copies are counted, and are no fault`() throws {
        let messages = try messages()
        var verifier = MessageVerifier()
        for message in messages {
            let isNew = [verifier.add(message), verifier.add(message)]
            #expect(isNew == [true, false])
        }
        let found = try #require(verifier.check().first)
        #expect(found.isComplete && found.copies == messages.count && found.rows == 1000)
    }

    @Test func `that lack attributes are stated under an empty source, and can't be used`() throws {
        var verifier = MessageVerifier()
        let canBeUsed = verifier.add(ReceivedMessage(body: [0x5B, 0x5D], attributes: [:]))
        #expect(!canBeUsed)
        #expect(verifier.check().map(\.source) == [""] && verifier.check().first?.isComplete == false)
    }

    @Test func `whose values were changed differ from the input, and only there`() throws {
        let (converter, file) = (CSVConverter(messageFormat: MessageFormat(limit: 4096)), try input())
        let messages = try messages()
        #expect(try converter.difference(of: messages.reversed() + messages, fromFile: file.path) == nil)
        #expect(try converter.difference(of: messages, from: Array(text.utf8)) == nil)
        var changed = messages
        let x = try #require(changed[1].body.firstIndex(of: UInt8(ascii: "x")))
        changed[1].body[x] = UInt8(ascii: "y")
        #expect(try delivery(changed).isComplete)
        let difference = try converter.difference(of: changed, fromFile: file.path)
        #expect(difference?.contains("has different rows than the input, starting at its row 1") == true)
        let copied = try converter.difference(of: messages + [changed[1]], fromFile: file.path)
        #expect(copied == "message \(messages.count + 1) has another body than message 2 with the same id")
        #expect(try converter.difference(of: messages, from: Array("a,b\n1,x\n".utf8)) != nil)
        #expect(try converter.difference(of: messages.dropLast(), from: Array(text.utf8)) != nil)
        for unusable in [[], messages + [ReceivedMessage(body: [], attributes: [:])]] {
            #expect(throws: SluiceError.misuse("the messages to compare must be of one source")) {
                try converter.difference(of: unusable, fromFile: file.path)
            }
        }
        let other = #expect(throws: SluiceError.self) {
            try CSVConverter().difference(of: messages, fromFile: file.path)
        }
        #expect("\(other, default: "")".hasPrefix("the messages were made with other options: sluice=2;"))
    }

    @Test func `become values of your own types`() throws {
        struct Row: Decodable {
            var a: String
            var b: String
        }
        let rows = try messages().dropLast().flatMap { try $0.decode([Row].self) }
        #expect(rows.count == 1000 && rows.last?.a == "999" && rows.allSatisfy { $0.b == "x" })
        let lines = Message(body: "{\"a\":\"1\\n\",\"b\":\"\"}\n{\"a\":\"\",\"b\":\",\"}\n", content: .ndjson)
        #expect(try ReceivedMessage(lines).decode([Row].self).map(\.a) == ["1\n", ""])
        #expect(try ReceivedMessage(Message(body: "[]")).decode([Row].self).isEmpty)
        #expect(throws: DecodingError.self) { try ReceivedMessage(Message(body: "[{}]")).decode([Row].self) }
    }

    @Test func `without rows say why`() throws {
        let messages = try messages()
        var damaged = messages[0]
        damaged.body.removeLast()
        let texts = [ReceivedMessage(body: [], attributes: [:]), messages[messages.count - 1], damaged].map { message in
            do throws(SluiceError) { return "\(try message.rows().count) bytes" } catch { return "\(error)" }
        }
        #expect(
            texts == [
                "the message does not state its content in sluice.content",
                "the message is the last one of its input, which has no rows", "the message's body is damaged",
            ]
        )
    }

    struct Closed: Error {}

    @Test func `stop where the closure that takes them throws its own error`() throws {
        let file = try TemporaryFile(Array("a\n1\n".utf8))
        do throws(ConversionError<Closed>) {
            try CSVConverter().messages(file: file.path) { (_) throws(Closed) in throw Closed() }
            Issue.record("no error")
        } catch {
            #expect(error.sinkFailure != nil && error.earlier == nil)
        }
    }

    @Test func `go to a closure that throws nothing with plain errors`() throws {
        let file = try TemporaryFile(Array("a,b\n1,2\n3\n".utf8))
        var (contents, size) = ([Message.Content](), 0)
        do throws(SluiceError) {
            try CSVConverter().messages(file: file.path) { contents.append($0.content) }
        } catch {
            guard case .badData = error else { throw error }
        }
        do throws(SluiceError) { try CSVConverter().convert(file: file.path) { size += $0.count } } catch {
            guard case .badData = error else { throw error }
        }
        #expect(contents == [.json, .aborted] && size == 18)
    }

    @Test func `are written as lines to a sink with errors of its own`() throws {
        let file = try input()
        var sink = MessageLineSink(Rows.Small(room: 5000))
        let error = #expect(throws: SluiceError.self) { try CSVConverter().messages(file: file.path, to: &sink) }
        #expect(sink.failure == Rows.Full() && sink.sink.ends == 1)
        #expect(error == .unusable("the lines could not be written: Full()"))
        var lines = MessageLineSink(ArraySink())
        try CSVConverter().messages(file: file.path, to: &lines)
        #expect(lines.sink.bytes.split(separator: 0x0A).compactMap { ReceivedMessage(json: Array($0)) }.count == 2)
    }

    @Test func `can be made for tests`() throws {
        let message = Message(body: #"[{"a":"1"}]"#, source: "orders.csv", range: 2..<4, records: 2...2)
        #expect(message.attributes.count == 6 && !message.isLast)
        #expect(try ReceivedMessage(message).rows() == Array("{\"a\":\"1\"}\n".utf8))
    }
}
