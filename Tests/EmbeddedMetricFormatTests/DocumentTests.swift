import CoreMetrics
import EmbeddedMetricFormat
import SluiceJSON
import Testing

extension JSONValue {
    /// The names of the metrics that a document defines.
    fileprivate var names: [String] {
        self["_aws"]?["CloudWatchMetrics"]?.elements?[0]["Metrics"]?.elements?.compactMap { $0["Name"]?.text } ?? []
    }
}

@Suite struct `A document` {
    private let written = Written()

    @Test func `has the metrics of one set of dimensions, each with a definition and a value`() throws {
        let factory = written.factory(dimensions: [("function", "f")], sets: .prefixes, units: ["bytesIn": .bytes])
        factory.setProperty("requestId", "r")
        let outcome = [("outcome", "success")]
        Counter(label: "rows", dimensions: outcome, factory: factory).increment(by: 3)
        Counter(label: "bytesIn", dimensions: outcome, factory: factory).increment(by: 7)
        Timer(label: "duration", dimensions: outcome, factory: factory).recordMicroseconds(1_002_003)
        Counter(label: "rejects", dimensions: [("code", "c")], factory: factory).increment()
        factory.flush()
        let head = #"{"_aws":{"Timestamp":1700000000000,"CloudWatchMetrics":[{"Namespace":"N","#
        let expected = [
            head + #""Dimensions":[["function"],["function","outcome"]],"Metrics":[{"Name":"rows","Unit":"Count"},"#
                + #"{"Name":"bytesIn","Unit":"Bytes"},{"Name":"duration","Unit":"Milliseconds"}]}]},"function":"f","#
                + #""outcome":"success","requestId":"r","rows":3,"bytesIn":7,"duration":1002.003}"#,
            head + #""Dimensions":[["function"],["function","code"]],"Metrics":[{"Name":"rejects","Unit":"Count"}]}]},"#
                + #""function":"f","code":"c","requestId":"r","rejects":1}"#,
        ]
        #expect(written.lines == expected)
        _ = try written.documents
    }

    @Test func `names all dimensions together unless told otherwise, or none`() throws {
        let factory = written.factory(dimensions: [])
        Counter(label: "a", dimensions: [("x", "1"), ("y", "2")], factory: factory).increment()
        Counter(label: "b", factory: factory).increment()
        factory.flush()
        let sets = try written.documents.map {
            try #require($0["_aws"]?["CloudWatchMetrics"]?.elements?[0]["Dimensions"])
        }
        #expect(sets.map { $0.elements?.map { $0.elements?.map(\.text) } } == [[["x", "y"]], [[]]])
    }

    @Test func `escapes names and values`() throws {
        let odd = "\u{1}é\u{1F600}\"\\\n\r\t"
        let factory = written.factory(dimensions: [("function", odd)])
        factory.setProperty(odd, odd)
        Counter(label: "r\"ows", factory: factory).increment()
        factory.flush()
        let document = try #require(try written.documents.first)
        #expect(document["function"]?.text == odd && document[odd]?.text == odd)
        #expect(document["r\"ows"]?.double == 1)
    }

    @Test func `has at most a hundred metrics, and others follow in the next`() throws {
        let factory = written.factory(dimensions: [("function", "f")])
        for number in 0..<250 { Counter(label: "m\(number)", factory: factory).increment(by: number) }
        factory.flush()
        let documents = try written.documents
        #expect(documents.map(\.names.count) == [100, 100, 50])
        #expect(documents.flatMap(\.names) == (0..<250).map { "m\($0)" })
        #expect(documents[2]["m249"]?.double == 249)
    }

    @Test func `has no two metrics of one name`() throws {
        let factory = written.factory()
        Counter(label: "a", factory: factory).increment(by: 2)
        Timer(label: "a", factory: factory).recordMilliseconds(5)
        factory.flush()
        #expect(try written.documents.map { $0["a"]?.double } == [2, 5])
    }

    @Test func `has at most thirty dimensions`() throws {
        let factory = written.factory()
        Counter(label: "a", dimensions: (0..<40).map { ("d\($0)", "v") }, factory: factory).increment()
        factory.flush()
        let document = try #require(try written.documents.first)
        #expect(document["d29"]?.text == "v" && document["d30"] == nil)
    }

    @Test func `has no dimension that CloudWatch would reject it for`() throws {
        let factory = written.factory(dimensions: [("empty", ""), ("", "x"), ("_aws", "x"), ("a", "x"), ("twice", "1")])
        let long = String(repeating: "é", count: 2000)
        Counter(label: "a", dimensions: [("twice", "2"), (long, long)], factory: factory).increment()
        factory.flush()
        let document = try #require(try written.documents.first)
        #expect(document["a"]?.double == 1 && document["twice"]?.text == "2" && document["empty"] == nil)
        #expect(document[String(long.prefix(250))]?.text == String(long.prefix(1024)))
    }

    @Test func `has no metric without a name, and none named as the format's own member`() throws {
        let factory = written.factory()
        Counter(label: "", factory: factory).increment()
        Timer(label: "_aws", factory: factory).recordSeconds(1)
        factory.flush()
        #expect(written.lines.isEmpty)
    }

    @Test func `has no property in the place of a metric or a dimension`() throws {
        let factory = written.factory(dimensions: [("d", "v")])
        for name in ["a", "d", "_aws", "other", "gone"] { factory.setProperty(name, "property") }
        factory.setProperty("gone", nil)
        Counter(label: "a", factory: factory).increment()
        factory.flush()
        let document = try #require(try written.documents.first)
        #expect(document["a"]?.double == 1 && document["d"]?.text == "v")
        #expect(document["other"]?.text == "property" && document["gone"] == nil)
    }

    @Test func `states units and the resolution`() throws {
        let factory = written.factory(units: ["size": .megabytes, "time": .bytes], highResolution: ["size"])
        Recorder(label: "size", factory: factory).record(1.5)
        Timer(label: "time", factory: factory).recordNanoseconds(1_500_000)
        for (label, unit) in [("ns", TimeUnit.nanoseconds), ("ms", .milliseconds), ("min", .minutes)] {
            let handler = factory.makeTimer(label: label, dimensions: [])
            handler.preferDisplayUnit(unit)
            handler.recordNanoseconds(2_000_500)
        }
        factory.flush()
        let line = try #require(written.lines.first)
        try Written.check(line)
        let definitions =
            #"[{"Name":"size","Unit":"Megabytes","StorageResolution":1},{"Name":"time","Unit":"Milliseconds"},"#
            + #"{"Name":"ns","Unit":"Microseconds"},{"Name":"ms","Unit":"Milliseconds"},{"Name":"min","Unit":"Seconds"}]"#
        #expect(line.contains(definitions))
        #expect(line.hasSuffix(#""size":1.5,"time":1.500,"ns":2000.500,"ms":2.000500,"min":0.002000500}"#))
    }
}
