import Sluice
import SluiceJSON
import SluicePipeline
import Testing

/// Objects with one of two versions of a schema. By the first one their columns are separated by semicolons, by the second one by
/// bars, so that rows show which one was used.
@Suite struct `An object with a schema` {
    private static let versions = ["1": ";", "2": "|"].mapValues { #"{"dialect":{"delimiter":"\#($0)"}}"# }
    private static let rows = "a;b|c\n" + (1...60).map { "\($0);x|y\n" }.joined()

    private static func schema(_ version: String) -> ObjectReference {
        ObjectReference(bucket: "schemas", key: "orders.json", versionID: version)
    }

    /// Returns services that hold an object and both versions of the schema.
    private func services(_ text: String = rows) -> MemoryServices {
        MemoryServices(["a.csv": text]) { state in
            for (version, text) in Self.versions { state.objects[Self.schema(version)] = Array(text.utf8) }
        }
    }

    /// Returns a function whose schema is that version.
    private func function(_ services: MemoryServices, _ version: String) -> Invoked {
        var invoked = Invoked(services: services)
        invoked.environment["SLUICE_SCHEMA"] = Self.schema(version).source
        return invoked
    }

    /// Returns the messages of a single run with that version.
    private func expected(_ version: String, _ text: String = rows) async throws -> [Message] {
        try await services(text).expected("a.csv", ["SLUICE_SCHEMA": Self.schema(version).source])
    }

    @Test func `has the rows that the schema's version makes`() async throws {
        let services = services("a;b|c\n1;x|y\n")
        #expect(try await function(services, "1").outcome(Payloads.s3("a.csv")) == "converted")
        #expect(services.state.messages.first?.body == Array(#"[{"a":"1","b|c":"x|y"}]"#.utf8))
        #expect(services.state.wholeReads == [Self.schema("1").source])
    }

    @Test func `has the schema of the longest prefix of its key, or else none`() async throws {
        let text = "a;b|c\n1;x|y\n"
        let services = services()
        services.change { state in
            for key in ["orders/1.csv", "orders/raw/1.csv", "orders/none/1.csv", "order.csv"] {
                state.objects[ObjectReference(bucket: "inbox", key: key)] = Array(text.utf8)
            }
        }
        var invoked = Invoked(services: services)
        let references = [("orders/", Self.schema("1").source), ("orders/raw", Self.schema("2").source)]
        let members = references.map { (name: $0, json: JSONWriter.string($1)) } + [("orders/none/", "null")]
        invoked.environment["SLUICE_SCHEMAS"] = JSONWriter.object(members)
        for (key, body) in [
            ("orders/1.csv", #"[{"a":"1","b|c":"x|y"}]"#), ("orders/raw/1.csv", #"[{"a;b":"1;x","c":"y"}]"#),
            ("orders/none/1.csv", #"[{"a;b|c":"1;x|y"}]"#), ("order.csv", #"[{"a;b|c":"1;x|y"}]"#),
        ] {
            services.change { $0.messages = [] }
            #expect(try await invoked.outcome(Payloads.s3(key)) == "converted")
            #expect(services.state.messages.first?.body == Array(body.utf8), "\(key)")
        }
        // SLUICE_SCHEMA is for all other keys.
        invoked.environment["SLUICE_SCHEMA"] = Self.schema("2").source
        invoked.environment["SLUICE_WORK_PREFIX"] = "other/"
        services.change { $0.messages = [] }
        #expect(try await invoked.outcome(Payloads.s3("order.csv")) == "converted")
        #expect(services.state.messages.first?.body == Array(#"[{"a;b":"1;x","c":"y"}]"#.utf8))
    }

    @Test func `can have a schema that stands in the variable`() async throws {
        let services = services("a;b\n1;2\n")
        var invoked = Invoked(services: services)
        invoked.environment["SLUICE_SCHEMA"] = Self.versions["1"]
        #expect(try await invoked.outcome(Payloads.s3("a.csv")) == "converted")
        #expect(services.state.messages.first?.body == Array(#"[{"a":"1","b":"2"}]"#.utf8))
        #expect(services.state.wholeReads.isEmpty)
    }

    @Test func `is read as variables say where they contradict the schema`() async throws {
        let services = services("a;b|c\n1;x|y\n")
        var invoked = function(services, "1")
        invoked.environment["SLUICE_DELIMITER"] = "|"
        #expect(try await invoked.outcome(Payloads.s3("a.csv")) == "converted")
        #expect(services.state.messages.first?.body == Array(#"[{"a;b":"1;x","c":"y"}]"#.utf8))
    }

    @Test func `keeps its schema when another invocation continues after a deployment`() async throws {
        let expected = try await expected("1")
        for texts in [Self.versions["1"], nil] {
            let services = services()
            var (old, new) = (function(services, "1"), function(services, "2"))
            if let text = texts { (old.environment["SLUICE_SCHEMA"], new.environment["SLUICE_SCHEMA"]) = (text, "") }
            #expect(try await old.outcome(Payloads.s3("a.csv"), id: "r-1", time: .seconds(1.9)) == "handedOn")
            let event = try #require(services.state.events.first)
            #expect(!services.state.messages.contains { $0.isLast })
            let outcome = try await new.outcome(String(decoding: event, as: Unicode.UTF8.self), id: "r-2")
            #expect(outcome == "converted" && services.state.messages == expected)
        }
    }

    @Test func `keeps its schema when it is retried or delivered again after a deployment`() async throws {
        let expected = try await expected("1")
        for id in ["r-1", "r-2"] {
            let services = services()
            services.change { $0.queueSize = 3 }
            await #expect(throws: FunctionError.self) {
                try await function(services, "1")(Payloads.s3("a.csv"), id: "r-1")
            }
            services.change { $0.queueSize = .max }
            services.time.advance(by: .seconds(120))
            let new = function(services, "2")
            #expect(try await new.outcome(Payloads.s3("a.csv"), id: id) == "converted")
            #expect(services.state.messages == expected)
            // Its messages have been sent, whatever the schema is now.
            #expect(try await new.outcome(Payloads.s3("a.csv"), id: "r-3") == "skipped")
        }
    }

    @Test func `keeps having none if work on it began before there was one`() async throws {
        let services = services()
        let expected = try await services.expected("a.csv")
        services.change { $0.queueSize = 3 }
        await #expect(throws: FunctionError.self) { try await Invoked(services: services)(Payloads.s3("a.csv")) }
        services.change { $0.queueSize = .max }
        #expect(try await function(services, "1").outcome(Payloads.s3("a.csv")) == "converted")
        #expect(services.state.messages == expected)
    }

    @Test func `is converted anew with another schema if it was invalid under the first one`() async throws {
        let text = "a;b|c\n1;x;y|z\n"
        let services = services(text)
        for id in ["r-1", "r-2"] {
            let outcome = try await function(services, "1").outcome(Payloads.s3("a.csv"), id: id)
            #expect(outcome == (id == "r-1" ? "faulty" : "skipped"))
        }
        let report = try #require(services.state.reports.first.flatMap { JSONValue(parsing: $0.utf8) })
        #expect(report["schema"]?.text == Self.schema("1").source)
        services.change { $0.messages = [] }
        #expect(try await function(services, "2").outcome(Payloads.s3("a.csv"), id: "r-3") == "converted")
        #expect(try await services.state.messages == expected("2", text))
        #expect(try await function(services, "1").outcome(Payloads.s3("a.csv"), id: "r-4") == "skipped")
    }

    @Test func `is converted anew if variables give its schema another meaning meanwhile`() async throws {
        let services = services()
        services.change { $0.queueSize = 3 }
        await #expect(throws: FunctionError.self) { try await function(services, "1")(Payloads.s3("a.csv")) }
        services.change { state in
            state.queueSize = .max
            state.messages = []
        }
        var new = function(services, "2")
        // The usual delimiter, but now it overrides the schema's.
        new.environment["SLUICE_DELIMITER"] = ","
        #expect(try await new.outcome(Payloads.s3("a.csv")) == "converted")
        #expect(services.state.messages.first?.range.lowerBound == 0 && services.state.messages.last?.isLast == true)
    }

    @Test func `is not continued without the schema that it began with, which is reported`() async throws {
        let services = services()
        services.change { $0.queueSize = 3 }
        await #expect(throws: FunctionError.self) { try await function(services, "1")(Payloads.s3("a.csv")) }
        services.change { state in
            state.queueSize = .max
            state.objects[Self.schema("1")] = nil
        }
        let count = services.state.messages.count
        let source = "s3://inbox/a.csv?etag=e\(Self.rows.utf8.count)"
        let began = "the conversion of \(source) began with a schema that cannot be used now: "
        await #expect(throws: FunctionError(.schema, "\(began)\(Self.schema("1").source): no such version")) {
            try await function(services, "2")(Payloads.s3("a.csv"))
        }
        // Nor with other bytes under its version, which S3 never has.
        services.change { $0.objects[Self.schema("1")] = Array((Self.versions["1", default: ""] + " ").utf8) }
        do {
            _ = try await function(services, "2")(Payloads.s3("a.csv"))
            Issue.record("another schema was used")
        } catch {
            #expect("\(error)".contains(began) && "\(error)".contains("SHA-256"))
        }
        #expect(services.state.messages.count == count)
    }

    @Test func `keeps its schema in every portion, and when portions are redriven`() async throws {
        let expected = Set(try await expected("1"))
        for text in [Self.versions["1"], nil] {
            let services = services()
            var (old, new) = (function(services, "1"), function(services, "2"))
            if let text { (old.environment["SLUICE_SCHEMA"], new.environment["SLUICE_SCHEMA"]) = (text, "") }
            // Some portions fail before the deployment, and some after it.
            services.change { $0.queueSize = expected.count / 2 }
            await #expect(throws: FunctionError.self) { try await Jobs.run(old, "a.csv") }
            await #expect(throws: FunctionError.self) { try await Jobs.run(new, "a.csv") }
            services.change { $0.queueSize = .max }
            #expect(try await Jobs.run(old, "a.csv", then: new)["outcome"]?.text == "converted")
            #expect(Set(services.state.messages) == expected)
            #expect(try await new.outcome(Payloads.s3("a.csv"), id: "r-2") == "skipped")
            // A schema that was dropped keeps for what work began with.
            #expect(try await Jobs.run(new, "a.csv")["outcome"]?.text == "converted")
            #expect(Set(services.state.messages) == expected && services.state.messages.count { $0.isLast } == 1)
        }
    }

    @Test func `keeps its schema on the way to the state machine, and in order`() async throws {
        let services = services()
        var (old, new) = (function(services, "1"), function(services, "2"))
        for variable in [("SLUICE_STATE_MACHINE_ARN", "arn:machine"), ("SLUICE_ROUTE_BYTES", "4")] {
            old.environment[variable.0] = variable.1
            new.environment[variable.0] = variable.1
        }
        for function in [old, new] {
            #expect(try await function.outcome(Payloads.s3("a.csv")) == "handedOn")
            #expect(services.state.executions.count == 1)
        }
        let plan = try await Jobs.plan("a.csv", new)
        #expect(plan.json.contains(Self.schema("1").source))
        let outcome = try await new(Jobs.job("inOrder", [("object", Jobs.object("a.csv"))]))["outcome"]?.text
        #expect(outcome == "converted")
        #expect(try await services.state.messages == expected("1"))
    }

    @Test func `is not converted by a portion that cannot get its schema`() async throws {
        let services = services()
        let plan = try await Jobs.plan("a.csv", function(services, "1"))
        services.change { $0.objects[Self.schema("1")] = nil }
        for (job, portion) in [("summarise", 0), ("combine", nil), ("convert", 1), ("manifest", nil)] {
            let members = [(name: "plan", json: plan.json)] + (portion.map { [("portion", "\($0)")] } ?? [])
            let error = await #expect(throws: FunctionError.self) {
                try await function(services, "2")(Jobs.job(job, members))
            }
            #expect(error?.kind == .schema && error?.message.contains("orders.json?versionId=1") == true)
        }
    }

    @Test func `is named with its schema in the plan of an object that must be read in order`() async throws {
        let services = services()
        var invoked = function(services, "1")
        invoked.environment["SLUICE_QUOTE_IN_PLAIN"] = "data"
        let planned = try await invoked(Jobs.job("plan", [("object", Jobs.object("a.csv"))]))
        #expect(planned["route"]?.text == "inOrder")
        #expect(planned["schema"]?["source"]?.text == Self.schema("1").source)
    }

    @Test func `is read in order if the schema names another encoding`() async throws {
        let services = services()
        var invoked = Invoked(services: services)
        invoked.environment["SLUICE_SCHEMA"] = #"{"encoding":"windows-1252","dialect":{"delimiter":";"}}"#
        #expect(try await Jobs.run(invoked, "a.csv")["outcome"]?.text == "converted")
        #expect(try await invoked(Jobs.job("plan", [("object", Jobs.object("a.csv"))]))["route"]?.text == "inOrder")
    }

    @Test func `is retried if its schema cannot be read at the moment`() async throws {
        let services = services()
        services.change { $0.wholeReadFault = .busy }
        let error = await #expect(throws: FunctionError.self) {
            try await function(services, "1")(Payloads.s3("a.csv"))
        }
        #expect(error?.kind == .service && services.state.notes.isEmpty)
        services.change { $0.wholeReadFault = nil }
        #expect(try await function(services, "1").outcome(Payloads.s3("a.csv")) == "converted")
    }
}

/// Rows as variables shape them, without a schema and over one.
@Suite struct `An object whose rows variables shape` {
    private static let text =
        "id,qty,note\n" + (1...60).map { "0\($0),\($0).50,\($0 % 2 == 0 ? "NA" : "x")\n" }.joined()
    private static let schema =
        #"{"fields":[{"name":"id","type":"integer"},{"name":"qty","type":"number"},{"name":"note"}]}"#

    @Test(arguments: [
        (["SLUICE_TYPES": "qty:number", "SLUICE_NULL": "NA"], #"{"id":"02","qty":2.50,"note":null}"#),
        (["SLUICE_SELECT": "note,id", "SLUICE_RENAME": "id=key"], #"{"note":"NA","key":"02"}"#),
        (["SLUICE_SCHEMA": schema, "SLUICE_LEADING_ZEROS": "strip"], #"{"id":2,"qty":2.50,"note":"NA"}"#),
        (["SLUICE_SCHEMA": schema, "SLUICE_TYPES": "id:string", "SLUICE_DROP": "note"], #"{"id":"02","qty":2.50}"#),
    ])
    func `has these rows in one run and in portions`(_ variables: [String: String], _ row: String) async throws {
        let services = MemoryServices(["a.csv": Self.text])
        let expected = try await services.expected("a.csv", variables)
        #expect(expected.contains { String(decoding: $0.body, as: Unicode.UTF8.self).contains(row) })
        var invoked = Invoked(services: services)
        invoked.environment.merge(variables) { $1 }
        #expect(try await Jobs.run(invoked, "a.csv")["outcome"]?.text == "converted")
        #expect(Set(services.state.messages) == Set(expected))
    }
}

/// Dialects of schemas, with what portions must know of them: where records start, and what quotes and escapes mean.
@Suite struct `An object whose schema has a dialect` {
    private static let files: [(dialect: String, text: String)] = [
        (#"{"headerRows":[3]}"#, "export \"\n\nid,note\n" + (1...60).map { "\($0),\"x\ny\"\n" }.joined()),
        (##"{"commentChar":"#"}"##, "id,note\n" + (1...60).map { "\($0),x\n# \" \($0)\n" }.joined()),
        (#"{"escapeChar":"\\"}"#, "id,note\n" + (1...60).map { "\($0),x\\\n\\\"y\n" }.joined()),
        (#"{"delimiter":"||"}"#, "id||note\n" + (1...60).map { "\($0)||\"x\n\"\n" }.joined()),
        (#"{"quoteChar":""}"#, "id,note\n" + (1...60).map { "\($0),\"x\n" }.joined()),
    ]

    @Test(arguments: files)
    func `is the same in one run, in portions and continued`(_ dialect: String, _ text: String) async throws {
        let fields = #"[{"name":"id","type":"integer"},{"name":"note"}]"#
        let variables = ["SLUICE_SCHEMA": #"{"dialect":\#(dialect),"schema":{"fields":\#(fields)}}"#]
        let services = MemoryServices(["a.csv": text])
        let expected = try await services.expected("a.csv", variables)
        #expect(expected.count > 3 && expected.last?.content == .manifest)
        #expect(expected.first?.body.starts(with: #"[{"id":1,"note":"#.utf8) == true)
        var invoked = Invoked(services: services)
        invoked.environment.merge(variables) { $1 }
        #expect(try await Jobs.run(invoked, "a.csv")["outcome"]?.text == "converted")
        #expect(Set(services.state.messages) == Set(expected))
        invoked.environment["SLUICE_WORK_PREFIX"] = "again/"
        services.change { $0.messages = [] }
        var number = 1
        while try await invoked.outcome(Payloads.s3("a.csv"), id: "r-\(number)", time: .seconds(1.9)) == "handedOn" {
            number += 1
        }
        #expect(number > 1 && services.state.messages == expected)
    }
}

/// What a schema refuses.
@Suite struct `An object that its schema does not allow` {
    private static let schema = #"""
        {"fields":[{"name":"id","type":"integer"},{"name":"qty","type":"number","constraints":{"maximum":9}}]}
        """#

    private func report(_ text: String, _ variables: [String: String] = [:]) async throws -> (JSONValue, [Message]) {
        var invoked = Invoked(services: MemoryServices(["a.csv": text]))
        invoked.environment["SLUICE_SCHEMA"] = Self.schema
        invoked.environment.merge(variables) { $1 }
        #expect(try await invoked.outcome(Payloads.s3("a.csv")) == "faulty")
        let state = invoked.services.state
        return (try #require(state.reports.first.flatMap { JSONValue(parsing: $0.utf8) }), state.messages)
    }

    @Test(arguments: [
        ("id\n1\n", #"missing "qty""#, "fieldsMatch\": \"superset\""),
        ("id,qty,note\n1,2,x\n", #"unexpected "note""#, "fieldsMatch\": \"subset\""),
        ("qty,id\n1,2\n", "out of order", "fieldsMatch\": \"equal\""),
        ("id,Qty\n1,2\n", #"Unicode form "Qty""#, "the names of the header in the schema"),
    ])
    func `because of its header is reported before any row is sent`(
        _ text: String,
        _ reason: String,
        _ advice: String
    ) async throws {
        let (report, messages) = try await report(text + String(repeating: "1,2\n", count: 2000))
        #expect(messages.map(\.content) == [.aborted])
        #expect(report["code"]?.text == "headerMismatch" && report["line"]?.integer == 1)
        #expect(report["schema"]?.text == "SLUICE_SCHEMA" && report["excerpt"]?.text?.hasPrefix("id") != nil)
        let message = try #require(report["message"]?.text)
        #expect(message.contains(reason) && message.contains(advice), "\(message)")
    }

    @Test(arguments: [
        ("007,1", "typeMismatch", 1, "SLUICE_LEADING_ZEROS=strip"), (" 7,1", "typeMismatch", 1, "SLUICE_TRIM=spaces"),
        ("7,NA", "typeMismatch", 2, "SLUICE_NULL=,NA"), ("7,x", "typeMismatch", 2, ""),
        ("7,9.01", "constraint", 2, "maximum"),
    ])
    func `because of a value is reported with what to do`(
        _ row: String,
        _ code: String,
        _ field: UInt64,
        _ advice: String
    ) async throws {
        let (report, messages) = try await report("id,qty\n1,2\n\(row)\n")
        #expect(messages.map(\.content) == [.json, .aborted])
        #expect(messages.first?.body == Array(#"[{"id":1,"qty":2}]"#.utf8))
        #expect(report["code"]?.text == code && report["line"]?.integer == 3 && report["field"]?.integer == field)
        #expect(report["value"]?.text?.isEmpty == false)
        let message = try #require(report["message"]?.text)
        #expect(message.contains(advice), "\(message)")
    }
}
