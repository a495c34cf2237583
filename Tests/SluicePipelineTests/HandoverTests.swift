import SluicePipeline
import Testing

@Suite struct `Events that are handed over by hand` {
    private static let event = Payloads.s3("a+b.csv", version: "V")

    @Test(arguments: [
        event, Payloads.sns(event), Payloads.notification(event), Payloads.sqs(event),
        Payloads.sqs(Payloads.notification(event)),
        "{\"version\":\"1.0\",\"requestContext\":{},\"requestPayload\":\(Payloads.sns(event))}",
        Event.handover(of: [event]), Event.handover(of: [Payloads.sns(event)]),
    ])
    func `are read from the messages of every queue for failed events`(_ body: String) {
        let events = Event.failed(in: body)
        #expect(events.count == 1)
        let handed = Event(Array(Event.handover(of: events).utf8))
        #expect(handed.objects == [ObjectReference(bucket: "inbox", key: "a b.csv", versionID: "V")])
        #expect(handed.ignored.isEmpty)
    }

    @Test func `come from a queue that does not know their messages`() {
        let events = [Payloads.s3("a.csv"), Payloads.eventBridge("b.csv")]
        let handed = Event(Array(Event.handover(of: events).utf8))
        #expect(handed.objects.map(\.key) == ["a.csv", "b.csv"])
        // So an object that another invocation holds is an error, and one that fails makes the invocation fail.
        #expect(handed.isFromQueue)
        #expect(handed.messages(of: handed.objects) == nil)
    }

    @Test func `stay the same when they fail again`() {
        let events = [Payloads.s3("a.csv"), Payloads.notification(Payloads.s3("b.csv"))]
        #expect(Event.failed(in: Event.handover(of: events)) == events)
        #expect(Event.failed(in: "no event") == ["no event"])
    }
}
