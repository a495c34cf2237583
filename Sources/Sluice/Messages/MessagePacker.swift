import SluiceCSV
import SluiceJSON
import SluiceSystem

/// Packs rows into messages, segment by segment, greedily: a row goes into the open message if it fits.
///
/// A message's range ends where its last row's record ends, unless that row is its segment's last: then it runs on to
/// the end of the segment's span, over blank lines that no row follows. So a message stays open until a row comes that
/// does not fit it, or the segment ends:
///
///     a,b⏎1,2⏎3,4⏎⏎│5,6⏎     take 1,2: open · take 3,4: 1,2 is full, its range ends at 8 · end of the segment at 13: the
///                             range of 3,4 ends there, after the blank line
///
/// Whoever drives the packer gives it the window that holds the input, and says before bytes leave that.
struct MessagePacker<Body: MessageBody> {
    private let identity: Identity
    private let format: MessageFormat
    private let ids: MessageIDs
    private var body: Body
    /// The open message: its rows, the first and the last row's record, and its place.
    private var openRows = 0
    private var firstRecord: UInt64 = 0
    private var lastRecord: UInt64 = 0
    private var segment: UInt64 = 0
    private var index = 0
    /// The open message has a row that fits none, and takes no other.
    private var isSealed = false
    private var hash: RangeHash

    /// Messages that may be made before it is asked again whether there is memory.
    private var granted = 0

    /// Messages that are ready, in order. Whoever drives the packer takes them out.
    var ready: [Message] = []
    private var tally = MessageTally()
    private var spanStart: UInt64

    /// A packer at the start of a segment's span.
    init(identity: Identity, format: MessageFormat, spanStart: UInt64) {
        self.identity = identity
        self.format = format
        ids = MessageIDs(identity, format.content)
        body = Body(format)
        hash = RangeHash(start: spanStart)
        self.spanStart = spanStart
    }

    /// Where the range of the next message starts unless one is open; where the segment's span starts if it has none.
    var end: UInt64 { hash.end }

    /// Takes the rows of records that the window of `lines` holds, or held before it was given to ``leave(_:upTo:)``.
    mutating func take(
        _ rows: borrowing RowBuffer,
        _ lines: inout LineFinder,
        in window: Window
    ) throws(SluiceError) {
        guard let base = rows.bytes.baseAddress else { return }
        // Safe: the buffer is not written to during this call.
        try pack(RowBatch(base: base, start: 0, marks: rows.marks[...]), in: window) { lines.place(of: $0) }
    }

    /// What the window holds before that offset, where a record starts that was not taken, is about to leave the memory.
    mutating func leave(_ window: Window, upTo offset: UInt64) { hash.leave(window, upTo: offset) }

    /// Ends the segment, whose span ends at `spanEnd`: where the next one's starts, or what is sound of the input ends.
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

    /// What it has come across since this was last asked.
    mutating func takeTally() -> MessageTally {
        defer { tally = MessageTally() }
        return tally
    }

    /// Packs rows; `place` says where in the stored input a record is that starts at that offset, if its row is rejected.
    private mutating func pack(
        _ rows: RowBatch,
        in window: Window,
        _ place: (UInt64) -> (offset: UInt64, line: UInt64?)
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
                try packOversize(rows, first, place(first.inputStart))
                rows.drop(1)
            }
        }
    }

    /// Arrays end the process where there is no memory; so asks before they are made.
    private static func checkMemory(for size: Int) throws(SluiceError) {
        if !System.hasMemory(for: size) { throw .outOfMemory }
    }

    private mutating func open(with first: RowBuffer.Mark) throws(SluiceError) {
        if granted == 0 {
            // A MiB of messages that wait, and the copies that are made of one: as text, compressed, as base64, escaped, and while
            // one of these grows.
            granted = max(1, (1 << 20) / format.limit)
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

    /// Does with the first row, which fits no message, what the format says.
    private mutating func packOversize(
        _ rows: RowBatch,
        _ row: RowBuffer.Mark,
        _ place: (offset: UInt64, line: UInt64?)
    ) throws(SluiceError) {
        let error = CSVError(.rowTooLarge, offset: place.offset, line: place.line, record: row.number)
        switch format.oversize {
        case .error: throw .badData(error)
        case .reject: tally.rejected.append(error)
        case .offload:
            try Self.checkMemory(for: 8 * rows.size(of: 1))
            try body.addOversize(rows)
            note(row, 1)
            // The next row might fit into what compression leaves free, but would then have to be fetched too.
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
