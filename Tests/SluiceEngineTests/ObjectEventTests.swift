import Sluice
import Testing

@Suite struct `What an event states about an object` {
    private static let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    private static let time = "2026-01-31T12:00:00.000Z"

    @Test func `is an attribute of at most 190 bytes, with what the event brought, in this order`() {
        let all = ObjectEvent(sequencer: "0055AED6DCD90281E5", time: Self.time, traceparent: Self.parent)
        let text =
            #"{"sequencer":"0055AED6DCD90281E5","time":"2026-01-31T12:00:00.000Z","traceparent":"\#(Self.parent)"}"#
        #expect(all.json == text && text.utf8.count <= 190)
        #expect(ObjectEvent(time: Self.time).json == #"{"time":"2026-01-31T12:00:00.000Z"}"#)
        #expect(ObjectEvent().json == "{}")
    }

    @Test(arguments: [
        (68, true, true, true), (69, true, true, false), (140, true, true, false), (141, true, false, false),
        (174, true, false, false), (175, false, false, false),
    ])
    func `leaves out the last values where all would take too much`(
        _ digits: Int,
        _ hasSequencer: Bool,
        _ hasTime: Bool,
        _ hasParent: Bool
    ) {
        let sequencer = String(repeating: "7", count: digits)
        let event = ObjectEvent(sequencer: sequencer, time: Self.time, traceparent: Self.parent)
        #expect(event.json.utf8.count <= 190)
        #expect(
            (event.sequencer != nil, event.time != nil, event.traceparent != nil) == (hasSequencer, hasTime, hasParent)
        )
    }

    @Test func `leaves out what could be no such value`() {
        for text in ["", "xyz", "12\u{0}", "\"", "ＡＢ"] {
            #expect(ObjectEvent(sequencer: text) == ObjectEvent(), "\(text)")
        }
        for text in ["", "yesterday", "\u{FFFE}"] { #expect(ObjectEvent(time: text) == ObjectEvent(), "\(text)") }
        let parents = ["", "00-1-2-3", Self.parent.uppercased(), Self.parent + "é", String(Self.parent.dropLast())]
        for text in parents { #expect(ObjectEvent(traceparent: text) == ObjectEvent(), "\(text)") }
        #expect(ObjectEvent(traceparent: Self.parent + "-00").traceparent != nil)
    }

    /// "Event message structure" of the S3 user guide: fill the shorter one with zeros on the right, compare as texts.
    @Test(arguments: [
        ("0055AED6DCD90281E5", "0055AED6DCD90281E6", true), ("0055AED6DCD90281E6", "0055AED6DCD90281E5", false),
        ("1", "1000", false), ("1000", "1", false), ("1", "1001", true), ("2", "1001", false), ("0f", "10", true),
        ("0055aed6dcd90281e5", "0055AED6DCD90281E5", false), ("9", "a", true), ("A", "9FFF", false),
    ])
    func `is older if its sequencer is less, filled up with zeros`(_ one: String, _ other: String, _ isOlder: Bool) {
        let (one, other) = (ObjectEvent(sequencer: one), ObjectEvent(sequencer: other))
        #expect(one.isOlder(than: other) == isOlder)
        #expect(!ObjectEvent().isOlder(than: one) && !one.isOlder(than: ObjectEvent()))
    }

    @Test func `comes with a received message, and changes no verdict about it`() throws {
        let event = ObjectEvent(sequencer: "01", time: Self.time)
        let file = try TemporaryFile(Array("a\n1\n".utf8))
        var (made, received) = ([Message](), [ReceivedMessage]())
        try CSVConverter().messages(file: file.path, source: "x") { message in
            var sent = message
            sent.event = event
            made.append(sent)
            received.append(ReceivedMessage(sent))
        }
        #expect(received.map(\.event) == [event, event])
        #expect(made.allSatisfy { $0.size <= $0.body.count + 1024 })
        var verifier = MessageVerifier()
        let areSound = received.map { verifier.add($0) }
        #expect(!areSound.contains(false))
        #expect(verifier.check().first?.isComplete == true)
        #expect(try CSVConverter().difference(of: received, fromFile: file.path) == nil)
        #expect(ReceivedMessage(body: [], attributes: ["sluice.event": "[]"]).event == nil)
        #expect(ReceivedMessage(body: [], attributes: [:]).event == nil)
    }
}
