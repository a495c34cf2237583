import SluiceCSV
import SluiceJSON

/// The last message of an input: a JSON object that states what was sent, so that a consumer can prove that it has it all.
///
/// The checkpoint is the end of the input: the messages' ranges and the empty spans tile it from 0 to there.
extension Checkpoint {
    /// Returns the manifest of an input that ends here.
    func manifest(_ format: MessageFormat, _ schema: TableSchema?) -> Message {
        last(.manifest, format, schema, error: nil)
    }

    /// Returns the aborted message of an input that is invalid after this position.
    func aborted(by error: CSVError, _ format: MessageFormat, _ schema: TableSchema?) -> Message {
        last(.aborted, format, schema, error: error)
    }

    private func last(
        _ content: Message.Content,
        _ format: MessageFormat,
        _ schema: TableSchema?,
        error: CSVError?
    ) -> Message {
        let segments = format.segments(of: offset)
        let id = MessageIDs(identity, content).id(segments: segments, end: offset, sum: tally.idSum, error: error)
        return Message(
            body: .plain(body(segments, error, schema, limit: format.bodyLimit)),
            content: content,
            source: identity.source.attribute,
            range: 0..<offset,
            records: nil,
            segment: segments,
            index: 0,
            id: id.digits
        )
    }

    /// Returns the longest text that fits a message. If it is too long, it leaves out the schema, then states only the number of
    /// empty spans, then only the counts of repairs, then leaves out the source. The rest fits even the smallest message,
    /// because a configuration has at most ``Identity/headerLimit`` bytes of names.
    private func body(_ segments: UInt64, _ error: CSVError?, _ schema: TableSchema?, limit: Int) -> [UInt8] {
        // What takes no part in the text whatever its length: constraints that are not checked are always listed.
        let unchecked = schema.map { $0.unchecked.isEmpty ? [] : [("unchecked", $0.uncheckedJSON)] } ?? []
        func text(_ members: [(name: String, json: String)], _ spans: Bool, _ repairs: Bool, _ source: Bool) -> [UInt8]
        {
            let others = body(segments, error, listsSpans: spans, listsRepairs: repairs, hasSource: source)
            return Array(JSONWriter.object(others + unchecked + members).utf8)
        }
        if let schema, schema.text.utf8.count <= limit {
            let whole = text([("schema", schema.text)], true, true, true)
            if whole.count <= limit { return whole }
        }
        for (spans, repairs, source) in [(true, true, true), (false, true, true), (false, false, true)] {
            let shorter = text([], spans, repairs, source)
            if shorter.count <= limit { return shorter }
        }
        return text([], false, false, false)
    }

    /// Returns the members, but for those of a schema. With `listsRepairs`, repairs have their first places, not only their counts. An invalid input
    /// lists none: how many were found before the error depends on how the input was read.
    private func body(
        _ segments: UInt64,
        _ error: CSVError?,
        listsSpans: Bool,
        listsRepairs: Bool,
        hasSource: Bool
    ) -> [(name: String, json: String)] {
        var members: [(name: String, json: String)] = []
        if let error { members.append(("error", JSONWriter.object(error.members))) }
        if hasSource { members.append(("source", JSONWriter.string(identity.source.whole))) }
        members += [
            ("segments", "\(segments)"), ("messages", "\(tally.messages)"), ("rows", "\(tally.rows)"),
            ("rejected", "\(tally.rejectedRows)"), ("bytes", "\(offset)"),
            ("range", JSONWriter.string((0..<offset).text)),
        ]
        members += tally.rejects.members
        if error == nil { members += listsRepairs ? tally.repairs.members : tally.repairs.countMembers }
        members += [
            listsSpans ? tally.emptyMember : ("emptySpans", "\(tally.emptySpans.count)"),
            ("idSum", "\"\(tally.idSum.digits)\""), ("configuration", JSONWriter.string(identity.configuration)),
        ]
        return members
    }
}
