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

    @Test func `share one line, each with a definition and a value`() throws {
        var metrics = EmbeddedMetrics(namespace: "N", timestamp: 1_700_000_000_000)
        metrics.addDimension("function", "f")
        metrics.addDimension("outcome", "success")
        metrics.addProperty("requestId", "r")
        metrics.add("rows", 3)
        metrics.add("bytesIn", 7, .bytes)
        metrics.add("duration", .microseconds(1_002_003))
        let expected = """
            {"_aws":{"Timestamp":1700000000000,"CloudWatchMetrics":[{"Namespace":"N",\
            "Dimensions":[["function"],["function","outcome"]],"Metrics":[{"Name":"rows","Unit":"Count"},\
            {"Name":"bytesIn","Unit":"Bytes"},{"Name":"duration","Unit":"Milliseconds"}]}]},"function":"f",\
            "outcome":"success","requestId":"r","rows":3,"bytesIn":7,"duration":1002.003}
            """
        #expect(metrics.line == expected)
        try Self.check(metrics.line)
    }

    @Test func `escape names and values`() throws {
        var metrics = EmbeddedMetrics(namespace: "a\"b\\\n", timestamp: 0)
        metrics.addDimension("function", "\u{1}é\u{1F600}\"")
        metrics.add("r\"ows", 1)
        try Self.check(metrics.line)
        let document = try #require(JSONValue(parsing: metrics.line.utf8))
        #expect(document["function"]?.text == "\u{1}é\u{1F600}\"")
        #expect(document["r\"ows"]?.double == 1)
    }

    @Test func `are limited to a hundred per line`() throws {
        var metrics = EmbeddedMetrics(namespace: "N", timestamp: 0)
        metrics.addDimension("function", "f")
        for number in 0..<150 { metrics.add("m\(number)", UInt64(number)) }
        try Self.check(metrics.line)
    }

    @Test(arguments: [
        (Duration.zero, "0.000"), (.microseconds(7), "0.007"), (.milliseconds(12), "12.000"), (.seconds(-1), "0.000"),
        (.seconds(900) + .nanoseconds(999_999), "900000.999"),
    ])
    func `state durations in milliseconds`(_ duration: Duration, _ text: String) {
        #expect(EmbeddedMetrics.milliseconds(duration) == text)
    }
}
