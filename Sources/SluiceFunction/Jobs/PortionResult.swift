import Sluice
import SluiceCSV
import SluiceJSON

/// What became of a portion: how far its messages reach, and what is wrong with it if something is.
///
///     {"offset":268435470,"record":3262001,"messages":1100,"rows":3261999,"rejected":0,"empty":[]}
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
        var members = [("offset", "\(end.offset)"), ("record", "\(end.record)")] + tally.members
        if let error {
            let place = [("offset", "\(error.offset)"), ("record", "\(error.record)"), ("field", "\(error.field)")]
            members.append(("error", JSONText.object([("code", JSONText.string(error.code.rawValue))] + place)))
        }
        return JSONText.object(members)
    }

    init?(_ value: JSONValue) {
        guard let offset = value["offset"]?.integer, let record = value["record"]?.integer,
            let tally = MessageTally(value)
        else { return nil }
        end = SegmentEntry(offset: offset, record: record)
        self.tally = tally
        guard let fault = value["error"] else {
            error = nil
            return
        }
        guard let code = fault["code"]?.text.flatMap(CSVError.Code.init(rawValue:)),
            let offset = fault["offset"]?.integer, let record = fault["record"]?.integer,
            let field = fault["field"]?.integer
        else { return nil }
        error = CSVError(code, offset: offset, record: record, field: Int(field))
    }
}
