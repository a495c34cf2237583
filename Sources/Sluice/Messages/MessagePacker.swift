import SluiceCSV
import SluiceJSON

/// Packs rows into messages, segment by segment, greedily: a row goes into the open message if it fits.
///
/// A message's range ends where its last row's record ends, unless that row is its segment's last: then it runs on to
/// the end of the segment's span, over blank lines that no row follows. So that this is known of a row before it is
/// packed, each row is held until the next one comes or the segment ends:
///
///     a,b⏎1,2⏎3,4⏎⏎│5,6⏎     take 1,2: held · take 3,4: 1,2 packed, 3,4 held · end of the segment at 13: 3,4 packed,
///                             its message's range ends at 13, behind the blank line
struct MessagePacker<Body: MessageBody> {
    private let identity: Identity
    private let format: MessageFormat
    private var body: Body
    private var envelope: Envelope
    /// Rows in the open message.
    private var openRows = 0
    private var lastRecord: UInt64 = 0
    /// The row that was taken last.
    private var held: [UInt8] = []
    private var heldMark: RowBuffer.Mark?
    /// The line of that row, if it may be too large for a message: later it can't be counted any more.
    private var heldLine: UInt64?

    /// Where the range of the next message starts unless one is open; where the segment's span starts if it has none.
    private(set) var end: UInt64
    /// Messages that are ready, in order. Whoever drives the packer takes them out.
    var ready: [Message] = []
    private var tally = MessageTally()

    /// A packer at the start of a segment's span.
    init(identity: Identity, format: MessageFormat, spanStart: UInt64) {
        self.identity = identity
        self.format = format
        body = Body(format)
        envelope = Envelope(identity: identity, format: format)
        end = spanStart
        self.spanStart = spanStart
    }

    private var spanStart: UInt64

    /// Takes all rows of the buffer, which are from the window of `lines`.
    mutating func take(_ rows: borrowing RowBuffer, _ lines: inout LineFinder) throws(SluiceError) {
        guard let last = rows.marks.last else { return }
        try packHeld()
        let count = rows.marks.count
        guard let base = rows.bytes.baseAddress else { return }
        // Safe: the buffer is not written to during this call.
        let lastStart = count > 1 ? rows.marks[count - 2].outputEnd : 0
        try pack(RowBatch(base: base, start: 0, marks: rows.marks.dropLast())) { lines.line(of: $0) }
        held.removeAll(keepingCapacity: true)
        try Self.checkMemory(for: last.outputEnd - lastStart)
        held.append(contentsOf: rows.bytes[lastStart..<last.outputEnd])
        heldMark = last
        heldMark?.outputEnd = held.count
        heldLine = mayBeTooLarge(held.count) ? lines.line(of: last.inputStart) : nil
    }

    /// Ends the segment, whose span ends at `spanEnd`: where the next one's starts, or what is sound of the input ends.
    mutating func endSegment(spanEnd: UInt64) throws(SluiceError) {
        guard spanEnd > spanStart else { return }
        heldMark?.inputEnd = spanEnd
        try packHeld()
        try close(at: spanEnd)
        if end < spanEnd { tally.addEmptySpan(end..<spanEnd) }
        end = spanEnd
        spanStart = spanEnd
        envelope.index = 0
    }

    /// What it has come across since this was last asked.
    mutating func takeTally() -> MessageTally {
        defer { tally = MessageTally() }
        return tally
    }

    private mutating func packHeld() throws(SluiceError) {
        guard let mark = heldMark else { return }
        heldMark = nil
        let text = held
        try text.withUnsafeBufferPointer { (text) throws(SluiceError) in
            guard let base = text.baseAddress else { return }
            let line = heldLine
            try pack(RowBatch(base: base, start: 0, marks: [mark])) { _ in line }
        }
    }

    /// Whether a row of so many bytes may fit no message: attributes and base64 take less than half of one, and 2 KiB.
    private func mayBeTooLarge(_ size: Int) -> Bool { size + 2048 > format.limit / 2 }

    /// Packs rows; `line` gives that of a place, if one is rejected.
    private mutating func pack(_ rows: RowBatch, _ line: (UInt64) -> UInt64?) throws(SluiceError) {
        var rows = rows
        while let first = rows.marks.first {
            if openRows == 0 { open(with: first) }
            let count = try body.add(rows, in: envelope)
            if count > 0 {
                note(rows.marks[rows.marks.startIndex + count - 1], count)
                rows.drop(count)
            } else if openRows > 0 {
                try close(at: end)
            } else {
                try packOversize(rows, first, line: line(first.inputStart))
                rows.drop(1)
            }
        }
    }

    /// Arrays end the process where there is no memory. Rows are small but for those of a long record; for such, asks first.
    private static func checkMemory(for size: Int) throws(SluiceError) {
        if size > 1 << 20, !CheckedMemory.isAvailable(2 * size) { throw .outOfMemory }
    }

    private mutating func open(with first: RowBuffer.Mark) {
        envelope.start = end
        envelope.firstRecord = first.number
        envelope.segment = first.inputStart / UInt64(format.segmentSize)
    }

    private mutating func note(_ last: RowBuffer.Mark, _ count: Int) {
        openRows += count
        end = last.inputEnd
        lastRecord = last.number
    }

    /// Does with the first row, which fits no message, what the format says.
    private mutating func packOversize(
        _ rows: RowBatch,
        _ row: RowBuffer.Mark,
        line: UInt64?
    ) throws(SluiceError) {
        let error = CSVError(.rowTooLarge, offset: row.inputStart, line: line, record: row.number)
        switch format.oversize {
        case .error: throw .badData(error)
        case .reject: tally.rejected.append(error)
        case .offload:
            // Up to four times: as text, compressed, as base64, and while one of these grows.
            try Self.checkMemory(for: 4 * rows.size(of: 1))
            try body.addOversize(rows)
            note(row, 1)
            // The next row might fit into what compression leaves free, but would then have to be fetched too.
            try close(at: end)
        }
    }

    private mutating func close(at rangeEnd: UInt64) throws(SluiceError) {
        guard openRows > 0 else { return }
        end = rangeEnd
        let range = envelope.start..<rangeEnd
        ready.append(
            Message(
                body: try body.finish(),
                content: format.content,
                source: identity.source.attribute,
                range: range,
                records: envelope.firstRecord...lastRecord,
                segment: envelope.segment,
                index: envelope.index,
                id: identity.id(of: range)
            )
        )
        tally.messages += 1
        tally.rows += UInt64(openRows)
        envelope.index += 1
        openRows = 0
    }
}
