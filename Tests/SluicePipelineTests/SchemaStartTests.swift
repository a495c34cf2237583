import Logging
import Sluice
import SluicePipeline
import Testing

@Suite struct `The function's schemas` {
    private static let schema = ObjectReference(bucket: "b", key: "k.json", versionID: "1")
    private static let valid = #"{"fields":[{"name":"a"}]}"#
    private static let invalid = #"{"fields":[{"name":"a"},{"name":"b","type":"colour"}]}"#

    private func faults(_ variables: [String: String]) -> [String] {
        let environment = ["SLUICE_QUEUE_URL": "https://q"].merging(variables) { $1 }
        do throws(Configuration.Faults) { _ = try Configuration { environment[$0] } } catch { return error.faults }
        return []
    }

    /// Starts a function, and invokes it twice.
    private func start(_ services: MemoryServices, _ variables: [String: String]) async throws {
        let environment = ["SLUICE_QUEUE_URL": "https://q"].merging(variables) { $1 }
        let handler = Handler(try Configuration { environment[$0] }, services, metrics: Lines().output)
        let logger = Logger(label: "test") { _ in JSONLogHandler(.critical, output: Lines().output) }
        try await handler.readSchemas(logger: logger)
        for _ in 0..<2 {
            let invocation = Invocation(
                requestID: "r",
                deadline: services.clock.now + .seconds(900),
                payload: Array(Payloads.s3("a.csv").utf8)
            )
            _ = try await handler.handle(invocation, isColdStart: false, logger: logger)
        }
    }

    @Test func `may stand in a variable, or in S3 under a fixed version`() {
        for (value, fault) in [
            (Self.valid, nil), (" \(Self.valid)", nil), (Self.schema.source, nil),
            ("s3://b/a b?versionId=x?versionId=1", nil),
            ("s3://b/k.json", "not 's3://b/k.json'"), ("s3://b/k.json?versionId=", "with a version"),
            ("s3://b/k.json?versionId=null", "with a version"), ("schema.json", "takes a schema as JSON"),
            ("[]", "takes a schema as JSON"), ("{", "SLUICE_SCHEMA: "),
            (Self.invalid, "SLUICE_SCHEMA: /fields/1/type: "),
            (Self.valid + String(repeating: " ", count: 2048 - Self.valid.utf8.count), nil),
            (Self.valid + String(repeating: " ", count: 2049 - Self.valid.utf8.count), "at most 2048 bytes, not 2049"),
        ] {
            let found = faults(["SLUICE_SCHEMA": value])
            #expect(
                found.isEmpty == (fault == nil) && found.allSatisfy { $0.contains(fault ?? "") },
                "\(value): \(found)"
            )
        }
    }

    @Test func `may differ by prefix`() {
        for (value, fault) in [
            (#"{"a/":"s3://b/k?versionId=1","":"s3://b/k?versionId=1","c/":null}"#, nil), ("{}", nil),
            ("[]", "a JSON object"), ("{", "a JSON object"), (#"{"a/":1}"#, "'a/' takes s3://"),
            (#"{"a/":"s3://b/k"}"#, "not 's3://b/k'"), (#"{"a/":{"fields":[]}}"#, "'a/' takes s3://"),
        ] {
            let found = faults(["SLUICE_SCHEMAS": value])
            #expect(
                found.isEmpty == (fault == nil) && found.allSatisfy { $0.contains(fault ?? "") },
                "\(value): \(found)"
            )
        }
        let both = faults(["SLUICE_SCHEMAS": #"{"":null}"#, "SLUICE_SCHEMA": Self.schema.source])
        #expect(both.count == 1 && (both.first ?? "").contains("the empty prefix"))
        let several = faults(["SLUICE_SCHEMAS": #"{"a":1,"b":2}"#, "SLUICE_SCHEMA": "x"])
        #expect(several.count == 3)
    }

    @Test func `may have constraints that are not checked, by name`() {
        #expect(faults(["SLUICE_SKIP_CONSTRAINTS": "unique, primaryKey"]).isEmpty)
        let found = faults(["SLUICE_SKIP_CONSTRAINTS": "unique,pattern"])
        #expect(found.count == 1 && (found.first ?? "").contains("foreignKeys"))
        let unique = #"{"fields":[{"name":"a","constraints":{"unique":true}}]}"#
        let refused = faults(["SLUICE_SCHEMA": unique])
        #expect(refused.count == 1 && (refused.first ?? "").hasPrefix("SLUICE_SCHEMA: /fields/0/constraints/unique"))
        #expect((refused.first ?? "").contains("SLUICE_SKIP_CONSTRAINTS=unique"))
        #expect(faults(["SLUICE_SCHEMA": unique, "SLUICE_SKIP_CONSTRAINTS": "unique"]).isEmpty)
    }

    @Test func `must agree with the variables for the dialect`() {
        let schema = #"{"dialect":{"delimiter":"'"}}"#
        let found = faults(["SLUICE_SCHEMA": schema, "SLUICE_QUOTE": "'"])
        #expect(found.count == 1 && (found.first ?? "").hasPrefix("SLUICE_SCHEMA: with the function"))
    }

    @Test func `are read once by a process`() async throws {
        let services = MemoryServices(["a.csv": "a\n1\n"]) { $0.objects[Self.schema] = Array(Self.valid.utf8) }
        try await start(services, ["SLUICE_SCHEMAS": "{\"a\":\"\(Self.schema.source)\"}"])
        #expect(services.state.wholeReads == [Self.schema.source])
        #expect(services.state.messages.count { $0.content == .manifest } == 2)
    }

    @Test func `are checked when it starts`() async throws {
        let services = MemoryServices { $0.objects[Self.schema] = Array(Self.invalid.utf8) }
        let missing = "s3://b/missing.json?versionId=2"
        let variables = ["SLUICE_SCHEMA": Self.schema.source, "SLUICE_SCHEMAS": "{\"a/\":\"\(missing)\"}"]
        let error = await #expect(throws: FunctionError.self) { try await start(services, variables) }
        #expect(error?.kind == .configuration)
        let message = try #require(error?.message)
        #expect(message.contains("SLUICE_SCHEMA: \(Self.schema.source): /fields/1/type: "))
        #expect(message.contains("SLUICE_SCHEMAS: 'a/': \(missing): no such version"))
    }

    @Test func `are left to the invocations that need them if they cannot be read when it starts`() async throws {
        let services = MemoryServices(["a.csv": "a\n1\n"]) { $0.wholeReadFault = .unreachable }
        try await start(services, ["SLUICE_SCHEMAS": "{\"other/\":\"\(Self.schema.source)\"}"])
        #expect(services.state.messages.count { $0.content == .manifest } == 2)
    }
}
