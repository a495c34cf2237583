import SluiceCSV
import SluiceJSON

/// The last message of an input: a JSON object that states what was sent, so that a consumer can prove that it has it all.
struct Manifest {
    let identity: Identity
    let format: MessageFormat
    let tally: MessageTally
    /// Where the input ends: the messages' ranges and the empty spans tile it from 0 to here.
    let end: UInt64

    var manifest: Message { message(.manifest, error: nil) }

    func aborted(by error: CSVError) -> Message { message(.aborted, error: error) }

    private func message(_ content: Message.Content, error: CSVError?) -> Message {
        let id = MessageIDs(identity, content).id(segments: segments, end: end, sum: tally.idSum, error: error)
        return Message(
            body: body(error),
            content: content,
            source: identity.source.attribute,
            range: 0..<end,
            records: nil,
            segment: segments,
            index: 0,
            id: id.digits
        )
    }

    private var segments: UInt64 { format.segments(of: end) }

    /// Returns the longest text that fits a message. If it is too long, it states only the number of empty spans, then only
    /// the counts of repairs, then leaves out the source. The rest fits even the smallest message, because a configuration
    /// has at most ``Identity/headerLimit`` bytes of names.
    private func body(_ error: CSVError?) -> [UInt8] {
        for (spans, repairs, source) in [(true, true, true), (false, true, true), (false, false, true)] {
            let text = body(error, listsSpans: spans, listsRepairs: repairs, hasSource: source)
            if text.count <= format.bodyLimit { return text }
        }
        return body(error, listsSpans: false, listsRepairs: false, hasSource: false)
    }

    /// Returns the text. With `listsRepairs`, repairs have their first places, not only their counts. An invalid input
    /// lists none: how many were found before the error depends on how the input was read.
    private func body(
        _ error: CSVError?,
        listsSpans: Bool,
        listsRepairs: Bool,
        hasSource: Bool
    ) -> [UInt8] {
        var members: [(name: String, json: String)] = []
        if let error { members.append(("error", JSONWriter.object(error.members))) }
        if hasSource { members.append(("source", JSONWriter.string(identity.source.whole))) }
        members += [
            ("segments", "\(segments)"), ("messages", "\(tally.messages)"), ("rows", "\(tally.rows)"),
            ("rejected", "\(tally.rejectedRows)"), ("bytes", "\(end)"), ("range", JSONWriter.string((0..<end).text)),
        ]
        if error == nil { members += listsRepairs ? tally.repairs.members : tally.repairs.countMembers }
        members += [
            listsSpans ? tally.emptyMember : ("emptySpans", "\(tally.emptySpans.count)"),
            ("idSum", "\"\(tally.idSum.digits)\""), ("configuration", JSONWriter.string(identity.configuration)),
        ]
        return Array(JSONWriter.object(members).utf8)
    }
}
