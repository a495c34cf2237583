import Sluice
import SluiceJSON

/// How an object is cut for many invocations, as the state machine passes it from one to the next:
///
///     {"id":"…","object":{…},"portionSize":268435456,"portions":40}
///
/// What is too much for a state machine lies in notes whose names start with the id.
package struct Plan: Sendable, Hashable {
    /// That of the object's bytes under the configuration of the plan.
    let id: String
    let object: PinnedObject
    package let portions: Portions

    /// More than any store holds, and so little that sums of sizes are numbers.
    private static let largestSize: UInt64 = 1 << 62

    init(id: String, object: PinnedObject, portionSize: UInt64) {
        self.id = id
        self.object = object
        portions = Portions(of: object.size, size: portionSize)
    }

    package init?(_ value: JSONValue) {
        guard let id = value["id"]?.text, let object = value["object"].flatMap(PinnedObject.init),
            let size = value["portionSize"]?.integer, 1...Self.largestSize ~= size, object.size <= Self.largestSize
        else { return nil }
        self.init(id: id, object: object, portionSize: size)
        guard portions.count <= Self.mostPortions else { return nil }
    }

    /// As many items as a map hands out.
    static let mostPortions = 10_000

    package var json: String {
        JSONWriter.object([
            ("id", JSONWriter.string(id)), ("object", object.json), ("portionSize", "\(portions.size)"),
            ("portions", "\(portions.count)"),
        ])
    }

    /// The items of the state machine's maps: `[{"plan":{…},"portion":0},…]`.
    var items: String {
        let items = (0..<portions.count).map { JSONWriter.object([("plan", json), ("portion", "\($0)")]) }
        return "[\(items.joined(separator: ","))]"
    }

    /// The number of a portion, nil if the object has no such.
    func portion(_ number: UInt64) -> Int? { number < UInt64(portions.count) ? Int(number) : nil }

    /// Portions of another size, which another execution may have at the same time, have notes of their own.
    private var folder: String { "\(id)/\(portions.size)" }
    var itemsName: String { "\(folder)/portions.json" }
    var entriesName: String { "\(folder)/entries.json" }
    func summaryName(_ portion: Int) -> String { "\(folder)/summaries/\(portion).json" }
    func resultName(_ portion: Int) -> String { "\(folder)/results/\(portion).json" }
}
