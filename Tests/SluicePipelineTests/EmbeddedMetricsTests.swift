import Logging
import SluiceJSON
import SluicePipeline
import Testing

extension JSONValue {
    var double: Double? { if case .number(let digits) = self { Double(digits) } else { nil } }
}

@Suite struct `Embedded metrics` {
    /// Checks a line against the rules of the format's published schema that this project's lines could break.
    static func check(_ line: String) throws {
        #expect(!line.contains("\n"))
        let document = try #require(JSONValue(parsing: line.utf8))
        let metadata = try #require(document["_aws"])
        #expect(metadata["Timestamp"]?.integer != nil)
        for directive in try #require(metadata["CloudWatchMetrics"]?.elements) {
            let namespace = try #require(directive["Namespace"]?.text)
            #expect(1...1024 ~= namespace.count)
            let sets = try #require(directive["Dimensions"]?.elements)
            #expect(!sets.isEmpty)
            for set in sets {
                let names = try #require(set.elements)
                #expect(names.count <= 30)
                for name in names {
                    let name = try #require(name.text)
                    #expect(1...250 ~= name.count && 1...1024 ~= document[name]?.text?.count ?? 0)
                }
            }
            let metrics = try #require(directive["Metrics"]?.elements)
            #expect(1...100 ~= metrics.count)
            for metric in metrics {
                let name = try #require(metric["Name"]?.text)
                #expect(1...1024 ~= name.count)
                #expect(["Count", "Bytes", "Milliseconds"].contains(metric["Unit"]?.text))
                guard case .number = document[name] else {
                    Issue.record("\(name) has no value")
                    continue
                }
            }
            #expect(Set(metrics.compactMap { $0["Name"]?.text }).count == metrics.count)
        }
    }

    /// Returns the lines of an invocation that converts one row and rejects another, and the start of each line.
    private func lines(level: String = "") async throws -> (lines: [String], head: String) {
        let lines = Lines()
        let environment = [
            "SLUICE_QUEUE_URL": "https://q", "SLUICE_ERROR_QUEUE_URL": "https://e", "SLUICE_REJECTS": "report",
            "AWS_LAMBDA_FUNCTION_NAME": "f", "SLUICE_METRICS_LEVEL": level,
        ]
        let services = MemoryServices(["a.csv": "a,b\n1,2\n3\n"])
        let handler = Handler(try Configuration { environment[$0] }, services, metrics: lines.output)
        let invocation = Invocation(
            requestID: "r",
            deadline: services.clock.now + .seconds(900),
            payload: Array(Payloads.s3("a.csv").utf8)
        )
        let logger = Logger(label: "test") { _ in JSONLogHandler(.error, output: Lines().output) }
        _ = try await handler.handle(invocation, isColdStart: true, logger: logger)
        for line in lines.all { try Self.check(line) }
        let time = services.clock.millisecondsSinceEpoch
        return (lines.all, #"{"_aws":{"Timestamp":\#(time),"CloudWatchMetrics":[{"Namespace":"Sluice","#)
    }

    @Test func `have the names, units and dimensions that dashboards and alarms read`() async throws {
        let (lines, head) = try await lines()
        let units = [
            ("success", "Count"), ("error", "Count"), ("coldStart", "Count"), ("objects", "Count"),
            ("badObjects", "Count"),
            ("ignored", "Count"), ("rows", "Count"), ("rejectedRows", "Count"), ("bytesIn", "Bytes"),
            ("bytesOut", "Bytes"),
            ("messages", "Count"), ("batches", "Count"), ("retries", "Count"), ("duration", "Milliseconds"),
        ]
        let definitions = units.map { #"{"Name":"\#($0)","Unit":"\#($1)"}"# }.joined(separator: ",")
        #expect(lines.count == 2)
        #expect(
            lines.first?.hasPrefix(
                head + #""Dimensions":[["function"],["function","outcome"]],"Metrics":[\#(definitions)]}]},"#
                    + #""function":"f","outcome":"success","requestId":"r","success":1,"error":0,"coldStart":1,"objects":1,"#
                    + #""badObjects":0,"ignored":0,"rows":1,"rejectedRows":1,"bytesIn":10,"bytesOut":"#
            ) == true
        )
        #expect(lines.first?.hasSuffix(#","duration":0.000}"#) == true)
        #expect(
            lines.last == head + #""Dimensions":[["function"],["function","code"]],"Metrics":["#
                + #"{"Name":"rejects","Unit":"Count"}]}]},"function":"f","code":"raggedRecord","requestId":"r","rejects":1}"#
        )
    }

    @Test func `are only those that alarms watch, or none, if so configured`() async throws {
        let (lines, head) = try await lines(level: "alarms")
        let definitions = ["badObjects", "rows", "rejectedRows"].map { #"{"Name":"\#($0)","Unit":"Count"}"# }
        #expect(
            lines == [
                head + #""Dimensions":[["function"]],"Metrics":[\#(definitions.joined(separator: ","))]}]},"#
                    + #""function":"f","requestId":"r","badObjects":0,"rows":1,"rejectedRows":1}"#
            ]
        )
        #expect(try await self.lines(level: "none").lines == [])
    }
}
