import SluiceEngine
import SluiceJSON

/// A failure of a state machine, as reported to the error queue:
///
///     {"source":"s3://…","requestId":"…","code":"portionFailed","message":"…","portion":3,"range":"805306368-1073741823"}
///     {"source":"s3://…","requestId":"…","code":"executionFailed","message":"…","status":"FAILED","execution":"arn:…"}
///
/// A map that fails reports only that too many of its portions failed, so each portion reports its own reason.
struct ExecutionFailure: Sendable {
    let source: String
    let code: String
    let message: String
    /// What failed, as members of a JSON object.
    let place: [(name: String, json: String)]

    /// Creates the failure of a portion from the error that the state machine caught: `{"Error":"…","Cause":"…"}`.
    init(_ plan: PortionPlan, portion: Int, error: JSONValue?) {
        let range = plan.portions.range(portion)
        source = plan.object.source
        code = "portionFailed"
        message = Self.reason(error?["Error"], error?["Cause"])
        place = [
            ("portion", "\(portion)"), ("range", JSONWriter.string("\(range.lowerBound)-\(range.upperBound - 1)")),
        ]
    }

    /// Creates the failure of an execution from an EventBridge event. Returns nil if the event reports no failed execution.
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
