// Packs the rows of a reference table into uncompressed messages, row by row: the oracle for the fast packer.

import SluiceCSV

/// An expected message.
package struct ReferenceMessage: Sendable, Hashable {
    package var body: [UInt8]
    package var segment: Int
    /// The index of the message within its segment, counted from 0.
    package var index: Int
    package var rangeStart: UInt64
    package var rangeEnd: UInt64
    /// The number of the first row's record; the header and blank lines before it do not count.
    package var firstRecord: UInt64
    /// The number of the last row's record.
    package var lastRecord: UInt64
    /// The number of rows or, in a message of rejects, of these; the first and the last record are then theirs.
    package var rows: Int
    /// Whether the body holds lines about rejects. Such messages have an index of their own, and no part in the tiling.
    package var isRejects: Bool

    /// Creates a message, for example one that was really sent, for comparison.
    package init(
        body: [UInt8],
        segment: Int,
        index: Int,
        rangeStart: UInt64,
        rangeEnd: UInt64,
        firstRecord: UInt64,
        lastRecord: UInt64,
        rows: Int,
        isRejects: Bool = false
    ) {
        self.body = body
        self.segment = segment
        self.index = index
        self.rangeStart = rangeStart
        self.rangeEnd = rangeEnd
        self.firstRecord = firstRecord
        self.lastRecord = lastRecord
        self.rows = rows
        self.isRejects = isRejects
    }
}

/// Packs rows greedily: a row joins the open message if it fits.
///
/// The input is tiled at two levels. The spans, one for each segment in which a record starts, tile the input. The ranges
/// of a segment's messages tile its span: each range starts where the one before it ends, and a segment's last range
/// extends to the end of the span, over blank lines that no row follows.
///
/// Worked example: `a,b␊1,2␊3,4␊␊5,6␊`, with segments of 8 bytes and room for one row in a message. Records start at 0, 4,
/// 8, 12 and 13. Segment 0 has the span 0..<8 and one message, with record 2. Segment 1 has the span 8..<17 and two
/// messages: 8..<12 with record 3, and 12..<17 with record 5, whose range includes the blank line.
package enum ReferencePacker {
    /// The number of bytes of a message's limit that are reserved for attributes, whatever their size.
    package static let attributeReserve = 1024

    /// Returns the messages, the spans without rows, and the row that fits no message, at which packing stops.
    ///
    /// `room` is the largest allowed body. With `offloads`, a row that does not fit becomes a message of its own that
    /// exceeds the limit, and packing continues.
    ///
    /// With `rejectSource`, the source that their lines name, the rejects of each segment form messages after those of its rows.
    ///
    /// For a table that ends in an error, pass its ``ReferenceTable/end`` as the size of the input.
    package static func messages(
        table: ReferenceTable,
        inputSize: Int,
        segmentSize: Int,
        room: Int,
        ndjson: Bool,
        offloads: Bool = false,
        rejectSource: String? = nil
    ) -> (messages: [ReferenceMessage], emptySpans: [(UInt64, UInt64)], tooLarge: ReferenceRow?) {
        var messages: [ReferenceMessage] = []
        var emptySpans: [(UInt64, UInt64)] = []
        for span in spans(lineStarts: table.lineStarts, inputSize: inputSize, segmentSize: segmentSize) {
            let rows = table.rows.filter { span.start <= $0.start && $0.start < span.end }
            if rows.isEmpty { emptySpans.append((span.start, span.end)) }
            var rest = rows[...]
            var start = span.start
            var index = 0
            while let first = rest.first {
                let next = message(rest, from: start, of: span, index: index, room, ndjson, offloads)
                guard let next else { return (messages, emptySpans, first) }
                messages.append(next)
                rest = rest.dropFirst(next.rows)
                start = next.rangeEnd
                index += 1
            }
            if let rejectSource { messages += rejectMessages(table, of: span, room, ndjson, rejectSource) }
        }
        return (messages, emptySpans, nil)
    }

    /// Returns the message that begins with the first of `rows`, the remaining rows of its span, or nil if that row does
    /// not fit.
    private static func message(
        _ rows: ArraySlice<ReferenceRow>,
        from start: UInt64,
        of span: Span,
        index: Int,
        _ room: Int,
        _ ndjson: Bool,
        _ offloads: Bool
    ) -> ReferenceMessage? {
        var longest: ReferenceMessage?
        var texts: [[UInt8]] = []
        // As an array: `[`, then each row with the `,` or `]` after it. As NDJSON: each row with its line feed.
        var bodySize = ndjson ? 0 : 1
        for (count, row) in zip(1..., rows) {
            let message = ReferenceMessage(
                body: [],
                segment: span.segment,
                index: index,
                rangeStart: start,
                rangeEnd: count == rows.count ? span.end : row.end,
                firstRecord: longest?.firstRecord ?? row.number,
                lastRecord: row.number,
                rows: count
            )
            let text = ReferenceJSON.row(row)
            texts.append(text)
            bodySize += text.count + 1
            let fits = bodySize <= room
            // A row that fits no message forms a message alone.
            if fits || (offloads && count == 1) { longest = message }
            if !fits { break }
        }
        guard var message = longest else { return nil }
        message.body = body(texts.prefix(message.rows), ndjson: ndjson)
        return message
    }

    static func body(_ rows: some Sequence<[UInt8]>, ndjson: Bool) -> [UInt8] {
        if ndjson { return rows.flatMap { $0 + Array("\n".utf8) } }
        return Array("[".utf8) + rows.joined(separator: Array(",".utf8)) + Array("]".utf8)
    }
}

extension ReferencePacker {
    /// The part of the input that a segment's messages cover.
    package struct Span: Sendable, Hashable {
        package var segment: Int
        package var start: UInt64
        package var end: UInt64
    }

    /// Returns the spans: each runs from the first record start in a segment to the next such. The first starts at 0, and
    /// the last ends with the input.
    package static func spans(lineStarts: [UInt64], inputSize: Int, segmentSize: Int) -> [Span] {
        if inputSize == 0 { return [] }
        let first = Int(lineStarts.first ?? 0) / segmentSize
        var spans = [Span(segment: first, start: 0, end: UInt64(inputSize))]
        for start in lineStarts where Int(start) / segmentSize != spans[spans.count - 1].segment {
            spans[spans.count - 1].end = start
            spans.append(Span(segment: Int(start) / segmentSize, start: start, end: UInt64(inputSize)))
        }
        return spans
    }
}
