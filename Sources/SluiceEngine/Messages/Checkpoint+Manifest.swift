import SluiceCSV
import SluiceJSON

/// The last message of an input: a JSON object that states what was sent, so that a consumer can prove that it has it all.
///
/// The checkpoint is the end of the input: the messages' ranges and the empty spans tile it from 0 to there.
extension Checkpoint {
    /// Returns the manifest of an input that ends here.
    func manifest(_ format: MessageFormat) -> Message { last(.manifest, format, error: nil) }

    /// Returns the aborted message of an input that is invalid after this position.
    func aborted(by error: CSVError, _ format: MessageFormat) -> Message { last(.aborted, format, error: error) }

    private func last(_ content: Message.Content, _ format: MessageFormat, error: CSVError?) -> Message {
        let segments = format.segments(of: offset)
        let id = MessageIDs(identity, content).id(segments: segments, end: offset, sum: tally.idSum, error: error)
        return Message(
            body: .plain(body(segments, error, limit: format.bodyLimit)),
            content: content,
            source: identity.source.attribute,
            range: 0..<offset,
            records: nil,
            segment: segments,
            index: 0,
            id: id.digits
        )
    }

    /// Returns the longest text that fits a message. If it is too long, it states only the number of empty spans, then only
    /// the counts of repairs, then leaves out the source. The rest fits even the smallest message, because a configuration
    /// has at most ``Identity/headerLimit`` bytes of names.
    private func body(_ segments: UInt64, _ error: CSVError?, limit: Int) -> [UInt8] {
        for (spans, repairs, source) in [(true, true, true), (false, true, true), (false, false, true)] {
            let text = body(segments, error, listsSpans: spans, listsRepairs: repairs, hasSource: source)
            if text.count <= limit { return text }
        }
        return body(segments, error, listsSpans: false, listsRepairs: false, hasSource: false)
    }

    /// Returns the text. With `listsRepairs`, repairs have their first places, not only their counts. An invalid input
    /// lists none: how many were found before the error depends on how the input was read.
    private func body(
        _ segments: UInt64,
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
            ("rejected", "\(tally.rejectedRows)"), ("bytes", "\(offset)"),
            ("range", JSONWriter.string((0..<offset).text)),
        ]
        if error == nil { members += listsRepairs ? tally.repairs.members : tally.repairs.countMembers }
        members += [
            listsSpans ? tally.emptyMember : ("emptySpans", "\(tally.emptySpans.count)"),
            ("idSum", "\"\(tally.idSum.digits)\""), ("configuration", JSONWriter.string(identity.configuration)),
        ]
        return Array(JSONWriter.object(members).utf8)
    }
}
