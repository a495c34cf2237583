import SluiceEngine
import SluiceJSON

/// How an object is divided into portions. The state machine passes it from step to step:
///
///     {"id":"…","object":{…},"portionSize":268435456,"portions":40}
///     {"id":"…","object":{…},"portionSize":268435456,"portions":40,"first":[105,4],"schema":{…},"event":{…},
///      "turn":2}
///
/// `first` is the offset and the line of the first record, if that is not where the object starts. `schema` is the one that all
/// invocations use, and `event` what the object's event stated, if there are any. `turn` is that of the object's version, if
/// the versions of a key take turns.
///
/// Data too large for the state machine is kept in notes whose names start with the id.
package struct PortionPlan: Sendable, Hashable {
    /// The identity of the object's bytes under the configuration that the plan was made with.
    let id: String
    let object: PinnedObject
    package let portions: Portions
    let schema: PinnedSchema?
    let event: ObjectEvent?
    let turn: UInt64?

    /// Larger than any object, and small enough that sums of sizes do not overflow.
    private static let largestSize: UInt64 = 1 << 62

    init(
        id: String,
        object: PinnedObject,
        portions: Portions,
        schema: PinnedSchema?,
        event: ObjectEvent?,
        turn: UInt64?
    ) {
        self.id = id
        self.object = object
        self.portions = portions
        self.schema = schema
        self.event = event
        self.turn = turn
    }

    package init?(_ value: JSONValue) {
        guard let id = value["id"]?.text, let object = value["object"].flatMap(PinnedObject.init),
            let size = value["portionSize"]?.integer, 1...Self.largestSize ~= size, object.size <= Self.largestSize
        else { return nil }
        var first = RecordPosition.start
        if let place = value["first"] {
            guard let numbers = place.elements, numbers.count == 2, let offset = numbers[0].boundedInteger,
                let line = numbers[1].boundedInteger, offset <= object.size,
                let found = RecordPosition(reading: offset, number: 1, line: line)
            else { return nil }
            first = found
        }
        let schema = value["schema"].flatMap(PinnedSchema.init)
        if schema == nil, value["schema"] != nil { return nil }
        let portions = Portions(of: object.size, size: size, firstRecord: first)
        let event = value["event"].map { ObjectEvent($0) }
        self.init(
            id: id,
            object: object,
            portions: portions,
            schema: schema,
            event: event,
            turn: value["turn"]?.integer
        )
        guard portions.count <= Portions.most else { return nil }
    }

    package var json: String {
        let first = portions.firstRecord
        let members = [
            ("id", JSONWriter.string(id)), ("object", object.json), ("portionSize", "\(portions.size)"),
            ("portions", "\(portions.count)"),
        ]
        let place = first == .start ? [] : [("first", JSONWriter.array(["\(first.offset)", "\(first.line)"]))]
        let others = [("schema", schema?.json), ("event", event?.json), ("turn", turn.map { "\($0)" })]
        return JSONWriter.object(members + place + others.compactMap { name, json in json.map { (name, $0) } })
    }

    /// The items of the state machine's maps: `[{"plan":{…},"portion":0},…]`.
    var items: String {
        JSONWriter.array((0..<portions.count).map { JSONWriter.object([("plan", json), ("portion", "\($0)")]) })
    }

    /// Returns the portion with this number, or nil if the object has fewer portions.
    func portion(_ number: UInt64) -> Int? { number < UInt64(portions.count) ? Int(number) : nil }

    /// The folder of the notes. Its name holds the portion size, since executions with other sizes may run at the same time.
    /// The names in it, such as `summaries` for boundaries, stay as they are: executions that are running use them.
    private var folder: String { "\(id)/\(portions.size)" }
    var itemsName: String { "\(folder)/portions.json" }
    var spanStartsName: String { "\(folder)/entries.json" }
    func boundaryName(_ portion: Int) -> String { "\(folder)/summaries/\(portion).json" }
    func resultName(_ portion: Int) -> String { "\(folder)/results/\(portion).json" }
}
