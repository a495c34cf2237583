import SluiceCSV

/// Packs the lines of records that were put aside into messages, segment by segment, greedily.
///
/// They stand beside the messages with rows, whose ranges tile the input: a message's range goes from its first reject to the end
/// of its last, and those of a segment are numbered from 0. They are ready when their segment ends.
///
///     1,2⏎3⏎4,5⏎6⏎7,8⏎     rejects `3` at 4-6 and `6` at 10-12: one message, range 4-12, records 2-4
struct RejectPacker {
    private let source: SourceName
    private let lines: RejectLines
    private let ids: MessageIDs
    private let limit: Int
    private let segmentSize: UInt64
    private let isArray: Bool
    private var body: [UInt8] = []
    private var records: ClosedRange<UInt64>?
    private var segment: UInt64 = 0
    private var index = 0
    private var hash = RangeHash(start: 0)
    /// The messages of the segment so far, in order.
    private var ready: [Message] = []

    init(_ identity: Identity, _ format: MessageFormat) {
        source = identity.source
        lines = RejectLines(source: source)
        ids = MessageIDs(identity, .rejects)
        limit = format.bodyLimit
        segmentSize = UInt64(format.segmentSize)
        isArray = format.text == .json
    }

    /// Adds a record, which the window holds.
    mutating func add(_ reject: Reject, in window: Window) {
        let line = lines.line(of: reject, most: limit - 2)
        if records != nil, body.count + line.count + 1 > limit { close(in: window) }
        let number = reject.error.record
        if let records {
            self.records = records.lowerBound...number
        } else {
            segment = reject.range.lowerBound / segmentSize
            records = number...number
            hash.skip(to: reject.range.lowerBound)
            body = isArray ? [UInt8(ascii: "[")] : []
        }
        hash.extend(to: reject.range.upperBound)
        body += line
        body.append(UInt8(ascii: isArray ? "," : "\n"))
    }

    /// The bytes of the window before `offset` are about to leave memory.
    mutating func leave(_ window: Window, upTo offset: UInt64) {
        if records != nil { hash.leave(window, upTo: offset) }
    }

    /// Ends the segment. Returns its messages.
    mutating func endSegment(in window: Window) -> [Message] {
        if records != nil { close(in: window) }
        defer { (ready, index) = ([], 0) }
        return ready
    }

    private mutating func close(in window: Window) {
        if isArray { body[body.count - 1] = UInt8(ascii: "]") }
        let range = hash.start..<hash.end
        let id = ids.id(segment: segment, index: index, range: range, hash.close(at: range.upperBound, in: window))
        ready.append(
            Message(
                body: .plain(body),
                content: .rejects,
                source: source.attribute,
                range: range,
                records: records,
                segment: segment,
                index: index,
                id: id.digits
            )
        )
        index += 1
        records = nil
    }
}
