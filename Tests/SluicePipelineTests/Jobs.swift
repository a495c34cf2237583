import SluiceJSON
import SluicePipeline
import Testing

/// The jobs that the state machine gives to the function.
enum Jobs {
    static func object(_ key: String) -> String {
        JSONWriter.object([("bucket", "\"inbox\""), ("key", JSONWriter.string(key))])
    }

    static func job(_ name: String, _ members: [(name: String, json: String)]) -> String {
        JSONWriter.object([("sluice", JSONWriter.string(name))] + members)
    }

    /// Returns the plan for an object that is cut into portions.
    static func plan(_ key: String, _ invoked: Invoked) async throws -> PortionPlan {
        try #require(try await invoked(job("plan", [("object", object(key))]))["plan"].flatMap(PortionPlan.init))
    }

    /// Plays the state machine, with the portions in another order, and returns the last job's answer.
    ///
    /// - Parameter deployed: The function that has taken the place of `invoked` when the object has been planned.
    static func run(_ invoked: Invoked, _ key: String, then deployed: Invoked? = nil) async throws -> JSONValue {
        let planned = try await invoked(job("plan", [("object", object(key))]))
        let invoked = deployed ?? invoked
        guard planned["route"]?.text == "distributed" else {
            return try await invoked(job("inOrder", [("object", object(key))]))
        }
        let name = try #require(planned["items"]?["key"]?.text)
        let items = try #require(JSONValue(parsing: invoked.services.state.notes[name]?.text ?? [])?.elements)
        let plan = json(try #require(items.first))
        for item in items.reversed() { _ = try await invoked(job("summarise", members(item))) }
        _ = try await invoked(job("combine", [("plan", plan)]))
        for item in items.reversed() { _ = try await invoked(job("convert", members(item))) }
        return try await invoked(job("manifest", [("plan", plan)]))
    }

    private static func json(_ item: JSONValue) -> String { item["plan"].flatMap(PortionPlan.init)?.json ?? "" }

    private static func members(_ item: JSONValue) -> [(name: String, json: String)] {
        [("plan", json(item)), ("portion", "\(item["portion"]?.integer ?? 0)")]
    }
}
