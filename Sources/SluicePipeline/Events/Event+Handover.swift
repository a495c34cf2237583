import SluiceEngine
import SluiceJSON

/// Events that are handed to the function by hand: those that failed, and those of objects from before the pipeline.
///
/// They are handed over in the form of SQS messages without ids:
///
///     {"Records":[{"body":"…an event…"},{"body":"…an event…"}]}
///
/// An object that another invocation holds then fails the invocation, and Lambda retries it. In any other form the object would be
/// skipped, since events of S3 come twice now and then. But by hand it is the only one, and the other invocation may have died.
/// Without ids, SQS could not be told which messages failed, so one that fails makes the invocation fail too.
extension Event {
    /// Returns the payload that hands over these events.
    package static func handover(of events: [String]) -> String {
        let records = events.map { JSONWriter.object([("body", JSONWriter.string($0))]) }
        return JSONWriter.object([("Records", JSONWriter.array(records))])
    }

    /// Returns why an event failed, if its message is Lambda's record for a destination on failure.
    package static func reason(in body: String) -> String? {
        guard let value = JSONValue(parsing: body.utf8), value["requestPayload"] != nil else { return nil }
        let facts = ["errorType", "errorMessage"].compactMap { value["responsePayload"]?[$0]?.text }
        return facts.isEmpty ? value["requestContext"]?["condition"]?.text : facts.joined(separator: ": ")
    }

    /// Returns the events in a message of a queue for failed events. Its body is one of
    ///
    ///     {"Records":[…]}, {"Type":"Notification",…}…                the event, as the function or SNS got it
    ///     {"Records":[{"body":"…an event…"}]}                        events that were handed over before
    ///     {"requestContext":{…},"requestPayload":{…the event…},…}    Lambda's record for a destination on failure
    package static func failed(in body: String) -> [String] {
        guard let value = JSONValue(parsing: body.utf8) else { return [body] }
        if let payload = value["requestPayload"] { return failed(in: payload.minified) }
        let records = value["Records"]?.elements ?? []
        let bodies = records.compactMap { $0["body"]?.text }
        return bodies.isEmpty || bodies.count < records.count ? [body] : bodies
    }
}
