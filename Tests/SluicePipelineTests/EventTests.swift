import Sluice
import SluicePipeline
import Testing

@Suite struct `Events` {
    private func event(_ payload: String) -> Event { Event(Array(payload.utf8)) }

    private let object = ObjectReference(bucket: "inbox", key: "a.csv")

    @Test(arguments: [
        Payloads.s3("a.csv"), Payloads.sns(Payloads.s3("a.csv")), Payloads.sqs(Payloads.s3("a.csv")),
        Payloads.sqs(Payloads.notification(Payloads.s3("a.csv"))),
        Payloads.s3("a.csv", event: "ObjectCreated:CompleteMultipartUpload"),
        Payloads.s3("a.csv", event: "ObjectCreated:Copy"), Payloads.s3("a.csv", event: "s3:ObjectCreated:Post"),
    ])
    func `from S3 are found in every envelope`(_ payload: String) {
        let event = event(payload)
        #expect(event.objects == [object])
        #expect(event.ignored.isEmpty)
    }

    @Test func `from EventBridge are found, also through SNS and SQS`() {
        let object = ObjectReference(bucket: "inbox", key: "a.csv", versionID: "IYV3p45BT0ac8hjHg1houSdS1a.Mro8e")
        let payload = Payloads.eventBridge("a.csv")
        for wrapped in [payload, Payloads.sqs(payload), Payloads.sns(payload)] {
            #expect(event(wrapped).objects == [object])
        }
    }

    @Test func `from S3 have form-encoded keys`() {
        #expect(event(Payloads.s3("a+b%2Bc/%C3%A5+100%25.csv")).objects.first?.key == "a b+c/å 100%.csv")
    }

    @Test func `from EventBridge have unencoded keys`() {
        #expect(event(Payloads.eventBridge("a b+c%2B\"å.csv")).objects.first?.key == "a b+c%2B\"å.csv")
    }

    @Test(arguments: ["a%2", "a%", "a%zz", "%FF"])
    func `with an invalid form-encoded key are ignored`(_ key: String) {
        let event = event(Payloads.s3(key))
        #expect(event.objects.isEmpty)
        #expect(event.ignored.map(\.isExpected) == [false])
    }

    @Test func `may state a version`() {
        #expect(event(Payloads.s3("a.csv", version: "v1")).objects.first?.versionID == "v1")
        #expect(event(Payloads.s3("a.csv", version: "")).objects.first?.versionID == nil)
    }

    @Test func `in one batch are taken in order and without duplicates`() {
        let event = event(
            Payloads.sqs(
                Payloads.notification(Payloads.s3("1")),
                Payloads.s3("2"),
                Payloads.s3("1"),
                Payloads.test,
                "nonsense",
                Payloads.eventBridge("3")
            )
        )
        #expect(event.objects.map(\.key) == ["1", "2", "3"])
        #expect(event.ignored.map(\.isExpected) == [true, true, false])
    }

    @Test(arguments: [Payloads.test, Payloads.sns(Payloads.test), Payloads.sqs(Payloads.notification(Payloads.test))])
    func `that only test a notification are ignored`(_ payload: String) {
        let event = event(payload)
        #expect(event.objects.isEmpty)
        #expect(event.ignored.map(\.what) == ["s3:TestEvent"])
        #expect(event.ignored.map(\.isExpected) == [true])
    }

    @Test(arguments: [
        Payloads.s3("a.csv", event: "ObjectRemoved:Delete"), Payloads.eventBridge("a.csv", type: "Object Deleted"),
    ])
    func `other than object creation are ignored`(_ payload: String) {
        let event = event(payload)
        #expect(event.objects.isEmpty && event.ignored.map(\.isExpected) == [true])
    }

    @Test(arguments: [
        "", "{}", "[]", "1", "null", "{\"Records\":[{}]}", "{\"Records\":[7,null]}", "{\"Records\":{}}",
        "{\"Records\":", "{\"Records\":[{\"s3\":{}}]}", "{\"source\":\"aws.s3\",\"detail\":{}}",
        "{\"Records\":[{\"eventName\":\"ObjectCreated:Put\",\"s3\":{\"bucket\":{},\"object\":{}}}]}",
        "{\"Type\":\"SubscriptionConfirmation\",\"Message\":\"x\"}", "{\"Records\":[{\"Sns\":{\"Message\":\"x\"}}]}",
    ])
    func `of unknown shape are ignored`(_ payload: String) {
        let event = event(payload)
        #expect(event.objects.isEmpty)
        #expect(!event.ignored.isEmpty && event.ignored.allSatisfy { !$0.isExpected })
    }

    @Test func `in too many envelopes are ignored`() {
        var payload = Payloads.s3("a.csv")
        for _ in 0..<3 { payload = Payloads.notification(payload) }
        #expect(event(payload).objects == [object])
        payload = Payloads.notification(payload)
        #expect(event(payload).objects.isEmpty && event(payload).ignored.count == 1)
    }

    @Test func `ignore objects that the filter rejects`() {
        var event = event(Payloads.sqs(Payloads.s3("a.csv"), Payloads.s3("b.txt"), Payloads.s3("c.csv")))
        event.ignoreObjects(unless: { $0.hasSuffix(".csv") }, reason: "it is no CSV")
        #expect(event.objects.map(\.key) == ["a.csv", "c.csv"])
        #expect(event.ignored.map(\.what) == ["s3://inbox/b.txt"])
        #expect(event.ignored.map(\.reason) == ["it is no CSV"])
        #expect(event.ignored.map(\.isExpected) == [true])
    }

    private static let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    private static let inner = "00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01"

    /// S3 and EventBridge document no member for a trace; publishers put it into attributes of the messages of SNS and SQS.
    @Test(arguments: [
        (Payloads.s3("a.csv", sequencer: "01"), nil), (Payloads.sns(Payloads.s3("a.csv", sequencer: "01")), nil),
        (Payloads.sns(Payloads.s3("a.csv", sequencer: "01"), traceparent: parent), parent),
        (Payloads.sqs(Payloads.s3("a.csv", sequencer: "01"), traceparent: parent), parent),
        (Payloads.sqs(Payloads.notification(Payloads.s3("a.csv", sequencer: "01"), traceparent: parent)), parent),
        (Payloads.sqs(Payloads.notification(Payloads.s3("a.csv", sequencer: "01")), traceparent: parent), parent),
        (
            Payloads.sqs(
                Payloads.notification(Payloads.s3("a.csv", sequencer: "01"), traceparent: inner),
                traceparent: parent
            ), inner
        ),
    ])
    func `state the sequencer, the time and the trace of an object`(_ payload: String, _ parent: String?) {
        let stated = ObjectEvent(sequencer: "01", time: "2026-01-31T12:00:00.000Z", traceparent: parent)
        #expect(event(payload).statement(about: object) == stated)
    }

    @Test func `from EventBridge state the sequencer and the time`() {
        let event = event(Payloads.eventBridge("a.csv"))
        let stated = ObjectEvent(sequencer: "00617F08299329D189", time: "2026-01-31T12:00:00Z")
        #expect(event.objects.map(event.statement) == [stated])
    }

    @Test func `of one batch state what the newest one of each object does`() {
        let event = event(
            Payloads.sqs(
                Payloads.s3("1", sequencer: "01"),
                Payloads.notification(Payloads.s3("2"), traceparent: Self.parent)
            )
        )
        #expect(event.objects.map { event.statement(about: $0)?.sequencer } == ["01", nil])
        #expect(event.objects.map { event.statement(about: $0)?.traceparent } == [nil, Self.parent])
        let twice = self.event(Payloads.sqs(["9", "9001", "9000"].map { Payloads.s3("1", sequencer: $0) }))
        #expect(twice.objects.map { twice.statement(about: $0)?.sequencer } == ["9001"])
        let bare = #"{"Records":[{"eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"b"},"object":{"key":"k"}}}]}"#
        #expect(self.event(bare).objects.map(self.event(bare).statement) == [nil])
    }

    @Test func `without records name no objects`() {
        #expect(event("{\"Records\":[]}").objects.isEmpty && event("{\"Records\":[]}").ignored.isEmpty)
    }

    @Test(arguments: [
        ("a.csv", nil, "s3://inbox/a.csv"), ("a/b c+%å.csv", nil, "s3://inbox/a/b c+%å.csv"),
        ("å?versionId=x", "v/1=", "s3://inbox/å?versionId=x?versionId=v/1="),
    ])
    func `name objects as the command does`(_ key: String, _ version: String?, _ source: String) {
        #expect(ObjectReference(bucket: "inbox", key: key, versionID: version).source == source)
    }

    /// Comparing every pair of references would take hours.
    @Test func `with a hundred thousand objects are read`() {
        let record = #"{"eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"b"},"object":{"key":"KEY"}}}"#
        let records = (0..<100_000).map { record.replacing("KEY", with: "\($0 / 2).csv") }
        let event = event("{\"Records\":[\(records.joined(separator: ","))]}")
        #expect(event.objects.count == 50_000 && event.ignored.count == 50_000)
    }
}
