import SluiceCSV
import SluiceJSON
import SluicePlatform

/// Packs rows into messages, segment by segment, greedily: a row goes into the open message if it fits.
///
/// A message's range ends where its last row's record ends. If that row is the last of its segment, the range extends to
/// the end of the segment's span, over blank lines that no row follows. So a message stays open until the next row does not
/// fit or the segment ends:
///
///     a,b⏎1,2⏎3,4⏎⏎│5,6⏎     take 1,2               opens a message
///                             take 3,4               does not fit: the range 0-8 closes, another message opens
///                             end of segment at 13   the range 8-13 closes, with the blank line
///
/// The caller passes the window that holds the input, and must call ``leave(_:upTo:)`` before bytes leave it.
struct MessagePacker<Body: MessageBody> {
    private let identity: Identity
    private let format: MessageFormat
    private let ids: MessageIDs
    private var body: Body
    /// Of the open message: the number of its rows, the first and the last row's record, and its place.
    private var openRows = 0
    private var firstRecord: UInt64 = 0
    private var lastRecord: UInt64 = 0
    private var segment: UInt64 = 0
    private var index = 0
    /// Whether the open message has a row that exceeds the limit, and so accepts no other.
    private var isSealed = false
    private var hash: RangeHash

    /// The number of messages that may be made before memory is checked again.
    private var granted = 0

    /// Messages that are ready, in order. The caller sends and removes them.
    private(set) var ready: [Message] = []
    private var tally = MessageTally()
    private var spanStart: UInt64

    /// Creates a packer at the start of a segment's span.
    init(identity: Identity, format: MessageFormat, isEscaped: Bool, spanStart: UInt64) {
        self.identity = identity
        self.format = format
        ids = MessageIDs(identity, format.content)
        body = Body(format, isEscaped: isEscaped)
        hash = RangeHash(start: spanStart)
        self.spanStart = spanStart
    }

    /// Where the last row of the open message ends. If none is open, where the next message's range starts.
    var end: UInt64 { hash.end }

    /// Packs the rows of records that the window of `lines` holds, or held before ``leave(_:upTo:)``.
    mutating func take(
        _ rows: borrowing RowBuffer,
        _ lines: inout LineFinder,
        in window: Window
    ) throws(SluiceError) {
        guard let base = rows.bytes.baseAddress else { return }
        // Safe: the buffer is not written to during this call.
        try pack(RowBatch(base: base, start: 0, marks: rows.marks[...]), in: window) { reject in
            var reject = reject
            reject.place(&lines)
            return reject
        }
    }

    /// The bytes of the window before `offset` are about to leave memory. A record starts there that was not taken yet.
    mutating func leave(_ window: Window, upTo offset: UInt64) { hash.leave(window, upTo: offset) }

    /// Ends the segment. Its span ends at `spanEnd`: where the next one's starts, or where the valid input ends.
    mutating func endSegment(spanEnd: UInt64, in window: Window) throws(SluiceError) {
        guard spanEnd > spanStart else { return }
        try close(at: spanEnd, in: window)
        if end < spanEnd {
            tally.addEmptySpan(end..<spanEnd)
            hash.skip(to: spanEnd)
        }
        spanStart = spanEnd
        index = 0
    }

    /// Removes the messages that are ready, once they were sent.
    mutating func removeReady() {
        while let message = ready.popLast() { body.reuse(message.encodedBody) }
    }

    /// Returns what was counted since the last call.
    mutating func takeTally() -> MessageTally {
        defer { tally = MessageTally() }
        return tally
    }

    /// Packs rows. For a row that fits no message, `placed` returns the reject with its place in the stored input.
    private mutating func pack(
        _ rows: RowBatch,
        in window: Window,
        _ placed: (Reject) -> Reject
    ) throws(SluiceError) {
        var rows = rows
        while let first = rows.marks.first {
            if isSealed { try close(at: end, in: window) }
            if openRows == 0 { try open(with: first) }
            let count = try body.add(rows)
            if count > 0 {
                note(rows.marks[rows.marks.startIndex + count - 1], count)
                rows.drop(count)
            } else if openRows > 0 {
                try close(at: end, in: window)
            } else {
                try packOversize(rows, first, placed(Reject(oversize: first, in: window)))
                rows.drop(1)
            }
        }
    }

    /// Throws if there is too little memory. Must be called before arrays are allocated, because Swift ends the process if
    /// an allocation fails.
    private static func checkMemory(for size: Int) throws(SluiceError) {
        if !System.hasMemory(for: size) { throw .outOfMemory }
    }

    private mutating func open(with first: RowBuffer.Mark) throws(SluiceError) {
        if granted == 0 {
            // Memory for 4 MiB of waiting messages, and for the copies of one message: as text, compressed, as base64,
            // escaped, and twice while one of these grows.
            granted = max(1, (1 << 22) / format.limit)
            try Self.checkMemory(for: (granted + 8) * format.limit)
        }
        granted -= 1
        firstRecord = first.number
        segment = first.inputStart / UInt64(format.segmentSize)
    }

    private mutating func note(_ last: RowBuffer.Mark, _ count: Int) {
        openRows += count
        hash.extend(to: last.inputEnd)
        lastRecord = last.number
    }

    /// Handles the first row, which fits no message, as the format says.
    private mutating func packOversize(
        _ rows: RowBatch,
        _ row: RowBuffer.Mark,
        _ reject: Reject
    ) throws(SluiceError) {
        switch format.oversize {
        case .error: throw .badData(reject.error)
        case .reject: tally.note(oversize: reject)
        case .offload:
            try Self.checkMemory(for: 8 * rows.size(of: 1))
            try body.addOversize(rows)
            note(row, 1)
            // Compression may leave room for another row, but that row would then go to S3 as well.
            isSealed = true
        }
    }

    private mutating func close(at rangeEnd: UInt64, in window: Window) throws(SluiceError) {
        guard openRows > 0 else { return }
        let start = hash.start
        let id = ids.id(segment: segment, index: index, range: start..<rangeEnd, hash.close(at: rangeEnd, in: window))
        ready.append(
            Message(
                body: try body.finish(),
                content: format.content,
                source: identity.source.attribute,
                range: start..<rangeEnd,
                records: firstRecord...lastRecord,
                segment: segment,
                index: index,
                id: id.digits
            )
        )
        tally.add(id, rows: openRows)
        index += 1
        openRows = 0
        isSealed = false
    }
}
