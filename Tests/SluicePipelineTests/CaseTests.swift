import Sluice
import SluiceJSON
import SluicePipeline
import SluicePlatform
import Testing

@Suite struct `An object that is not CSV in the configured encoding` {
    private static func bytes(_ name: String) throws -> [UInt8] {
        let root = "\(#filePath)".split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
        let path = root.joined(separator: "/") + "/Fixtures/cases/\(name)"
        return try #require(System.contents(of: path, limit: 1 << 16))
    }

    private func invoked(_ bytes: [UInt8], _ environment: [String: String] = [:]) -> Invoked {
        let object = ObjectReference(bucket: "inbox", key: "a.csv")
        var invoked = Invoked(services: MemoryServices { $0.objects[object] = bytes })
        invoked.environment.merge(environment) { $1 }
        return invoked
    }

    private static let invalid: [(file: String, environment: [String: String], code: String)] = [
        ("utf16le_bom.csv", [:], "utf16Input"),
        ("utf16le_bom.csv", ["SLUICE_ENCODING": "utf-16be"], "byteOrderMark"),
        ("utf16be_bom.csv", ["SLUICE_ENCODING": "utf-16le"], "byteOrderMark"),
        ("utf16le_nobom_lf.csv", ["SLUICE_ENCODING": "utf-16be"], "utf16Input"),
        ("utf16be_nobom.csv", [:], "utf16Input"), ("utf16le_nobom_lf.csv", [:], "utf16Input"),
        ("bom_double.csv", ["SLUICE_ENCODING": "latin1"], "byteOrderMark"),
        ("utf32le_bom.csv", [:], "utf32Input"), ("zipped.csv.zip", [:], "notCSV"), ("bz.csv.bz2", [:], "notCSV"),
        ("parquet.csv", [:], "notCSV"), ("sep_line.csv", [:], "sepLine"),
        ("sep_line.csv", ["SLUICE_DELIMITER": ";"], "sepLine"),
    ]

    @Test(arguments: ["false", "true"])
    func `is reported with the same code by strict and lenient functions`(_ lenient: String) async throws {
        for (file, environment, code) in Self.invalid {
            let invoked = invoked(try Self.bytes(file), environment.merging(["SLUICE_LENIENT": lenient]) { $1 })
            #expect(try await invoked.outcome(Payloads.s3("a.csv")) == "faulty", "\(file)")
            let state = invoked.services.state
            #expect(state.messages.map(\.content) == [.aborted], "\(file)")
            let report = try #require(state.reports.first.flatMap { JSONValue(parsing: $0.utf8) })
            #expect(report["code"]?.text == code && report["offset"] == .number("0"), "\(file)")
        }
    }

    @Test func `is reported with its offset in the object`() async throws {
        for (file, code, offset) in [
            ("utf16_ragged.csv", "raggedRecord", "22"), ("utf16_lone.csv", "invalidEncoding", "16"),
            ("utf16_odd.csv", "invalidEncoding", "22"),
        ] {
            let invoked = invoked(try Self.bytes(file), ["SLUICE_ENCODING": "utf-16"])
            #expect(try await invoked.outcome(Payloads.s3("a.csv")) == "faulty")
            let report = try #require(invoked.services.state.reports.first.flatMap { JSONValue(parsing: $0.utf8) })
            #expect(report["code"]?.text == code && report["offset"] == .number(offset), "\(file)")
        }
    }

    @Test func `is reported with the variable that makes the function accept it`() async throws {
        let body = #"[{"price":"€ 5","note":"“hi” …"}]"#
        for (file, environment, expected) in [
            ("utf16le_bom.csv", [:], nil), ("utf16le_bom.csv", ["SLUICE_ENCODING": "utf-16be"], nil),
            ("utf16be_nobom.csv", [:], nil), ("bom_double.csv", ["SLUICE_ENCODING": "latin1"], nil),
            ("excel_cp1252.csv", [:], body),
        ] as [(String, [String: String], String?)] {
            let first = invoked(try Self.bytes(file), environment)
            #expect(try await first.outcome(Payloads.s3("a.csv")) == "faulty")
            let report = try #require(first.services.state.reports.first.flatMap { JSONValue(parsing: $0.utf8) })
            let message = try #require(report["message"]?.text)
            let label = try #require(message.split(separator: "SLUICE_ENCODING=").last)
            let second = invoked(try Self.bytes(file), ["SLUICE_ENCODING": String(label)])
            #expect(try await second.outcome(Payloads.s3("a.csv")) == "converted", "\(message)")
            let rows = second.services.state.messages.first?.body ?? []
            if let expected { #expect(rows == Array(expected.utf8)) }
        }
    }

    @Test func `is converted in the right encoding`() async throws {
        for (file, label, body) in [
            ("excel_cp1252.csv", "latin1", #"[{"price":"€ 5","note":"“hi” …"}]"#),
            ("utf16le_bom.csv", "UTF-16", #"[{"id":"1","näme":"åäö😀"}]"#),
        ] {
            let invoked = invoked(try Self.bytes(file), ["SLUICE_ENCODING": label])
            #expect(try await invoked.outcome(Payloads.s3("a.csv")) == "converted")
            let messages = invoked.services.state.messages
            #expect(messages.map(\.content) == [.json, .manifest])
            #expect(messages.first?.body == Array(body.utf8))
        }
    }

    @Test func `is read in order, and continued after a checkpoint like a compressed object`() async throws {
        let text = "é,b\n" + (1...60).map { "\($0),\"x\ny\"\n" }.joined()
        let bytes = text.unicodeScalars.map { UInt8($0.value) }
        let object = "{\"bucket\":\"inbox\",\"key\":\"a.csv\"}"
        let invoked = invoked(bytes, ["SLUICE_ENCODING": "latin1"])
        #expect(try await invoked("{\"sluice\":\"plan\",\"object\":\(object)}")["route"]?.text == "inOrder")
        let all = try await invoked.services.expected("a.csv", ["SLUICE_ENCODING": "latin1"])
        #expect(all.count > 6)
        for size in [2, 5] {
            let other = self.invoked(bytes, ["SLUICE_ENCODING": "latin1"])
            other.services.change { $0.queueSize = size }
            await #expect(throws: FunctionError.self) { try await other(Payloads.s3("a.csv")) }
            other.services.change { $0.queueSize = .max }
            #expect(try await other.outcome(Payloads.s3("a.csv")) == "converted")
            #expect(other.services.state.messages == all)
        }
    }

    @Test func `is not split into portions if its first bytes show that it is not CSV`() async throws {
        for file in ["zipped.csv.zip", "utf16be_nobom.csv", "bz.csv.bz2"] {
            let bytes = try Self.bytes(file)
            let object = "{\"bucket\":\"inbox\",\"key\":\"a.csv\"}"
            let plan = "{\"sluice\":\"plan\",\"object\":\(object)}"
            #expect(try await invoked(bytes)(plan)["route"]?.text == "inOrder")
            let assuming = invoked(bytes, ["SLUICE_ASSUME_CSV": "true"])
            #expect(try await assuming(plan)["route"]?.text == "distributed")
        }
    }

    @Test func `needs an encoding that the function supports`() throws {
        for label in ["shift_jis", "utf-7"] {
            let environment = ["SLUICE_QUEUE_URL": "https://q", "SLUICE_ENCODING": label]
            #expect(throws: Configuration.Faults.self) { try Configuration { environment[$0] } }
        }
    }
}
