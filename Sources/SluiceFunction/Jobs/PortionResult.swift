import Sluice
import SluiceCSV
import SluiceJSON

/// What became of a portion: how far its messages reach, and what is wrong with it if something is.
///
///     {"offset":268435470,"record":3262001,"messages":1100,"rows":3261999,"rejected":0,"empty":[],"idSum":"…"}
///     {"offset":300000000,…,"error":{"code":"quoteInPlain","offset":300000017,"record":3600000,"field":2}}
struct PortionResult: Sendable, Hashable {
    let end: SegmentEntry
    let tally: MessageTally
    let error: CSVError?

    init(end: SegmentEntry, tally: MessageTally, error: CSVError? = nil) {
        self.end = end
        self.tally = tally
        self.error = error
    }

    var json: String {
        let fault = error.map { [("error", JSONText.object($0.members))] } ?? []
        return JSONText.object(end.members + tally.members + fault)
    }

    init?(_ value: JSONValue) {
        guard let end = SegmentEntry(value), let tally = MessageTally(value) else { return nil }
        let error = value["error"].flatMap(CSVError.init)
        if error == nil, value["error"] != nil { return nil }
        self.init(end: end, tally: tally, error: error)
    }
}
