import SluiceJSON

/// What an event stated about the upload of an object: the attribute `sluice.event` of its messages, a JSON object of at most
/// 190 bytes with those members that the event brought.
///
///     {"sequencer":"0055AED6DCD90281E5","time":"2026-01-31T12:00:00.000Z","traceparent":"00-…-…-01"}
///
/// It is no part of a message's identity: the same object may be announced by several events.
public struct ObjectEvent: Sendable, Hashable {
    /// A number of S3, in hexadecimal digits, that is greater for later events of the same key. Sequencers have different
    /// lengths; ``isOlder(than:)`` compares them.
    public private(set) var sequencer: String?
    /// When the object was written, as the event writes it: in UTC, as in `2026-01-31T12:00:00.000Z`.
    public private(set) var time: String?
    /// The trace that the event belongs to, as W3C Trace Context writes it.
    public private(set) var traceparent: String?

    /// The most bytes of the JSON object: its place among the bytes that are reserved for attributes.
    static let limit = 190

    /// Creates an event of what was received. Values of another form are left out, and the last ones if all would take too many
    /// bytes.
    public init(sequencer: String? = nil, time: String? = nil, traceparent: String? = nil) {
        self.sequencer = sequencer.flatMap { Self.isSequencer($0) ? $0 : nil }
        self.time = time.flatMap { Self.isTime($0) ? $0 : nil }
        self.traceparent = traceparent.flatMap { Self.isTraceparent($0) ? $0 : nil }
        if json.utf8.count > Self.limit { self.traceparent = nil }
        if json.utf8.count > Self.limit { self.time = nil }
        if json.utf8.count > Self.limit { self.sequencer = nil }
    }

    /// Reads the attribute. Returns nil if it is not a JSON object.
    public init?(json: String) {
        guard let value = JSONValue(parsing: json.utf8), value.members != nil else { return nil }
        self.init(value)
    }

    package init(_ value: JSONValue) {
        self.init(
            sequencer: value["sequencer"]?.text,
            time: value["time"]?.text,
            traceparent: value["traceparent"]?.text
        )
    }

    /// The value of the attribute.
    public var json: String {
        let members = [("sequencer", sequencer), ("time", time), ("traceparent", traceparent)]
        return JSONWriter.object(members.compactMap { name, value in value.map { (name, JSONWriter.string($0)) } })
    }

    /// Whether there is nothing to state.
    package var isEmpty: Bool { self == ObjectEvent() }

    /// Whether this event happened before another one of the same key. False if one of them has no sequencer.
    ///
    /// The shorter sequencer counts as filled up with zeros at its end, as S3 documents it ("Event message structure").
    public func isOlder(than other: ObjectEvent) -> Bool {
        guard let own = sequencer?.uppercased(), let their = other.sequencer?.uppercased() else { return false }
        let length = max(own.utf8.count, their.utf8.count)
        func filled(_ text: String) -> String { text + String(repeating: "0", count: length - text.utf8.count) }
        return filled(own) < filled(their)
    }
}

/// The forms of the values. None has a character that a queue refuses or JSON escapes.
extension ObjectEvent {
    private static func isSequencer(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy("0123456789ABCDEFabcdef".utf8.contains)
    }

    private static func isTime(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy("0123456789-:.+TZ".utf8.contains)
    }

    /// Whether the text is `00-`, 32 digits, `-`, 16 digits, `-` and 2 digits, hexadecimal in lower case. Later versions may have
    /// more after that.
    private static func isTraceparent(_ text: String) -> Bool {
        text.split(separator: "-", omittingEmptySubsequences: false).prefix(4).map(\.utf8.count) == [2, 32, 16, 2]
            && text.utf8.allSatisfy("0123456789abcdef-".utf8.contains)
    }
}
