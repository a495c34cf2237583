import SluiceCSV
import SluiceJSON

/// The last message of an input: a JSON object that says what was sent, so that a consumer can prove that it has it all.
struct MessageReport {
    let identity: Identity
    let format: MessageFormat
    let tally: MessageTally
    /// The messages' ranges and the empty spans tile the input from 0 to here.
    let end: UInt64

    var manifest: Message { message(.manifest, error: nil) }

    func aborted(by error: CSVError) -> Message { message(.aborted, error: error) }

    private func message(_ content: Message.Content, error: CSVError?) -> Message {
        var message = Message(
            body: [],
            content: content,
            source: identity.source.attribute,
            range: 0..<end,
            records: nil,
            segment: segments,
            index: 0,
            id: identity.id(of: 0..<end, kind: content)
        )
        let room = format.limit - message.size
        let (repairs, counts) = (tally.repairs.members, tally.repairs.countMembers)
        let forms: [(spans: [Range<UInt64>]?, repairs: [(name: String, json: String)])] = [
            (tally.emptySpans, repairs), (nil, repairs), (nil, counts),
        ]
        for form in forms {
            message.body = body(error, empty: form.spans, form.repairs, identity.configuration)
            if message.body.count <= room { return message }
        }
        message.body = body(error, empty: nil, counts, nil)
        return message
    }

    private var segments: UInt64 {
        let size = UInt64(format.segmentSize)
        return end / size + (end % size > 0 ? 1 : 0)
    }

    /// `empty`: the spans without rows; nil if there are too many for a message, which then gives their number only.
    /// `repairs`: with their first places, or their counts only. An input that is at fault has none that count: how many of
    /// them stand before the fault depends on how the input was read.
    /// `configuration`: nil if it is too long for a message, as many column names are.
    private func body(
        _ error: CSVError?,
        empty: [Range<UInt64>]?,
        _ repairs: [(name: String, json: String)],
        _ configuration: String?
    ) -> [UInt8] {
        var members: [(name: String, json: String)] = []
        if let error { members.append(("error", JSONText.object(error.members))) }
        let spans = empty?.map { "\"\($0.lowerBound)-\($0.upperBound)\"" }.joined(separator: ",")
        members += [
            ("source", JSONText.string(identity.source.whole)), ("segments", "\(segments)"),
            ("messages", "\(tally.messages)"), ("rows", "\(tally.rows)"),
            ("rejected", "\(tally.rejectedRows)"), ("bytes", "\(end)"), ("range", "\"0-\(end)\""),
            spans.map { ("empty", "[\($0)]") } ?? ("emptySpans", "\(tally.emptySpans.count)"),
        ]
        if error == nil { members += repairs }
        if let configuration { members.append(("configuration", JSONText.string(configuration))) }
        return Array(JSONText.object(members).utf8)
    }
}
