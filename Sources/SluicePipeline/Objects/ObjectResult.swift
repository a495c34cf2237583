import Logging
import SluiceEngine
import SluiceJSON

/// The result of one invocation's work on an object.
struct ObjectResult: Sendable {
    enum Outcome: String, Sendable {
        /// All its messages have been sent.
        case converted
        /// It is invalid, and was reported.
        case faulty
        /// Other invocations continue: the time ran out, or it is too large for one invocation.
        case handedOn
        /// Another invocation has converted it, or is converting it.
        case skipped
        /// It was deleted before its conversion began.
        case deleted
        /// A newer version of its key was uploaded before.
        case stale

        /// The outcome in the log.
        var title: Logger.Message {
            switch self {
            case .converted: "converted"
            case .faulty: "converted up to the error"
            case .handedOn: "converted in part; another invocation continues"
            case .skipped, .stale: "skipped"
            case .deleted: "deleted"
            }
        }
    }

    let source: String
    let outcome: Outcome
    /// Rows of this invocation, including those before the checkpoint if it had to read the object from its start.
    var rows: UInt64 = 0
    var rejectedRows: UInt64 = 0
    /// The first records that were put aside.
    var firstRejects: [RejectPlace] = []
    /// Why the object is invalid, if it is.
    var fault: CSVError?

    /// The result for the log.
    var metadata: Logger.Metadata {
        var metadata: Logger.Metadata = ["source": "\(source)", "rows": "\(rows)", "rejectedRows": "\(rejectedRows)"]
        if !firstRejects.isEmpty { metadata["firstRejects"] = .array(firstRejects.map { "\($0)" }) }
        return metadata
    }

    /// `"firstRejects":[{"code":"quoteInPlain","line":5,"column":"note"}]`, if there are any.
    var rejectMembers: [(name: String, json: String)] {
        firstRejects.isEmpty ? [] : [("firstRejects", JSONWriter.array(firstRejects.map(\.json)))]
    }

    /// `{"source":"s3://…","outcome":"converted","rows":3,"rejectedRows":0}`; also `firstRejects` if records were put aside, and
    /// an `error` if it is invalid.
    var json: String {
        JSONWriter.object(
            [
                ("source", JSONWriter.string(source)), ("outcome", JSONWriter.string(outcome.rawValue)),
                ("rows", "\(rows)"), ("rejectedRows", "\(rejectedRows)"),
            ] + rejectMembers + (fault.map { [("error", JSONWriter.string($0.code.rawValue))] } ?? [])
        )
    }
}
