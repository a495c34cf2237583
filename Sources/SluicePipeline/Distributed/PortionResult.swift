import SluiceCSV
import SluiceEngine
import SluiceJSON

/// The result of a portion: where its messages went, how far they reach, and its error if it is invalid.
///
///     {"queue":"https://…","offset":268435470,"record":3262001,"messages":1100,"rows":3261999,"rejected":0,"empty":[],"idSum":"…"}
///     {"queue":"https://…","offset":300000000,…,"error":{"code":"quoteInPlain","offset":300000017,"record":3600000,"field":2}}
///     {"queue":"https://…","offset":268435470,…,"segments":[{"offset":16777300,…}],"firstRejects":[{"code":"raggedRecord",…}]}
struct PortionResult: Sendable, Hashable {
    /// How far messages reach, and what they are.
    struct Extent: Sendable, Hashable {
        var end: RecordPosition
        var tally: MessageTally

        fileprivate var members: [(name: String, json: String)] { end.members + tally.members }

        init(end: RecordPosition, tally: MessageTally) {
            self.end = end
            self.tally = tally
        }

        fileprivate init?(_ value: JSONValue) {
            guard let end = RecordPosition(value), let tally = MessageTally(value) else { return nil }
            self.init(end: end, tally: tally)
        }
    }

    let queueURL: String
    var extent: Extent
    var error: CSVError?
    /// The same as it was at the end of each segment of which records were put aside, if the number of their lines is limited.
    var segments: [Extent] = []
    var firstRejects: [RejectPlace] = []
    /// Whether what was reached last is one of these ends.
    var hasNewSegment = false

    init(queueURL: String, end: RecordPosition, tally: MessageTally) {
        self.queueURL = queueURL
        extent = Extent(end: end, tally: tally)
    }

    var json: String {
        let fault = error.map { [("error", JSONWriter.object($0.members))] } ?? []
        let ends =
            segments.isEmpty
            ? [] : [("segments", JSONWriter.array(segments.map { JSONWriter.object($0.members) }))]
        let rejects = firstRejects.isEmpty ? [] : [("firstRejects", JSONWriter.array(firstRejects.map(\.json)))]
        return JSONWriter.object([("queue", JSONWriter.string(queueURL))] + extent.members + fault + ends + rejects)
    }

    init?(_ value: JSONValue) {
        guard let queueURL = value["queue"]?.text, let extent = Extent(value) else { return nil }
        self.queueURL = queueURL
        self.extent = extent
        error = value["error"].flatMap(CSVError.init)
        let (ends, rejects) = (value["segments"]?.elements ?? [], value["firstRejects"]?.elements ?? [])
        segments = ends.compactMap(Extent.init)
        firstRejects = rejects.compactMap(RejectPlace.init)
        if error == nil, value["error"] != nil { return nil }
        if segments.count != ends.count || firstRejects.count != rejects.count { return nil }
    }
}
