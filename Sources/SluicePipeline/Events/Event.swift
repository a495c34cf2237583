import SluiceEngine
import SluiceJSON
import SluicePlatform

/// The payload of an invocation: the objects that were created, and what else it holds.
///
/// Reads events of S3, direct or through SNS, events of EventBridge, and each of these in SQS messages:
///
///     {"Records":[{"eventName":"ObjectCreated:Put","s3":{…}}]}                S3
///     {"Records":[{"Sns":{"Message":"{\"Records\":[{…\"s3\":{…}}]}"}}]}       S3 → SNS
///     {"detail-type":"Object Created","source":"aws.s3","detail":{…}}         EventBridge
///     {"Records":[{"body":"…one of those above…"}]}                           SQS
///     {"Type":"Notification","Message":"…one of those above…"}                SNS → SQS, in a body
package struct Event: Sendable, Hashable {
    /// An event, or a part of one, that requires no conversion.
    package struct Ignored: Sendable, Hashable {
        package var what: String
        package var reason: String
        /// Whether it occurs in normal operation, such as the test event that S3 sends when notifications are set up.
        package var isExpected: Bool
    }

    /// The objects in the order of the payload, without duplicates.
    package private(set) var objects: [ObjectReference] = []
    private var seen: Set<ObjectReference> = []
    package private(set) var ignored: [Ignored] = []
    /// Whether at least a part of the payload came in an SQS message.
    package private(set) var isFromQueue = false
    /// The id of the first SQS message that names an object.
    private var messageIDs: [ObjectReference: String] = [:]
    /// What the newest event states about an object.
    private var statements: [ObjectReference: ObjectEvent] = [:]

    /// The envelopes around what is being read.
    private struct Envelopes {
        var count = 0
        /// The id of the SQS message.
        var messageID: String?
        /// The trace that the innermost one with an attribute for it belongs to. Events of S3 and EventBridge have none.
        var traceparent: String?

        /// Returns these and another one, with its message attributes. `value` is the member that holds an attribute's value.
        func adding(_ attributes: JSONValue?, _ value: String) -> Envelopes {
            var envelopes = self
            envelopes.count += 1
            envelopes.traceparent = attributes?["traceparent"]?[value]?.text ?? traceparent
            return envelopes
        }
    }

    /// Creates an event of no objects.
    init() {}

    /// Reads the payload of an invocation.
    package init(_ payload: [UInt8]) { read(payload, in: Envelopes()) }

    /// Ignores the objects whose keys are not accepted.
    package mutating func ignoreObjects(unless accepts: (_ key: String) -> Bool, reason: String) {
        for object in objects where !accepts(object.key) { ignore(object.source, reason, isExpected: true) }
        objects.removeAll { !accepts($0.key) }
    }

    /// Returns the ids of the SQS messages that name these objects; nil if one of them came in no message with an id.
    package func messages(of objects: [ObjectReference]) -> [String]? {
        let ids = objects.compactMap { messageIDs[$0] }
        return ids.count == objects.count ? Set(ids).sorted() : nil
    }

    /// Returns what the payload states about an object that it names.
    package func statement(about object: ObjectReference) -> ObjectEvent? { statements[object] }

    private mutating func read(_ text: some Sequence<UInt8>, in envelopes: Envelopes) {
        guard let value = JSONValue(parsing: text) else {
            let excerpt = String(decoding: Array(text).prefix(100), as: Unicode.UTF8.self)
            return ignore(excerpt, "it is not JSON")
        }
        // Each envelope adds one level: an SQS message, an SNS notification in it, and the event.
        guard envelopes.count < 4 else { return ignore("an event", "it is wrapped too deeply") }
        read(value, in: envelopes)
    }

    private mutating func read(_ value: JSONValue, in envelopes: Envelopes) {
        if let records = value["Records"]?.elements {
            for record in records { read(record: record, in: envelopes) }
        } else if value["source"]?.text == "aws.s3", let type = value["detail-type"]?.text {
            readEventBridge(type, value, in: envelopes)
        } else if value["Type"]?.text == "Notification", let message = value["Message"]?.text {
            read(message.utf8, in: envelopes.adding(value["MessageAttributes"], "Value"))
        } else if let name = value["Event"]?.text, name == "s3:TestEvent" {
            ignore(name, "it is the test that S3 sends when notifications are set up", isExpected: true)
        } else {
            ignore(Self.name(of: value), "it is not an event of an object")
        }
    }

    private mutating func read(record: JSONValue, in envelopes: Envelopes) {
        if let notification = record["Sns"], let message = notification["Message"]?.text {
            read(message.utf8, in: envelopes.adding(notification["MessageAttributes"], "Value"))
        } else if let body = record["body"]?.text {
            isFromQueue = true
            var message = envelopes.adding(record["messageAttributes"], "stringValue")
            message.messageID = record["messageId"]?.text
            read(body.utf8, in: message)
        } else if let eventName = record["eventName"]?.text, let s3 = record["s3"] {
            readS3(eventName, record, s3, in: envelopes)
        } else {
            ignore(Self.name(of: record), "it is not a record of S3, SNS or SQS")
        }
    }

    private mutating func readS3(
        _ eventName: String,
        _ record: JSONValue,
        _ s3: JSONValue,
        in envelopes: Envelopes
    ) {
        guard eventName.hasPrefix("ObjectCreated:") || eventName.hasPrefix("s3:ObjectCreated:") else {
            return ignore(eventName, "no object was created", isExpected: true)
        }
        let object = s3["object"]
        guard let bucket = s3["bucket"]?["name"]?.text, let encodedKey = object?["key"]?.text,
            let key = PercentEncoding.decoded(encodedKey.utf8, plus: UInt8(ascii: " "))
        else { return ignore(eventName, "it names no bucket and key") }
        let (version, time) = (object?["versionId"]?.text, record["eventTime"]?.text)
        add(bucket, key, version: version, object?["sequencer"]?.text, time, in: envelopes)
    }

    /// Reads an event of EventBridge, where keys are not encoded.
    private mutating func readEventBridge(_ type: String, _ event: JSONValue, in envelopes: Envelopes) {
        let detail = event["detail"]
        guard type == "Object Created" else { return ignore(type, "no object was created", isExpected: true) }
        let object = detail?["object"]
        guard let bucket = detail?["bucket"]?["name"]?.text, let key = object?["key"]?.text else {
            return ignore(type, "it names no bucket and key")
        }
        let (version, time) = (object?["version-id"]?.text, event["time"]?.text)
        add(bucket, key, version: version, object?["sequencer"]?.text, time, in: envelopes)
    }

    private mutating func add(
        _ bucket: String,
        _ key: String,
        version: String?,
        _ sequencer: String?,
        _ time: String?,
        in envelopes: Envelopes
    ) {
        let version = version.flatMap { $0.isEmpty ? nil : $0 }
        let object = ObjectReference(bucket: bucket, key: key, versionID: version)
        let statement = ObjectEvent(sequencer: sequencer, time: time, traceparent: envelopes.traceparent)
        guard seen.insert(object).inserted else {
            // Where no version is named, it is that of the newest event.
            if statements[object]?.isOlder(than: statement) == true { statements[object] = statement }
            return ignore(object.source, "it is named twice", isExpected: true)
        }
        objects.append(object)
        messageIDs[object] = envelopes.messageID
        if !statement.isEmpty { statements[object] = statement }
    }

    private mutating func ignore(_ what: String, _ reason: String, isExpected: Bool = false) {
        ignored.append(Ignored(what: what, reason: reason, isExpected: isExpected))
    }

    /// Returns a name for an event of unknown shape.
    private static func name(of value: JSONValue) -> String {
        for name in ["eventName", "detail-type", "Type", "Event", "eventSource", "EventSource", "source"] {
            if let text = value[name]?.text { return text }
        }
        return "an event"
    }
}
