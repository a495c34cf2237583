import Sluice
import SluiceJSON
import SluicePipeline
import Testing

@Suite struct `Records that are put aside by the function` {
    private static let reporting = ["SLUICE_REJECTS": "report"]

    private func invoked(_ objects: [String: String], _ environment: [String: String] = reporting) -> Invoked {
        var invoked = Invoked(services: MemoryServices(objects))
        invoked.environment.merge(environment) { $1 }
        return invoked
    }

    @Test func `go to the error queue, and the other rows to the queue`() async throws {
        let invoked = invoked(["a.csv": "a,b\n1,2\n3,x\"y\n5,6\n"])
        #expect(try await invoked.outcome(Payloads.s3("a.csv")) == "converted")
        let state = invoked.services.state
        #expect(state.messages.map(\.content) == [.json, .manifest] && state.reports.isEmpty)
        #expect(state.messages.first?.body == Array(#"[{"a":"1","b":"2"},{"a":"5","b":"6"}]"#.utf8))
        #expect(state.rejects.map(\.content) == [.rejects])
        let lines = try #require(state.rejects.first.flatMap { JSONValue(parsing: $0.body)?.elements })
        #expect(lines.count == 1 && lines[0]["code"]?.text == "quoteInPlain" && lines[0]["line"]?.integer == 3)
        let manifest = try #require(state.messages.last.flatMap { JSONValue(parsing: $0.body) })
        #expect(manifest["rejected"]?.integer == 1 && manifest["rejects"]?["lines"]?.integer == 1)
        #expect(manifest["configuration"]?.text?.contains(";rejects=all") == true)
    }
}
