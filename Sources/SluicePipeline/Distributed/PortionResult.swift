import SluiceCSV
import SluiceEngine
import SluiceJSON

/// The result of a portion: where its messages went, how far they reach, and its error if it is invalid.
///
///     {"queue":"https://…","offset":268435470,"record":3262001,"messages":1100,"rows":3261999,"rejected":0,"empty":[],"idSum":"…"}
///     {"queue":"https://…","offset":300000000,…,"error":{"code":"quoteInPlain","offset":300000017,"record":3600000,"field":2}}
struct PortionResult: Sendable, Hashable {
    let queueURL: String
    let end: RecordPosition
    let tally: MessageTally
    let error: CSVError?

    init(queueURL: String, end: RecordPosition, tally: MessageTally, error: CSVError? = nil) {
        self.queueURL = queueURL
        self.end = end
        self.tally = tally
        self.error = error
    }

    var json: String {
        let fault = error.map { [("error", JSONWriter.object($0.members))] } ?? []
        return JSONWriter.object([("queue", JSONWriter.string(queueURL))] + end.members + tally.members + fault)
    }

    init?(_ value: JSONValue) {
        guard let queueURL = value["queue"]?.text, let end = RecordPosition(value), let tally = MessageTally(value)
        else { return nil }
        let error = value["error"].flatMap(CSVError.init)
        if error == nil, value["error"] != nil { return nil }
        self.init(queueURL: queueURL, end: end, tally: tally, error: error)
    }
}
