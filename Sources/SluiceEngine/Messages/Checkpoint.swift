import SluiceJSON

/// A position up to which an input was converted to messages, and what was sent before it. Another run can continue there.
///
///     {"source":"orders.csv?size=40000000&modified=2026-11-26T12:00:00.123456789Z","configuration":"sluice=2;…",
///      "offset":16777310,"record":204001,"line":204007,"messages":70,"rows":203999,"rejected":0,"empty":[],
///      "idSum":"0123456789abcdef0123456789abcdef"}
///
/// The sink has accepted all messages before `offset`. A run from there sends the others, with the ids that a run from the
/// start gives them, and a manifest that counts both. A checkpoint does not state where the messages were sent: its owner
/// must continue with the same destination.
public struct Checkpoint: Sendable, Hashable {
    package let identity: Identity
    package internal(set) var position: RecordPosition
    package internal(set) var tally: MessageTally

    package init(identity: Identity, position: RecordPosition, tally: MessageTally) {
        self.identity = identity
        self.position = position
        self.tally = tally
    }

    /// Creates the checkpoint at the start of an input.
    package init(start identity: Identity) { self.init(identity: identity, position: .start, tally: MessageTally()) }

    /// The whole source of the messages, even where the attribute `sluice.source` abbreviates it.
    public var source: String { identity.source.whole }
    /// Offset in bytes of the first record that is not converted.
    public var offset: UInt64 { position.offset }
    /// The number of messages with rows.
    public var messages: UInt64 { tally.messages }

    /// The checkpoint as a JSON object on one line.
    public var json: String { JSONWriter.object(members) }

    /// The members of that object.
    package var members: [(name: String, json: String)] {
        [("source", JSONWriter.string(source)), ("configuration", JSONWriter.string(identity.configuration))]
            + position.members + tally.members
    }

    /// Reads what ``json`` returns, and ignores other members. Returns nil if the text is something else.
    public init?(json: some Sequence<UInt8>) {
        guard let value = JSONValue(parsing: json) else { return nil }
        self.init(value)
    }

    package init?(_ value: JSONValue) {
        guard let source = value["source"]?.text, let configuration = value["configuration"]?.text,
            let position = RecordPosition(value), let tally = MessageTally(value)
        else { return nil }
        identity = Identity(source: SourceName(source), configuration: configuration)
        self.position = position
        self.tally = tally
    }

    /// Returns why a run with that identity can't continue here, or nil if it can.
    package func objection(to other: Identity) -> String? {
        if identity.source != other.source {
            return "the checkpoint is for \(source), not for \(other.source.whole)"
        }
        let settings = [identity, other].map { $0.configuration.split(separator: ";") }
        for (old, new) in zip(settings[0], settings[1]) where old != new {
            return "the checkpoint was made with \(old), not with \(new)"
        }
        return settings[0].count == settings[1].count ? nil : "the checkpoint is from another version of Sluice"
    }
}

extension MessageTally {
    /// The members of its JSON object.
    package var members: [(name: String, json: String)] {
        [
            ("messages", "\(messages)"), ("rows", "\(rows)"), ("rejected", "\(rejectedRows)"), emptyMember,
            ("idSum", "\"\(idSum.digits)\""),
        ] + rejects.members + repairs.members
    }

    /// The empty spans: `"empty":["0-400"]`.
    var emptyMember: (name: String, json: String) {
        ("empty", JSONWriter.array(emptySpans.map { JSONWriter.string($0.text) }))
    }

    /// Reads those members. Returns nil if one is missing or out of range.
    package init?(_ value: JSONValue) {
        guard let messages = value["messages"]?.boundedInteger, let rows = value["rows"]?.boundedInteger,
            let rejected = value["rejected"]?.boundedInteger, let empty = value["empty"]?.elements,
            let idSum = value["idSum"]?.text.flatMap(MessageID.init)
        else { return nil }
        var rejects = RejectTally()
        if let value = value["rejects"] {
            guard let known = RejectTally(value) else { return nil }
            rejects = known
        }
        guard rejected >= rejects.records else { return nil }
        let others = rejected - rejects.records
        var tally = MessageTally(messages: messages, rows: rows, rejectedBefore: others, idSum: idSum)
        tally.rejects = rejects
        if let repairs = value["repairs"] {
            guard let repairs = Repairs(repairs) else { return nil }
            tally.repairs = repairs
        }
        for span in empty {
            guard let range = span.text.flatMap(Range.init(text:)) else { return nil }
            tally.addEmptySpan(range)
        }
        self = tally
    }
}
