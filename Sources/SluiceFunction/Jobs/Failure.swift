import Sluice
import SluiceJSON

/// InvocationContext that a state machine could not do, as the error queue is told of it:
///
///     {"source":"s3://…","requestId":"…","code":"portionFailed","message":"…","portion":3,"range":"805306368-1073741823"}
///     {"source":"s3://…","requestId":"…","code":"executionFailed","message":"…","status":"FAILED","execution":"arn:…"}
///
/// A map that fails says only that too many of its portions did, so each portion gives its reason itself.
struct Failure: Sendable {
    let source: String
    let code: String
    let message: String
    /// What was not done, as members of a JSON object.
    let place: [(name: String, json: String)]

    /// A portion, with what the state machine caught: `{"Error":"…","Cause":"…"}`.
    init(_ plan: Plan, portion: Int, error: JSONValue?) {
        let range = plan.portions.range(portion)
        source = plan.object.source
        code = "portionFailed"
        message = Self.reason(error?["Error"], error?["Cause"])
        place = [
            ("portion", "\(portion)"), ("range", JSONWriter.string("\(range.lowerBound)-\(range.upperBound - 1)")),
        ]
    }

    /// An execution that ended without success, as EventBridge tells of it; nil: the event is of something else.
    init?(_ event: JSONValue) {
        guard event["source"]?.text == "aws.states", let detail = event["detail"], let status = detail["status"]?.text,
            ["FAILED", "TIMED_OUT", "ABORTED"].contains(status), let execution = detail["executionArn"]?.text
        else { return nil }
        let input = detail["input"]?.text.flatMap { JSONValue(parsing: $0.utf8) }
        let object = input?["object"]
        source = object.flatMap(PinnedObject.init)?.source ?? object.flatMap(ObjectReference.init)?.source ?? ""
        code = "executionFailed"
        message = Self.reason(detail["error"], detail["cause"])
        place = [("status", JSONWriter.string(status)), ("execution", JSONWriter.string(execution))]
    }

    private static func reason(_ error: JSONValue?, _ cause: JSONValue?) -> String {
        [error?.text, cause?.text].compactMap(\.self).joined(separator: ": ")
    }

    func json(requestID: String) -> String {
        JSONWriter.object(
            [
                ("source", JSONWriter.string(source)), ("requestId", JSONWriter.string(requestID)),
                ("code", JSONWriter.string(code)), ("message", JSONWriter.string(message)),
            ] + place
        )
    }
}
