import SluiceEngine
import SluiceJSON
import SluicePipeline
import SluiceTesting

/// The plot of a story, drawn from its seed: the function's configuration, the objects and when they are put, the events
/// for them, and what goes wrong.
struct Script {
    /// A change of an object at a moment: an upload or, without content, a deletion.
    struct Change {
        let moment: Int64
        let key: String
        var content: Content?
        var events: [Event] = []
    }

    /// An event for a change, and the way it reaches the function.
    struct Event {
        enum Way: CaseIterable {
            case direct
            case topic
            case bridge
            case queue
        }

        let delay: Int64
        let way: Way
        let namesVersion: Bool
        /// Whether the event also names the objects that were put before.
        let namesOthers: Bool
    }

    static let errorQueue = "https://e"

    private(set) var environment: [String: String]
    private(set) var segmentSize = 64
    /// The number of segments of a portion, at first and after a new deployment.
    private(set) var portionSegments: [Int] = [2]
    /// The version of the schema, at first and after a new deployment; 0 for none. See ``schema(_:)``.
    private(set) var schemas = [0, 0]
    private(set) var bucket = Bucket.Kind.versioned
    private(set) var weather = Weather()
    /// When the weather becomes calm.
    private(set) var calm: Int64 = 0
    /// When the notes on the progress of objects are removed, or nil.
    private(set) var removal: Int64?
    private(set) var changes: [Change] = []
    private var random: SplitMix64

    init(seed: UInt64) {
        random = SplitMix64(seed: seed)
        environment = [
            "SLUICE_QUEUE_URL": "https://q", "SLUICE_ERROR_QUEUE_URL": Self.errorQueue, "SLUICE_MAX_BYTES": "4096",
        ]
        drawConfiguration()
        drawWeather()
        drawChanges()
        drawSchemas(seed)
        drawRejects(seed)
        drawOrder(seed)
    }

    /// Returns true with a probability of one in `count`.
    private mutating func oneIn(_ count: Int) -> Bool { Int(random.next() % UInt64(count)) == 0 }

    private mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

    private mutating func drawConfiguration() {
        if oneIn(4) { environment["SLUICE_QUEUE_URL"] = "https://q/messages.fifo" }
        if !oneIn(8) { environment["SLUICE_WORK_BUCKET"] = "work" }
        if environment["SLUICE_WORK_BUCKET"] != nil, !oneIn(3) {
            environment["SLUICE_STATE_MACHINE_ARN"] = "arn:machine"
        }
        environment["SLUICE_ROUTE_BYTES"] = "\(oneIn(3) ? 0 : number(0...600))"
        if oneIn(4) { environment["SLUICE_MESSAGE_FORMAT"] = "ndjson" }
        if oneIn(32) { environment["SLUICE_ZSTD"] = "1" }
        if oneIn(8) { environment["SLUICE_QUOTE_IN_PLAIN"] = "data" }
        segmentSize = oneIn(2) ? 64 : 128
        portionSegments = oneIn(4) ? [number(1...3), number(1...3)] : [number(1...3)]
        bucket = oneIn(3) ? (oneIn(3) ? .suspended : .unversioned) : .versioned
    }

    /// Each kind of trouble occurs in only some of the stories, so that there are stories with a single kind.
    private mutating func drawWeather() {
        weather.limit = oneIn(2) ? 900_000 : Int64(number(3...30)) * 1000
        weather.latency = oneIn(2) ? 20 : number(20...1500)
        if oneIn(8) { return }
        calm = Int64(number(0...(oneIn(2) ? 60_000 : 3_600_000)))
        for kind in [\Weather.failures, \.lostAnswers, \.repetitions, \.deaths, \.delays, \.duplicates, \.throttles] {
            if oneIn(2) { weather[keyPath: kind] = oneIn(3) ? number(1...300) : number(1...40) }
        }
        if oneIn(3) { weather.skew = Int64(number(1...300_000)) }
        if oneIn(16) { removal = Int64(number(0...300_000)) }
    }

    private mutating func drawChanges() {
        var moment: Int64 = 0
        var writer = ContentWriter(seed: random.next(), isLenient: environment["SLUICE_QUOTE_IN_PLAIN"] != nil)
        for _ in 0..<(oneIn(2) ? 1 : number(1...4)) {
            let key = oneIn(3) ? "b.csv" : "a.csv"
            let isDeletion = oneIn(12)
            let previous = changes.last { $0.key == key }?.content
            let content = isDeletion ? nil : oneIn(8) ? previous ?? writer.content(key) : writer.content(key)
            var change = Change(moment: moment, key: key, content: content)
            if !isDeletion { change.events = (0..<(oneIn(2) ? 1 : number(1...3))).map { _ in drawEvent() } }
            changes.append(change)
            moment += Int64(number(0...(oneIn(2) ? 2000 : 600_000)))
        }
    }

    /// Draws from numbers of its own, so that stories without a schema are those that they were before there were any.
    private mutating func drawSchemas(_ seed: UInt64) {
        random = SplitMix64(seed: ~seed)
        guard oneIn(3) else { return }
        schemas = [number(0...2), number(0...2)]
    }

    /// The same for stories in which bad records are put aside: objects then have more of them.
    private mutating func drawRejects(_ seed: UInt64) {
        random = SplitMix64(seed: seed &* 0x9E37_79B9_7F4A_7C15)
        guard oneIn(3) else { return }
        environment["SLUICE_REJECTS"] = "report"
        environment["SLUICE_MAX_REJECTS"] = oneIn(2) ? nil : oneIn(2) ? "\(number(0...12))" : "\(number(0...40))%"
        if oneIn(8) { environment["SLUICE_UNTERMINATED"] = "next-line" }
        var writer = ContentWriter(seed: random.next(), isLenient: false)
        var worse: [Content: Content] = [:]
        for index in changes.indices {
            guard let content = changes[index].content else { continue }
            let other = worse[content] ?? (oneIn(3) ? content : writer.addingFaults(to: content))
            worse[content] = other
            changes[index].content = other
        }
    }

    /// The same for stories in which versions of a key wait for one another, or stale ones are skipped: objects then share a key,
    /// and clocks differ by less than a minute.
    private mutating func drawOrder(_ seed: UInt64) {
        random = SplitMix64(seed: seed &* 0xD1B5_4A32_D192_ED03)
        guard environment["SLUICE_WORK_BUCKET"] != nil, oneIn(3) else { return }
        if !oneIn(4) { environment["SLUICE_ORDERED"] = "true" }
        if oneIn(2) { environment["SLUICE_SKIP_STALE"] = "true" }
        weather.skew = min(weather.skew, 30_000)
        var (writer, moment) = (ContentWriter(seed: random.next(), isLenient: false), changes.last?.moment ?? 0)
        let key = changes.first?.key ?? "a.csv"
        for _ in 0..<number(0...3) {
            moment += Int64(number(0...(oneIn(2) ? 2000 : 600_000)))
            var change = Change(moment: moment, key: key, content: writer.content(key))
            change.events = (0..<number(1...2)).map { _ in drawEvent() }
            changes.append(change)
        }
    }

    private mutating func drawEvent() -> Event {
        let delay = oneIn(2) ? number(0...50) : oneIn(2) ? number(0...5000) : number(0...7_200_000)
        return Event(
            delay: Int64(delay),
            way: Event.Way.allCases[number(0...3)],
            namesVersion: !oneIn(4),
            namesOthers: oneIn(8)
        )
    }
}

extension Script {
    /// Returns the function's configuration after the given number of deployments.
    func configuration(_ deployment: Int = 0, alone: Bool = false) throws -> Configuration {
        var environment = environment
        let schema = schemas[min(deployment, 1)]
        if schema != 0 { environment["SLUICE_SCHEMA"] = Self.schema(schema).source }
        let shared = ["SLUICE_WORK_BUCKET", "SLUICE_STATE_MACHINE_ARN", "SLUICE_ORDERED", "SLUICE_SKIP_STALE"]
        if alone { for name in shared { environment[name] = nil } }
        var configuration = try Configuration { [environment] in environment[$0] }
        configuration.format = configuration.format.cutting(segmentSize: segmentSize)
        let segments = portionSegments[min(deployment, portionSegments.count - 1)]
        configuration.sharing.portionSize = UInt64(segments * segmentSize)
        return configuration
    }

    /// Returns the place of a version of the schema.
    static func schema(_ version: Int) -> ObjectReference {
        ObjectReference(bucket: "schemas", key: "s.json", versionID: "\(version)")
    }

    /// The versions of the schema. Each has its own name for the column `a` in rows.
    static let schemas = Dictionary(
        uniqueKeysWithValues: (1...2).map { version in
            let fields = #"{"name":"a","sluice:name":"\#(rowName(version))"},{"name":"b"},{"name":"c"}"#
            let text = #"{"fieldsMatch":"partial","missingValues":[],"fields":[\#(fields)]}"#
            return (schema(version), Array(text.utf8))
        }
    )

    /// Returns the name of the column `a` in rows.
    static func rowName(_ schema: Int) -> String { schema == 0 ? "a" : "a\(schema)" }

    /// Returns the payload of an S3 event, or the body of a queue's message.
    static func payload(_ objects: [(key: String, version: String?, sequencer: String?)], _ way: Event.Way) -> String {
        if way == .bridge, let object = objects.last {
            let version = object.version.map { ",\"version-id\":\"\($0)\"" } ?? ""
            let named = "{\(sequencer(object.sequencer))\"key\":\(JSONWriter.string(object.key))\(version)}"
            let detail = "{\"bucket\":{\"name\":\"inbox\"},\"object\":\(named)}"
            return "{\"detail-type\":\"Object Created\",\"source\":\"aws.s3\",\"detail\":\(detail)}"
        }
        let records = objects.map { object in
            let version = object.version.map { ",\"versionId\":\"\($0)\"" } ?? ""
            let named = "{\(sequencer(object.sequencer))\"key\":\(JSONWriter.string(object.key))\(version)}"
            let s3 = "{\"bucket\":{\"name\":\"inbox\"},\"object\":\(named)}"
            return "{\"eventName\":\"ObjectCreated:Put\",\"s3\":\(s3)}"
        }
        let event = "{\"Records\":[\(records.joined(separator: ","))]}"
        return way == .topic ? "{\"Records\":[{\"Sns\":{\"Message\":\(JSONWriter.string(event))}}]}" : event
    }

    private static func sequencer(_ digits: String?) -> String { digits.map { "\"sequencer\":\"\($0)\"," } ?? "" }
}
