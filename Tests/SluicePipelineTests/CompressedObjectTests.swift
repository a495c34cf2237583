import Sluice
import SluiceJSON
import SluicePipeline
import SluiceTesting
import Testing

@Suite struct `A compressed object` {
    private static let text = Array("a,b\n".utf8) + (1...60).flatMap { Array("\($0),\"x\ny\"\n".utf8) }

    private func services(_ bytes: [UInt8]) -> MemoryServices {
        MemoryServices { $0.objects[ObjectReference(bucket: "inbox", key: "a.csv")] = bytes }
    }

    /// Returns the messages of the plain text under the object's name and version.
    private func expected(_ object: [UInt8]) async throws -> [Message] {
        let environment = ["SLUICE_QUEUE_URL": "https://q", "SLUICE_MAX_BYTES": "4096"]
        let format = try Configuration { environment[$0] }.format.cutting(segmentSize: 64)
        let (chunks, continuation) = AsyncStream<[UInt8]>.makeStream()
        continuation.yield(Self.text)
        continuation.finish()
        var messages: [Message] = []
        let source = "s3://inbox/a.csv?etag=e\(object.count)"
        let sequence = CSVConverter(messageFormat: format).messages(from: chunks, source: source)
        for try await message in sequence { messages.append(message) }
        return messages
    }

    @Test func `is converted to the messages of its text`() async throws {
        for (name, bytes) in try Compressing.ways(Self.text) {
            let services = services(bytes)
            #expect(try await Invoked(services: services).outcome(Payloads.s3("a.csv")) == "converted")
            #expect(try await services.state.messages == expected(bytes), "\(name)")
        }
    }

    @Test func `is not handed on when time is short`() async throws {
        let bytes = try Compressing.gzip(Self.text)
        let services = services(bytes)
        let outcome = try await Invoked(services: services).outcome(Payloads.s3("a.csv"), time: .seconds(1.9))
        #expect(outcome == "converted" && services.state.events.isEmpty)
        #expect(try await services.state.messages == expected(bytes))
    }

    @Test func `is continued after a checkpoint, even one whose offset exceeds its own size`() async throws {
        let bytes = try Compressing.gzip(Self.text)
        let all = try await expected(bytes)
        for size in [2, 5, 8] {
            let services = services(bytes)
            let invoked = Invoked(services: services)
            services.change { $0.queueSize = size }
            await #expect(throws: FunctionError.self) { try await invoked(Payloads.s3("a.csv")) }
            #expect(size..<all.count ~= services.state.messages.count)
            services.change { $0.queueSize = .max }
            #expect(try await invoked.outcome(Payloads.s3("a.csv")) == "converted")
            #expect(services.state.messages == all)
        }
    }

    @Test func `that is damaged is reported as invalid`() async throws {
        let whole = try Compressing.gzip(Self.text)
        let services = services(whole.dropLast(9))
        #expect(try await Invoked(services: services).outcome(Payloads.s3("a.csv")) == "faulty")
        #expect(services.state.messages.last?.content == .aborted)
        let report = try #require(services.state.reports.first.flatMap { JSONValue(parsing: $0.utf8) })
        #expect(report["code"]?.text == "badCompression" && report["excerpt"] == nil)
    }

    @Test func `is planned to be read in order`() async throws {
        let services = services(try Compressing.zstd(Self.text))
        let object = "{\"bucket\":\"inbox\",\"key\":\"a.csv\"}"
        let answer = try await Invoked(services: services)("{\"sluice\":\"plan\",\"object\":\(object)}")
        #expect(answer["route"]?.text == "inOrder")
    }
}
