import Sluice
import SluiceJSON

/// What became of an object in one invocation.
struct ObjectResult: Sendable {
    enum Outcome: String, Sendable {
        /// All its messages have been sent.
        case converted
        /// It is no CSV; what there was to say has been said.
        case faulty
        /// Others go on with it: the time was over, or it is too large for one.
        case handedOn
        /// Others have converted it, or are doing so.
        case skipped
    }

    let source: String
    let outcome: Outcome
    /// Of this invocation, with those of a compressed object that it had to read again.
    var rows: UInt64 = 0
    var rejectedRows: UInt64 = 0
    /// Why it is no CSV, if it is not.
    var fault: CSVError?

    /// `{"source":"s3://…","outcome":"converted","rows":3,"rejectedRows":0}`, and an `error` if it is invalid.
    var json: String {
        JSONWriter.object(
            [
                ("source", JSONWriter.string(source)), ("outcome", JSONWriter.string(outcome.rawValue)),
                ("rows", "\(rows)"), ("rejectedRows", "\(rejectedRows)"),
            ] + (fault.map { [("error", JSONWriter.string($0.code.rawValue))] } ?? [])
        )
    }
}
